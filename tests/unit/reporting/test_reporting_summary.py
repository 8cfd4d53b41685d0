"""What the reports of a study say together: newest on top, the impression that stands, nothing invented."""

import os

import pytest
from sr_documents import as_bytes, container, document, text

from gateway.dicom.attributes import element
from gateway.dicom.model import Instance
from gateway.errors import Unreadable
from gateway.reporting.structured import read_report
from gateway.reporting.summary import ReportReader, is_report, summarise


def a_source(uid, at, *impressions, verification="UNVERIFIED", completion="COMPLETE", replaces=()):
    sections = [{"role": "findings", "matched_by": "concept", "title": "Findings", "paragraphs": ["Clear."]}]
    if impressions:
        sections.append(
            {"role": "impression", "matched_by": "concept", "title": "Impression", "paragraphs": list(impressions)}
        )
    return {
        "sop_instance_uid": uid,
        "observed_at": at,
        "status": {"verification": verification, "completion": completion},
        "sections": sections,
        "replaces": list(replaces),
    }


def order(report):
    return [source["sop_instance_uid"] for source in report["sources"]]


def test_the_impression_is_the_section_word_for_word_and_none_is_made_up():
    report = summarise("1", [a_source("a", "2024-01-01T10:00:00", "No fracture.", "Old scar.")])
    assert report["study_instance_uid"] == "1"
    assert (report["impression"], report["impression_from"]) == ("No fracture.\nOld scar.", "a")
    assert summarise("1", [a_source("a", "2024-01-01T10:00:00")])["impression"] is None
    assert summarise("1", [])["impression"] is None


def test_the_newest_comes_first_and_speaks():
    report = summarise("1", [a_source("a", "2024-01-01", "Old."), a_source("b", "2024-02-01", "New.")])
    assert order(report) == ["b", "a"]
    assert report["impression"] == "New."


def test_verified_speaks_before_complete_and_complete_before_partial():
    verified = a_source("v", "2024-01-01", "Verified.", verification="VERIFIED")
    complete = a_source("c", "2024-02-01", "Complete.")
    partial = a_source("p", "2024-03-01", "Partial.", completion="PARTIAL")
    assert summarise("1", [partial, verified, complete])["impression"] == "Verified."
    assert summarise("1", [partial, complete])["impression"] == "Complete."
    assert summarise("1", [partial])["impression"] == "Partial."
    assert order(summarise("1", [verified, partial, complete])) == ["p", "c", "v"]


def test_what_an_amendment_replaces_comes_last_and_does_not_speak_even_if_verified():
    old = a_source("old", "2024-05-01", "Wrong side.", verification="VERIFIED")
    new = a_source("new", "2024-04-01", "Right side.", replaces=["old"])
    report = summarise("1", [old, new])
    assert order(report) == ["new", "old"]
    assert report["impression"] == "Right side."
    assert [source["replaced_by"] for source in report["sources"]] == [None, "new"]


def test_two_that_replace_each_other_both_stand():
    a, b = a_source("a", "2024-01-01", "A.", replaces=["b"]), a_source("b", "2024-01-02", "B.", replaces=["a"])
    assert summarise("1", [a, b])["impression"] == "B."


def test_an_unreadable_document_is_named_and_hides_nothing():
    report = summarise("1", [{"sop_instance_uid": "x", "unreadable": "Too deep."}, a_source("a", "2024-01-01", "Ok.")])
    assert order(report) == ["a", "x"]
    assert report["impression"] == "Ok."
    assert report["sources"][1]["unreadable"] == "Too deep."
    assert report["sources"][1]["sections"] == []
    assert report["sources"][0]["unreadable"] is None


@pytest.mark.parametrize(
    ("sop_class", "expected"),
    [
        ("1.2.840.10008.5.1.4.1.1.88.11", True),
        ("1.2.840.10008.5.1.4.1.1.88.22", True),
        ("1.2.840.10008.5.1.4.1.1.88.33", True),
        ("1.2.840.10008.5.1.4.1.1.88.34", True),
        ("1.2.840.10008.5.1.4.1.1.88.2", True),  # the trial version of Audio SR's family
        ("1.2.840.10008.5.1.4.1.1.88.59", False),  # key objects
        ("1.2.840.10008.5.1.4.1.1.88.67", False),  # dose
        ("1.2.840.10008.5.1.4.1.1.11.1", False),  # presentation state
        ("1.2.840.10008.5.1.4.1.1.2", False),
        ("", False),
    ],
)
def test_reports_are_known_by_their_class(sop_class, expected):
    assert is_report(Instance("1", "1.1", "1.2", element("SOPClassUID", sop_class))) is expected


class InThisProcess:
    """Runs what the sandbox would run, here, on a file of its own as the sandbox's child has it."""

    def run(self, function, arguments, files):
        assert function == "gateway.reporting.structured:read_report"
        (descriptor,) = files
        with os.fdopen(os.dup(descriptor), "rb") as file:
            self.value, _ = read_report(arguments, [file])
        return self


def test_the_reader_hands_the_open_file_to_the_sandbox(tmp_path):
    path = tmp_path / "report.dcm"
    path.write_bytes(as_bytes(document(container(("121072", "DCM", "Impressions"), text(None, "Fine.")))))
    with path.open("rb") as file:
        file.read(200)  # whoever looked into it before must not matter
        source = ReportReader(InThisProcess()).read(file)
    assert summarise("1.2.3", [source])["impression"] == "Fine."


def test_the_reader_lets_the_reason_through(tmp_path):
    path = tmp_path / "no-report"
    path.write_bytes(b"nothing")
    with path.open("rb") as file, pytest.raises(Unreadable, match="no DICOM file"):
        ReportReader(InThisProcess()).read(file)
