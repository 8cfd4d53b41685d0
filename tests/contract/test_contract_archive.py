"""What every archive connector does, whatever stands behind it (gateway/archive/base.py)."""

import io

import pydicom
import pytest
from lightbox import PYDICOM_FILES

from gateway.archive.base import Archive
from gateway.dicom.attributes import Level
from gateway.dicom.model import Instance
from gateway.dicom.query import Query
from gateway.errors import NotFound


@pytest.fixture(scope="module")
def ct():
    return pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")


def patients(archive, **query):
    return [study.text("PatientID") for study in archive.search_for_studies(Query(**query))]


def matching(archive, **matches):
    return patients(archive, matches=matches)


def test_it_has_a_name_and_a_state(archive):
    as_archive: Archive = archive
    assert as_archive.status().name == as_archive.name
    assert as_archive.status().state == "ready"


def test_studies_come_newest_first_with_their_counts(archive):
    found = archive.search_for_studies(Query(limit=100))
    dates = [study.text("StudyDate") for study in found]
    assert dates == sorted(dates, reverse=True)
    assert len(found) == 8
    assert all(study.text("NumberOfStudyRelatedInstances") == "1" for study in found)
    assert all(study.version for study in found)


def test_limit_and_offset_page_without_gap_or_double(archive):
    whole = patients(archive, limit=100)
    pages = [patients(archive, limit=3, offset=offset) for offset in range(0, 9, 3)]
    assert [one for page in pages for one in page] == whole


@pytest.mark.parametrize(
    ("keyword", "value", "count"),
    [
        ("PatientID", "1CT1", 1), ("PatientID", "1ct1", 0), ("PatientID", "1*", 1), ("PatientID", "?CT1", 1),
        ("PatientID", "1%", 0), ("PatientID", "_CT1", 0), ("PatientID", "[1]CT1", 0),
        ("PatientName", "CompressedSamples^CT1", 1), ("PatientName", "compressedsamples^ct1", 1),
        ("PatientName", "CompressedSamples*", 3), ("PatientName", "*CT1", 1), ("PatientName", "山田^太郎", 1),
        ("PatientName", "山*", 1), ("PatientName", "yamada*", 1), ("PatientName", "Compressed", 0),
        ("StudyDate", "20040119", 1), ("StudyDate", "20040101-20041231", 3), ("StudyDate", "20160101-", 1),
        ("StudyDate", "-20040131", 1), ("ModalitiesInStudy", "CT", 1), ("ModalitiesInStudy", "CT,SR", 2),
        ("ModalitiesInStudy", "C", 0), ("StudyDescription", "e+1", 1), ("StudyDescription", "e*", 1),
    ],
)  # fmt: skip
def test_matching_is_the_standards(archive, keyword, value, count):
    assert len(matching(archive, **{keyword: value})) == count


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("compressed ct1", 1), ("COMPRESSEDSAMPLES", 3), ("ressed", 0), ("1ct1", 1), ("山田", 1), ("やまだ たろう", 1),
        ("διον", 1), ("لنزار", 1), ("%", 0), ("_", 0), ("  ", 8),
    ],
)  # fmt: skip
def test_words_begin_names_in_every_script(archive, words, count):
    assert len(patients(archive, words=words, limit=100)) == count


def test_what_policy_allows_is_exact(archive, ct):
    exact = frozenset({str(ct.PatientID)})
    assert patients(archive, allowed={"PatientID": exact}) == ["1CT1"]
    assert patients(archive, allowed={"PatientID": frozenset({"1*"})}) == []
    assert patients(archive, allowed={"PatientID": frozenset()}) == []


def test_series_and_instances_are_found_below_their_study(archive, ct):
    within = {"StudyInstanceUID": str(ct.StudyInstanceUID)}
    (series,) = archive.search_for_series(Query(Level.SERIES, within))
    assert (series.series_instance_uid, series.text("Modality")) == (str(ct.SeriesInstanceUID), "CT")
    (instance,) = archive.search_for_instances(Query(Level.INSTANCE, within))
    assert instance.sop_instance_uid == str(ct.SOPInstanceUID)
    assert instance.text("AvailableTransferSyntaxUID") == str(ct.file_meta.TransferSyntaxUID)
    assert instance.number_of_frames == 1
    assert archive.search_for_series(Query(Level.SERIES, {"StudyInstanceUID": "1.2.3"})) == []


def test_series_are_found_by_their_own_attributes(archive):
    assert len(archive.search_for_series(Query(Level.SERIES, {"Modality": "SR"}))) == 1
    assert len(archive.search_for_series(Query(Level.SERIES, {"Modality": "CT", "PatientID": "1CT1"}))) == 1
    assert archive.search_for_series(Query(Level.SERIES, {"Modality": "CT", "PatientID": "other"})) == []


def test_frames_are_counted_and_documents_have_none(archive):
    frames = {
        instance.text("SOPClassUID"): instance.number_of_frames
        for instance in archive.search_for_instances(Query(Level.INSTANCE, limit=100))
    }
    assert frames["1.2.840.10008.5.1.4.1.1.3.1"] == 30
    assert [count for uid, count in frames.items() if uid.startswith("1.2.840.10008.5.1.4.1.1.88")] == [0]


def test_metadata_are_the_whole_header_without_bulk_data(archive, ct):
    (header,) = archive.retrieve_metadata(str(ct.StudyInstanceUID))
    for element in ct:
        if element.tag.group not in (2, 0x7FE0, 0xFFFC):
            assert f"{element.tag:08X}" in header, element
    assert header["7FE00010"] == {"vr": "OW", "BulkDataURI": "7FE00010"}
    assert "InlineBinary" not in header["7FE00010"]
    assert list(archive.retrieve_metadata("1.2.3.4")) == []


def test_an_instance_is_the_very_file(archive, ct):
    (instance,) = archive.search_for_instances(Query(Level.INSTANCE, {"SOPInstanceUID": str(ct.SOPInstanceUID)}))
    with archive.open_instance(instance) as file:
        assert file.fileno() > 0
        read = pydicom.dcmread(io.BytesIO(file.read()))
    assert read.PixelData == ct.PixelData
    with pytest.raises(NotFound):
        archive.open_instance(Instance("1.2", "1.3", "1.4", {}))
