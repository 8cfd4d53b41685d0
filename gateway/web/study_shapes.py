"""Studies as the app's JSON (docs/api.md): what the domain knows, in the words the app reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from gateway.dicom.attributes import number, numbers, text, values
from gateway.dicom.model import Instance, Study
from gateway.dicom.window import Window
from gateway.imaging.geometry import StackFrame, cine_rate, laterality, orientation_letters, slice_location, spacing
from gateway.imaging.presets import NamedWindow, default_window, presets_for
from gateway.services.stacks import Stack
from gateway.services.studies import OpenedStudy
from gateway.store.rendition_keys import SeriesKey

COLORS = frozenset({"RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"})
SYNTHETIC_PATIENT = "SYNTHETIC^"


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


class StoredLossy(BaseModel):
    """How the archive's own copy was compressed with loss (0028,2110/2112/2114)."""

    method: str
    ratio: float | None


class WindowShape(BaseModel):
    """A window in modality units."""

    window_center: float
    window_width: float
    function: str


class Preset(WindowShape):
    """A window with its name."""

    name: str


class Frame(BaseModel):
    """One picture of a stack, with what the viewer draws around it."""

    n: int
    sop_instance_uid: str
    frame_number: int
    rows: int
    columns: int
    stored_bytes: int
    row_spacing: float | None
    column_spacing: float | None
    spacing_source: str | None
    letters: dict[str, str] | None
    laterality: str
    slice_location: float | None
    window: WindowShape | None
    stored_lossy: StoredLossy | None


class Cine(BaseModel):
    """How fast a multi-frame series was acquired."""

    rate: float


class SeriesShape(BaseModel):
    """One series as a stack of pictures, or as a document."""

    series_instance_uid: str
    modality: str
    series_number: int | None
    series_description: str
    body_part_examined: str
    laterality: str
    kind: str
    frame_count: int
    frames: list[Frame]
    tiles: str | None
    cine: Cine | None
    presets: list[Preset]
    color: bool


class StudyDetail(BaseModel):
    """A study that is open."""

    study: StudySummary
    opened_at: datetime
    review_notice: str
    guest: bool
    series: list[SeriesShape]


def study_summary(study: Study) -> StudySummary:
    """The study as a worklist row."""
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
        image_count=int(number(study.attributes, "NumberOfStudyRelatedInstances") or 0),
        has_report="SR" in modalities,
        synthetic=study.text("PatientName").startswith(SYNTHETIC_PATIENT),
    )


def study_detail(opened: OpenedStudy, *, review_notice: str, guest: bool) -> StudyDetail:
    """The open study with its series in reading order."""
    return StudyDetail(
        study=study_summary(opened.study),
        opened_at=opened.grant.opened_at,
        review_notice=review_notice,
        guest=guest,
        series=[_series(stack, key) for stack, key in opened.stacks],
    )


def tile_address(key: SeriesKey, rendition: str, n: int | str) -> str:
    """The address of one kept rendering."""
    return f"/tiles/{key.study_key}/{key.series_key}/{rendition}/{n}.jpg"


def _series(stack: Stack, key: SeriesKey) -> SeriesShape:
    series, first = stack.series, stack.frames[0].instance if stack.frames else None
    series_number = number(series.attributes, "SeriesNumber")
    rate = cine_rate(first) if first and first.number_of_frames > 1 else None
    return SeriesShape(
        series_instance_uid=series.series_instance_uid,
        modality=series.text("Modality"),
        series_number=None if series_number is None else int(series_number),
        series_description=series.text("SeriesDescription"),
        body_part_examined=series.text("BodyPartExamined"),
        laterality=laterality(first, series) if first else series.text("Laterality"),
        kind=_kind(stack),
        frame_count=len(stack.frames),
        frames=[_frame(frame, stack) for frame in stack.frames],
        tiles=tile_address(key, "{rendition}", "{n}") if first else None,
        cine=Cine(rate=rate) if rate else None,
        presets=[_preset(preset) for preset in presets_for(series, first)] if first else [],
        color=first is not None and first.text("PhotometricInterpretation") in COLORS,
    )


def _kind(stack: Stack) -> str:
    if stack.frames:
        return "images"
    return "document" if stack.series.text("Modality") in {"SR", "DOC", "KO"} else "other"


def _frame(frame: StackFrame, stack: Stack) -> Frame:
    instance = frame.instance
    distance = spacing(instance)
    window = default_window(instance)
    rows, columns = int(number(instance.attributes, "Rows") or 0), int(number(instance.attributes, "Columns") or 0)
    return Frame(
        n=frame.n,
        sop_instance_uid=instance.sop_instance_uid,
        frame_number=frame.frame_number,
        rows=rows,
        columns=columns,
        stored_bytes=_bytes_of_frame(instance, rows, columns),
        row_spacing=distance.row if distance else None,
        column_spacing=distance.column if distance else None,
        spacing_source=distance.source if distance else None,
        letters=orientation_letters(instance),
        laterality=laterality(instance, stack.series),
        slice_location=slice_location(instance),
        window=_window(window) if window else None,
        stored_lossy=_stored_lossy(instance),
    )


def _bytes_of_frame(instance: Instance, rows: int, columns: int) -> int:
    bits = number(instance.attributes, "BitsAllocated") or 8
    samples = number(instance.attributes, "SamplesPerPixel") or 1
    return int(rows * columns * samples * bits / 8)


def _stored_lossy(instance: Instance) -> StoredLossy | None:
    if text(instance.attributes, "LossyImageCompression") != "01":
        return None
    ratios = numbers(instance.attributes, "LossyImageCompressionRatio")
    method = text(instance.attributes, "LossyImageCompressionMethod") or "unknown method"
    return StoredLossy(method=method, ratio=ratios[-1] if ratios else None)


def _window(window: Window) -> WindowShape:
    return WindowShape(
        window_center=window.window_center, window_width=window.window_width, function=window.function.value
    )


def _preset(preset: NamedWindow) -> Preset:
    window: dict[str, Any] = _window(preset.window).model_dump()
    return Preset(name=preset.name, **window)


def _date(da: str) -> str | None:
    return f"{da[:4]}-{da[4:6]}-{da[6:8]}" if len(da) == 8 and da.isdigit() else None


def _time(tm: str) -> str | None:
    digits = tm.split(".", maxsplit=1)[0]
    if not digits.isdigit() or len(digits) not in (2, 4, 6):
        return None
    padded = digits.ljust(6, "0")
    return f"{padded[:2]}:{padded[2:4]}:{padded[4:6]}"
