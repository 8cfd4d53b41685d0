"""The one synthetic patient of the demo, labelled so: a CT head with a prior, and the report of each.

Run as `python -m gateway.archive.demo.synthetic DIRECTORY`, so that no web process ever loads a DICOM library.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from gateway.archive.demo.phantom import PIXEL_MM, SIZE, head_slice
from gateway.archive.demo.synthetic_report import Wording, report

CT_IMAGE = UID("1.2.840.10008.5.1.4.1.1.2")
BLEED_AT_MM = 6.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One synthetic study: when, how many slices how far apart, and whether there is a bleed."""

    folder: str
    when: dt.datetime
    description: str
    accession_number: str
    slices: int
    spacing_mm: float
    with_bleed: bool
    wording: Wording


def plans(now: dt.datetime) -> list[Plan]:
    """The study of last night and the one of a year before."""
    tonight = now.replace(hour=2, minute=41, second=7, microsecond=0)
    if tonight > now:
        tonight -= dt.timedelta(days=1)
    year_before = tonight - dt.timedelta(days=371, hours=-8)
    prior = Wording(
        indication="Headache for three days. (Synthetic study, made for the demo.)",
        comparison="None.",
        findings=["No haemorrhage. No mass. Ventricles of normal width.", "No fracture."],
        impression="No acute intracranial abnormality.",
    )
    current = Wording(
        indication="Sudden weakness of the right arm. (Synthetic study, made for the demo.)",
        comparison=f"CT head of {year_before:%Y-%m-%d}.",
        findings=[
            "New hyperdense focus of about 30 x 22 x 20 mm in the left basal ganglia, with a thin rim of oedema.",
            "No midline shift. Ventricles of normal width, no blood in them.",
            "No fracture.",
        ],
        impression="New acute haemorrhage in the left basal ganglia. No midline shift, no ventricular blood.",
        measurement=("Longest diameter of the haemorrhage", 30.0, "mm"),
    )
    return [
        Plan("prior", year_before, "CT Head (synthetic phantom)", "SYN-0001", 40, 3.6, False, prior),  # noqa: FBT003
        Plan("current", tonight, "CT Head (synthetic phantom)", "SYN-0002", 120, 1.2, True, current),  # noqa: FBT003
    ]


def write(directory: Path) -> None:
    """Both studies with their reports, below the directory."""
    for plan in plans(dt.datetime.now().astimezone()):
        folder = directory / plan.folder
        folder.mkdir(parents=True, exist_ok=True)
        _write_study(plan, folder)


def _write_study(plan: Plan, folder: Path) -> None:
    study, series, frame_of_reference = generate_uid(), generate_uid(), generate_uid()
    shown: Dataset | None = None
    for index in range(plan.slices):
        z = (index - (plan.slices - 1) / 2) * plan.spacing_mm
        image = _image(plan, study, series, index, z)
        image.FrameOfReferenceUID = frame_of_reference
        image.save_as(folder / f"slice-{index + 1:03d}.dcm", enforce_file_format=True)
        if shown is None or abs(z - BLEED_AT_MM) < abs(float(shown.SliceLocation) - BLEED_AT_MM):
            shown = image
    assert shown is not None  # noqa: S101 - a plan has slices
    written = report(_common(plan, study), plan.wording, plan.when, shown)
    written.save_as(folder / "report.dcm", enforce_file_format=True)


def _common(plan: Plan, study: str) -> dict[str, Any]:
    return {
        "SpecificCharacterSet": "ISO_IR 192",
        "PatientName": "SYNTHETIC^Phantom",
        "PatientID": "SYN-4711",
        "PatientBirthDate": "19830402",
        "PatientSex": "F",
        "StudyInstanceUID": study,
        "StudyDate": f"{plan.when:%Y%m%d}",
        "StudyTime": f"{plan.when:%H%M%S}",
        "StudyDescription": plan.description,
        "StudyID": plan.accession_number[-4:],
        "AccessionNumber": plan.accession_number,
        "ReferringPhysicianName": "Referrer^Rita",
        "InstitutionName": "Lightbox demo",
        "Manufacturer": "Lightbox demo",
        "RequestedProcedurePriority": "STAT" if plan.with_bleed else "ROUTINE",
    }


def _image(plan: Plan, study: str, series: str, index: int, z: float) -> FileDataset:
    image = new_object(CT_IMAGE, _common(plan, study))
    when = plan.when + dt.timedelta(minutes=3)
    values = {
        "Modality": "CT",
        "SeriesInstanceUID": series,
        "SeriesNumber": 2,
        "SeriesDescription": f"Head {plan.spacing_mm:g} mm",
        "SeriesDate": f"{when:%Y%m%d}",
        "SeriesTime": f"{when:%H%M%S}",
        "BodyPartExamined": "HEAD",
        "InstanceNumber": index + 1,
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "SliceThickness": plan.spacing_mm,
        "SliceLocation": round(z, 3),
        "ImagePositionPatient": [-(SIZE - 1) / 2 * PIXEL_MM, -(SIZE - 1) / 2 * PIXEL_MM, round(z, 3)],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [PIXEL_MM, PIXEL_MM],
        "KVP": 120,
        "Rows": SIZE,
        "Columns": SIZE,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 12,
        "HighBit": 11,
        "PixelRepresentation": 0,
        "RescaleSlope": 1,
        "RescaleIntercept": -1024,
        "RescaleType": "HU",
        "WindowCenter": [40, 600],
        "WindowWidth": [80, 2800],
        "WindowCenterWidthExplanation": ["BRAIN", "BONE"],
        "BurnedInAnnotation": "NO",
    }
    for keyword, value in values.items():
        setattr(image, keyword, value)
    image.PixelData = head_slice(z, with_bleed=plan.with_bleed, seed=index).tobytes()
    return image


def new_object(sop_class: UID, common: dict[str, Any]) -> FileDataset:
    """An empty object of the class, with the common attributes and file meta information."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    for keyword, value in common.items():
        setattr(made, keyword, value)
    return made


if __name__ == "__main__":
    write(Path(sys.argv[1]))
