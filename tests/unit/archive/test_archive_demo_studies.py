"""The demo archive: real studies that can be seen, and one synthetic patient, labelled so."""

import pydicom
import pytest

from gateway.archive.demo import prepare
from gateway.archive.demo.catalogue import PICKS, folder_of
from gateway.dicom.part10 import read_part10
from gateway.dicom.rendering import Rendering
from gateway.imaging.pipeline import render


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    directory = tmp_path_factory.mktemp("demo")
    said = []
    prepare(directory, said.append)
    return directory, said


def test_every_package_is_here_and_every_picture_can_be_seen(demo):
    directory, said = demo
    assert not [line for line in said if "left out" in line]
    pictures = 0
    for path in sorted(directory.rglob("*.dcm")):
        if "synthetic" in path.parts:
            continue
        with path.open("rb") as file:
            if read_part10(file).pixel_data is None:
                continue
            asked = {"frame_number": 1, "rendering": Rendering().as_arguments(), "files": ["object"]}
            _, body, _ = render(asked, [file])
            assert body[:3] == b"\xff\xd8\xff", path.name
            pictures += 1
    assert pictures >= 40


def test_no_object_is_there_twice(demo):
    uids = [str(pydicom.dcmread(p, stop_before_pixels=True).SOPInstanceUID) for p in demo[0].rglob("*.dcm")]
    assert len(uids) == len(set(uids))


def test_the_synthetic_patient_is_labelled_and_the_report_points_at_a_slice(demo):
    current = demo[0] / "synthetic" / "current"
    slices = [pydicom.dcmread(path, stop_before_pixels=True) for path in current.glob("slice-*.dcm")]
    assert len(slices) == 120
    assert {str(one.PatientName) for one in slices} == {"SYNTHETIC^Phantom"}
    assert "synthetic" in slices[0].StudyDescription
    report = pydicom.dcmread(current / "report.dcm")
    findings = next(s for s in report.ContentSequence if s.ConceptNameCodeSequence[0].CodeMeaning == "Findings")
    referenced = findings.ContentSequence[0].ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
    assert referenced in {one.SOPInstanceUID for one in slices}


def test_a_second_start_does_nothing(demo):
    said = []
    prepare(demo[0], said.append)
    assert said == []


def test_the_catalogue_names_only_packages_that_are_known():
    assert all(folder_of(pick.package) is not None for pick in PICKS)
