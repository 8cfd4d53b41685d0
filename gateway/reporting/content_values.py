"""The values of content items as text a person reads (PS3.3 C.17.3 and C.18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

MAX_COORDINATES_SHOWN = 12
MAX_FRAMES_OF_REFERENCE = 1000


@dataclass(frozen=True, slots=True)
class Code:
    """A coded concept (PS3.3 8.8): value, scheme and what it means in words."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A SOP instance that an item points at, with the frame and the presentation state where they are named."""

    sop_class_uid: str
    sop_instance_uid: str
    frame_number: int | None = None
    presentation_state_uid: str = ""


def text_in(dataset: Dataset, keyword: str) -> str:
    """The attribute as text, several values joined by `\\`; empty where absent, as stored where its VR is broken."""
    try:
        value = dataset.get(keyword)
    except Exception:  # noqa: BLE001 -- converting a malformed value raises whatever its VR's parser does
        return _as_stored(dataset, keyword)
    if value is None:
        return ""
    if isinstance(value, str) or not hasattr(value, "__iter__") or hasattr(value, "components"):
        return str(value).strip(" \0")
    return "\\".join(str(part) for part in value)


def datasets_in(dataset: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence, an empty list where it is absent or no sequence."""
    found = dataset.get(keyword)
    return [item for item in found if isinstance(item, Dataset)] if isinstance(found, Sequence) else []


def code_in(dataset: Dataset, keyword: str) -> Code | None:
    """The first code of a code sequence; the meaning falls back to the code value, which is better than nothing."""
    for item in datasets_in(dataset, keyword):
        value = next(
            (v for k in ("CodeValue", "LongCodeValue", "URNCodeValue") if (v := text_in(item, k))),
            "",
        )
        return Code(value, text_in(item, "CodingSchemeDesignator"), text_in(item, "CodeMeaning") or value)
    return None


def reading_of(value_type: str, dataset: Dataset) -> dict[str, Any]:
    """The fields of a ContentItem that this value type fills; an unknown type has a name and children alone."""
    read = _READINGS.get(value_type)
    return read(dataset) if read else {}


def _as_stored(dataset: Dataset, keyword: str) -> str:
    element = dataset.get_item(keyword)
    value = getattr(element, "value", None)
    return value.decode("latin-1").strip(" \0") if isinstance(value, bytes) else ""


def _plain(keyword: str) -> Callable[[Dataset], dict[str, Any]]:
    return lambda dataset: {"value": text_in(dataset, keyword)}


def _text(dataset: Dataset) -> dict[str, Any]:
    # PS3.5 6.2: CR LF separates the lines of UT; lone ones are found in real files.
    return {"value": text_in(dataset, "TextValue").replace("\r\n", "\n").replace("\r", "\n")}


def _code(dataset: Dataset) -> dict[str, Any]:
    code = code_in(dataset, "ConceptCodeSequence")
    return {"value": code.meaning if code else "", "code": code}


def _number(dataset: Dataset) -> dict[str, Any]:
    measured = next(iter(datasets_in(dataset, "MeasuredValueSequence")), None)
    return {
        "value": text_in(measured, "NumericValue") if measured else "",
        "unit": code_in(measured, "MeasurementUnitsCodeSequence") if measured else None,
        "qualifier": code_in(dataset, "NumericValueQualifierCodeSequence"),
    }


def _date(dataset: Dataset) -> dict[str, Any]:
    return {"value": date_text(text_in(dataset, "Date"))}


def _time(dataset: Dataset) -> dict[str, Any]:
    return {"value": time_text(text_in(dataset, "Time"))}


def _date_time(dataset: Dataset) -> dict[str, Any]:
    return {"value": date_time_text(text_in(dataset, "DateTime"))}


def date_text(da: str) -> str:
    """`YYYYMMDD` as `YYYY-MM-DD`; as it stands where it is something else."""
    return f"{da[:4]}-{da[4:6]}-{da[6:8]}" if len(da) == 8 and da.isdigit() else da


def time_text(tm: str) -> str:
    """`HHMM[SS[.F]]` as `HH:MM[:SS[.F]]`; as it stands where it is something else."""
    whole, point, fraction = tm.partition(".")
    if not whole.isdigit() or len(whole) not in (4, 6):
        return tm
    return ":".join(whole[i : i + 2] for i in range(0, len(whole), 2)) + point + fraction


def date_time_text(dt: str) -> str:
    """A DICOM date and time in ISO 8601; as it stands where it is something else."""
    for sign in "+-":
        if sign in dt:
            moment, zone = dt.split(sign, maxsplit=1)
            return date_time_text(moment) + (f"{sign}{zone[:2]}:{zone[2:]}" if len(zone) == 4 else f"{sign}{zone}")
    if len(dt) < 12 or not dt[:12].isdigit():
        return date_text(dt)
    return f"{date_text(dt[:8])}T{time_text(dt[8:])}"


def _coordinates(dataset: Dataset) -> dict[str, Any]:
    points = text_in(dataset, "GraphicData").split("\\")
    shown = ", ".join(points[:MAX_COORDINATES_SHOWN])
    more = len(points) - MAX_COORDINATES_SHOWN
    rest = f", and {more} more" if more > 0 else ""
    return {"value": f"{text_in(dataset, 'GraphicType')} ({shown}{rest})"}


def _temporal(dataset: Dataset) -> dict[str, Any]:
    keywords = ("ReferencedSamplePositions", "ReferencedTimeOffsets", "ReferencedDateTime")
    places = next((found for keyword in keywords if (found := text_in(dataset, keyword))), "")
    shown = places.replace("\\", ", ")
    return {"value": f"{text_in(dataset, 'TemporalRangeType')} ({shown})"}


def _referenced(dataset: Dataset) -> dict[str, Any]:
    found: list[Reference] = []
    for item in datasets_in(dataset, "ReferencedSOPSequence"):
        sop_class, uid = text_in(item, "ReferencedSOPClassUID"), text_in(item, "ReferencedSOPInstanceUID")
        stated = text_in(item, "ReferencedFrameNumber").split("\\")[:MAX_FRAMES_OF_REFERENCE]
        frames: list[int | None] = [int(frame) for frame in stated if frame.isdigit()]
        states = [text_in(state, "ReferencedSOPInstanceUID") for state in datasets_in(item, "ReferencedSOPSequence")]
        found += [Reference(sop_class, uid, frame, next(iter(states), "")) for frame in frames or [None]]
    kind = UID(found[0].sop_class_uid).name if found and found[0].sop_class_uid else ""
    return {"value": kind, "references": found}


_READINGS: dict[str, Callable[[Dataset], dict[str, Any]]] = {
    "TEXT": _text,
    "CODE": _code,
    "NUM": _number,
    "DATE": _date,
    "TIME": _time,
    "DATETIME": _date_time,
    "UIDREF": _plain("UID"),
    "PNAME": _plain("PersonName"),
    "SCOORD": _coordinates,
    "SCOORD3D": _coordinates,
    "TCOORD": _temporal,
    "IMAGE": _referenced,
    "COMPOSITE": _referenced,
    "WAVEFORM": _referenced,
}
