"""A structured report is read whole, in its own words, or refused with the reason."""

import re
import subprocess
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from sr_documents import (
    DIAMETER,
    FINDING,
    FINDINGS,
    IMPRESSION,
    MM,
    as_bytes,
    code,
    coded,
    container,
    document,
    item,
    measured,
    pointing_at,
    read,
    read_of,
    text,
)

OF_PYDICOM = Path(pydicom.__file__).parent / "data" / "test_files"


def sections(source):
    return [(s["role"], s["matched_by"], s["title"], s["paragraphs"]) for s in source["sections"]]


def everything_in(node):
    """All strings of a tree, its codes and units included."""
    found, waiting = [], [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
        else:
            found.append(str(here))
    return found


def plain(said):
    """Without what differs in writing alone: white space, escapes of line ends, separators in dates."""
    return re.sub(r"\\[nr]|\s|(?<=\d)[-:T](?=\d)", "", said)


def dumped(path):
    """What dcmtk's dsrdump finds in the content: names, values, codes, units, pointers."""
    command = ["dsrdump", "-q", "-Ph", "+U8", "+Pl", "+Pc", "+Pu", "-Er", "-Ee", "-Ev", str(path)]
    lines = subprocess.run(command, capture_output=True, check=True).stdout.decode().splitlines()
    assert len(lines) > 3
    found = []
    for line in lines:
        found += re.findall(r'="(.*)"(?= \(|>)', line)
        found += [part for triple in re.findall(r'\(([^,()"]*),([^,()"]*),"([^"]*)"\)', line) for part in triple]
        found += re.findall(r',"([0-9.]+)"', line)
        found += re.findall(r"from ([0-9.]+)>", line)
    return [plain(said) for said in found if plain(said)]


def everything():
    """A document with every value type that an item can have."""
    qualifier = [code("114000", "DCM", "Not a number")]
    return document(
        item("PNAME", ("121008", "DCM", "Person Observer Name"), relationship="HAS OBS CONTEXT", PersonName="Roe^Ann"),
        container(
            FINDINGS,
            text(FINDING, "Größe unverändert, 影像 <b>ok</b>"),
            coded(
                ("121071", "DCM", "Finding"),
                ("4147007", "SCT", "Mass"),
                coded(("272741003", "SCT", "Laterality"), ("7771000", "SCT", "Left"), relationship="HAS CONCEPT MOD"),
            ),
            measured(DIAMETER, "12.50", MM),
            item(
                "NUM",
                ("1", "99X", "Ratio"),
                MeasuredValueSequence=Sequence([]),
                NumericValueQualifierCodeSequence=Sequence(qualifier),
            ),
            item("DATE", ("2", "99X", "On"), Date="20240131"),
            item("TIME", ("3", "99X", "At"), Time="235958"),
            item("DATETIME", ("4", "99X", "Since"), DateTime="20240131235958"),
            item("UIDREF", ("5", "99X", "Tracking"), UID="1.2.3.99"),
            pointing_at("IMAGE", ("6", "99X", "Picture"), "1.2.3.7", frames=[2, 5]),
            pointing_at("COMPOSITE", ("7", "99X", "Document"), "1.2.3.8"),
        ),
    )


@pytest.mark.parametrize("name", ["reportsi.dcm", "reportsi_with_empty_number_tags.dcm", "test-SR.dcm"])
def test_nothing_that_dcmtk_finds_is_missing_from_the_tree(name):
    tree = read((OF_PYDICOM / name).read_bytes())["tree"]
    here = {plain(said) for said in everything_in(tree)}
    assert [said for said in dumped(OF_PYDICOM / name) if said not in here] == []


def test_nothing_that_dcmtk_finds_is_missing_from_a_document_with_every_value_type(tmp_path):
    path = tmp_path / "every.dcm"
    path.write_bytes(as_bytes(everything()))
    here = {plain(said) for said in everything_in(read(path.read_bytes())["tree"])}
    found = dumped(path)
    assert {"12.50", "mm", "millimeter", "Mass", "4147007", "Left", "Roe^Ann", "20240131"} <= set(found)
    assert [said for said in found if said not in here] == []


def test_paragraphs_are_the_documents_own_words():
    source = read(as_bytes(everything()))
    assert source["author"] == "Roe^Ann"
    assert sections(source) == [
        (
            "findings",
            "concept",
            "Findings",
            [
                "Größe unverändert, 影像 <b>ok</b>",
                "Finding: Mass (Laterality: Left)",
                "Diameter: 12.50 millimeter",
                "Ratio: Not a number",
                "On: 2024-01-31",
                "At: 23:59:58",
                "Since: 2024-01-31T23:59:58",
            ],
        )
    ]


def test_a_measurement_says_its_value_unit_and_what_it_is_of():
    group = container(
        ("125007", "DCM", "Measurement Group"),
        text(("112039", "DCM", "Tracking Identifier"), "Nodule 1", relationship="HAS OBS CONTEXT"),
        coded(("363698007", "SCT", "Finding Site"), ("39607008", "SCT", "Lung"), relationship="HAS CONCEPT MOD"),
        measured(DIAMETER, "8", MM),
    )
    found = read_of(container(("126010", "DCM", "Imaging Measurements"), group))["measurements"]
    assert found == [
        {
            "name": "Diameter",
            "value": "8",
            "unit": "millimeter",
            "unit_code": "mm",
            "qualifier": "",
            "finding": "Nodule 1, Lung",
        }
    ]


def test_a_reference_names_the_frame_and_finds_its_series_in_the_evidence():
    series, study, evidence = Dataset(), Dataset(), Dataset()
    evidence.ReferencedSOPClassUID, evidence.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.7"
    series.SeriesInstanceUID, series.ReferencedSOPSequence = "1.2.3.70", Sequence([evidence])
    study.StudyInstanceUID, study.ReferencedSeriesSequence = "1.2.3", Sequence([series])
    source = read_of(
        text(FINDING, "Mass", pointing_at("IMAGE", None, "1.2.3.7", frames=[3], relationship="INFERRED FROM")),
        CurrentRequestedProcedureEvidenceSequence=Sequence([study]),
    )
    assert source["references"] == [
        {
            "sop_instance_uid": "1.2.3.7",
            "series_instance_uid": "1.2.3.70",
            "n": None,
            "frame_number": 3,
            "text": "Mass",
        }
    ]


@pytest.mark.parametrize(("value", "scheme"), [("121072", "DCM"), ("19005-8", "LN"), ("19005-8", "LOINC")])
def test_the_concept_decides_before_the_heading(value, scheme):
    source = read_of(container((value, scheme, "Befund"), text(None, "No change.")))
    assert sections(source) == [("impression", "concept", "Befund", ["No change."])]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("IMPRESSION:", "impression"),
        ("Impression and recommendation", "impression"),
        ("Beurteilung", "impression"),
        ("Conclusión", "impression"),
        ("Befund", "findings"),
        ("Previous findings", "comparison"),
        ("Clinical diagnosis", "indication"),
        ("Fragestellung", "indication"),
        ("Empfehlung", "recommendation"),
        ("Technique", "other"),
        ("Diagnostic quality", "other"),
    ],
)
def test_without_a_known_concept_the_words_of_the_heading_decide(heading, role):
    (section,) = read_of(container(("x1", "99LOCAL", heading), text(None, "Said.")))["sections"]
    assert (section["role"], section["matched_by"]) == (role, "none" if role == "other" else "heading")


def test_a_documents_title_makes_nothing_an_impression():
    source = read_of(container(("1", "99X", "Technique"), text(None, "5 mm slices")), title=("1", "99X", "Conclusion"))
    assert [s["role"] for s in source["sections"]] == ["other"]


def test_an_impression_amid_findings_stands_apart_and_a_finding_amid_conclusions_does_not():
    source = read_of(
        container(FINDINGS, text(FINDING, "Clear."), text(IMPRESSION, "Normal."), text(FINDING, "No fluid.")),
        container(("121076", "DCM", "Conclusions"), text(FINDING, "Chest is normal.")),
    )
    assert [(s["role"], s["paragraphs"]) for s in source["sections"]] == [
        ("findings", ["Clear."]),
        ("impression", ["Normal."]),
        ("findings", ["No fluid."]),
        ("impression", ["Chest is normal."]),
    ]


def test_a_subsection_stands_in_its_place_and_inherits_the_role():
    inner = container(("1", "99X", "Chest"), text(None, "Clear."))
    source = read_of(container(FINDINGS, text(FINDING, "Before."), inner, text(FINDING, "After.")))
    assert [(s["role"], s["title"], s["paragraphs"]) for s in source["sections"]] == [
        ("findings", "Findings", ["Before."]),
        ("findings", "Chest", ["Clear."]),
        ("findings", "Findings", ["After."]),
    ]


def test_continuous_text_is_one_sentence_but_continuous_numbers_keep_their_names():
    prose = container(FINDINGS, text(FINDING, "A mass of"), measured(DIAMETER, "3", MM), text(FINDING, "was seen"))
    numbers = container(("1", "99X", "Group"), measured(DIAMETER, "3", MM), measured(DIAMETER, "4", MM))
    for made in (prose, numbers):
        made.ContinuityOfContent = "CONTINUOUS"
    said = [s["paragraphs"] for s in read_of(prose, numbers)["sections"]]
    assert said == [["A mass of 3 millimeter was seen"], ["Diameter: 3 millimeter", "Diameter: 4 millimeter"]]


def test_who_verified_and_when_and_what_it_replaces():
    source = read((OF_PYDICOM / "test-SR.dcm").read_bytes())
    assert source["title"] == "Diagnosis"
    assert source["observed_at"] == "2001-02-13T18:47:46"
    assert source["status"] == {
        "completion": "COMPLETE",
        "verification": "VERIFIED",
        "preliminary": False,
        "verified_by": ["Riesmeier^Jörg", "Observer^Verifying"],
        "verified_at": "2001-02-13T18:47:46",
    }
    assert len(source["replaces"]) == 1


def test_an_item_by_reference_names_its_target_and_a_cycle_ends():
    back = Dataset()
    back.RelationshipType, back.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 1]
    away = Dataset()
    away.RelationshipType, away.ReferencedContentItemIdentifier = "INFERRED FROM", [1, 9, 9]
    source = read_of(text(FINDING, "Mass", back, away))
    cycle, dangling = source["tree"]["children"][0]["children"]
    assert (cycle["type"], cycle["refers_to"], cycle["name"], cycle["value"]) == (
        "by-reference",
        "1.1",
        "Finding",
        "Mass",
    )
    assert (dangling["refers_to"], dangling["value"]) == ("1.9.9", "")
