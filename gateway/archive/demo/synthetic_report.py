"""The synthetic patient's reports: Basic Diagnostic Imaging Reports (PS3.16 TID 2000) that point into their images."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

COMPREHENSIVE_SR = UID("1.2.840.10008.5.1.4.1.1.88.33")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the report says, section by section."""

    indication: str
    comparison: str
    findings: list[str]
    impression: str
    measurement: tuple[str, float, str] | None = None


def report(common: dict[str, Any], wording: Wording, when: dt.datetime, shown: Dataset) -> FileDataset:
    """The verified report that refers to the image `shown`."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = COMPREHENSIVE_SR
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = COMPREHENSIVE_SR, meta.MediaStorageSOPInstanceUID
    signed = when + dt.timedelta(minutes=24)
    values = common | {
        "Modality": "SR",
        "SeriesInstanceUID": generate_uid(),
        "SeriesNumber": 99,
        "SeriesDescription": "Report",
        "InstanceNumber": 1,
        "ContentDate": f"{signed:%Y%m%d}",
        "ContentTime": f"{signed:%H%M%S}",
        "CompletionFlag": "COMPLETE",
        "VerificationFlag": "VERIFIED",
        "ValueType": "CONTAINER",
        "ContinuityOfContent": "SEPARATE",
        "ConceptNameCodeSequence": _code("18748-4", "LN", "Diagnostic Imaging Report"),
        "VerifyingObserverSequence": _verifier(signed),
        "CurrentRequestedProcedureEvidenceSequence": _evidence(shown),
        "PerformedProcedureCodeSequence": Sequence(),
        "ReferencedPerformedProcedureStepSequence": Sequence(),
    }
    for keyword, value in values.items():
        setattr(made, keyword, value)
    made.ContentSequence = Sequence(_content(wording, shown))
    return made


def _content(wording: Wording, shown: Dataset) -> list[Dataset]:
    findings = [_text(("121071", "DCM", "Finding"), text) for text in wording.findings]
    findings[0].ContentSequence = Sequence([_image(shown)])
    if wording.measurement:
        findings.append(_number(*wording.measurement))
    return [
        _observer(),
        _section(
            ("121109", "DCM", "Indications for Procedure"),
            [_text(("121110", "DCM", "Patient Presentation"), wording.indication)],
        ),
        _section(
            ("121066", "DCM", "Prior Procedure Descriptions"),
            [_text(("121065", "DCM", "Procedure Description"), wording.comparison)],
        ),
        _section(("121070", "DCM", "Findings"), findings),
        _section(("121072", "DCM", "Impressions"), [_text(("121073", "DCM", "Impression"), wording.impression)]),
    ]


def _code(value: str, scheme: str, meaning: str) -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def _item(relationship: str, value_type: str, name: tuple[str, str, str]) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = relationship, value_type
    item.ConceptNameCodeSequence = _code(*name)
    return item


def _section(name: tuple[str, str, str], content: list[Dataset]) -> Dataset:
    item = _item("CONTAINS", "CONTAINER", name)
    item.ContinuityOfContent = "SEPARATE"
    item.ContentSequence = Sequence(content)
    return item


def _text(name: tuple[str, str, str], text: str) -> Dataset:
    item = _item("CONTAINS", "TEXT", name)
    item.TextValue = text
    return item


def _number(name: str, value: float, unit: str) -> Dataset:
    item = _item("CONTAINS", "NUM", ("103339001", "SCT", name))
    measured = Dataset()
    measured.NumericValue = f"{value:g}"
    measured.MeasurementUnitsCodeSequence = _code(unit, "UCUM", unit)
    item.MeasuredValueSequence = Sequence([measured])
    return item


def _image(shown: Dataset) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "INFERRED FROM", "IMAGE"
    referenced = Dataset()
    referenced.ReferencedSOPClassUID, referenced.ReferencedSOPInstanceUID = shown.SOPClassUID, shown.SOPInstanceUID
    item.ReferencedSOPSequence = Sequence([referenced])
    return item


def _observer() -> Dataset:
    item = _item("HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"))
    item.PersonName = "Night^Ada^^Dr"
    return item


def _verifier(signed: dt.datetime) -> Sequence:
    item = Dataset()
    item.VerifyingObserverName = "Night^Ada^^Dr"
    item.VerifyingOrganization = "Lightbox demo"
    item.VerificationDateTime = f"{signed:%Y%m%d%H%M%S}"
    item.VerifyingObserverIdentificationCodeSequence = Sequence()
    return Sequence([item])


def _evidence(shown: Dataset) -> Sequence:
    instance, series, study = Dataset(), Dataset(), Dataset()
    instance.ReferencedSOPClassUID, instance.ReferencedSOPInstanceUID = shown.SOPClassUID, shown.SOPInstanceUID
    series.SeriesInstanceUID, series.ReferencedSOPSequence = shown.SeriesInstanceUID, Sequence([instance])
    study.StudyInstanceUID, study.ReferencedSeriesSequence = shown.StudyInstanceUID, Sequence([series])
    return Sequence([study])
