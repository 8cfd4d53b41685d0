"""Studies as the app's JSON (docs/api.md): what the domain knows, in the words the app reads."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from gateway.dicom.attributes import number, values
from gateway.dicom.model import Study
from gateway.reporting.summary import is_report_class
from gateway.services.studies import OpenedStudy
from gateway.services.urgency import Urgency
from gateway.services.worklist import ListedStudy
from gateway.web.series_shapes import SeriesShape, series_shape

SYNTHETIC_PATIENT = "SYNTHETIC^"
_URGENCIES: dict[Urgency, Literal["stat", "high", "likely"]] = {
    Urgency.STAT: "stat",
    Urgency.HIGH: "high",
    Urgency.LIKELY: "likely",
}


class StudySummary(BaseModel):
    """One row of the worklist."""

    study_instance_uid: str
    archive: str
    patient_name: str
    patient_id: str
    patient_birth_date: str | None
    patient_sex: str
    patient_age: str
    study_date: str | None
    study_time: str | None
    study_description: str
    accession_number: str
    referring_physician: str
    modalities: list[str]
    series_count: int
    image_count: int
    has_report: bool
    synthetic: bool
    urgency: Literal["stat", "high", "likely"] | None = None
    urgency_reason: str = ""
    is_new: bool = False


class StudyDetail(BaseModel):
    """A study that is open."""

    study: StudySummary
    opened_at: datetime
    review_notice: str
    guest: bool
    series: list[SeriesShape]


def listed_study(listed: ListedStudy) -> StudySummary:
    """The study as a worklist row, with what it is to the person who looks."""
    summary = study_summary(listed.study)
    summary.is_new = listed.is_new
    if listed.urgent is not None:
        summary.urgency = _URGENCIES[listed.urgent.urgency]
        summary.urgency_reason = listed.urgent.because
    return summary


def study_summary(study: Study) -> StudySummary:
    """The study by itself."""
    modalities = [str(value) for value in values(study.attributes, "ModalitiesInStudy")]
    return StudySummary(
        study_instance_uid=study.study_instance_uid,
        archive=study.archive,
        patient_name=study.text("PatientName"),
        patient_id=study.text("PatientID"),
        patient_birth_date=_date(study.text("PatientBirthDate")),
        patient_sex=study.text("PatientSex"),
        patient_age=study.text("PatientAge"),
        study_date=_date(study.text("StudyDate")),
        study_time=_time(study.text("StudyTime")),
        study_description=study.text("StudyDescription"),
        accession_number=study.text("AccessionNumber"),
        referring_physician=study.text("ReferringPhysicianName"),
        modalities=modalities,
        series_count=int(number(study.attributes, "NumberOfStudyRelatedSeries") or 0),
        image_count=study.image_count,
        has_report=any(is_report_class(str(uid)) for uid in values(study.attributes, "SOPClassesInStudy")),
        synthetic=study.text("PatientName").startswith(SYNTHETIC_PATIENT),
    )


def study_detail(opened: OpenedStudy, *, review_notice: str, guest: bool) -> StudyDetail:
    """The open study with its series in reading order."""
    return StudyDetail(
        study=study_summary(opened.study),
        opened_at=opened.grant.opened_at,
        review_notice=review_notice,
        guest=guest,
        series=[series_shape(stack, key, opened.states) for stack, key in opened.stacks],
    )


def _date(da: str) -> str | None:
    return f"{da[:4]}-{da[4:6]}-{da[6:8]}" if len(da) == 8 and da.isdigit() else None


def _time(tm: str) -> str | None:
    digits = tm.split(".", maxsplit=1)[0]
    if not digits.isdigit() or len(digits) not in (2, 4, 6):
        return None
    padded = digits.ljust(6, "0")
    return f"{padded[:2]}:{padded[2:4]}:{padded[4:6]}"
