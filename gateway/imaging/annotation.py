"""Burned-in text for standard clients: `annotation=patient,technique` (PS3.18 8.3.5.1.1), written last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.valuerep import PersonName

from gateway.imaging.lettering import Lettering, can_write

Picture = NDArray[np.uint8]
_BEYOND_EUROPE = 0x530  # Latin, Greek and Cyrillic letters lie below.
_TECHNIQUE = (
    ("KVP", "{} kV"),
    ("XRayTubeCurrent", "{} mA"),
    ("Exposure", "{} mAs"),
    ("SliceThickness", "{} mm"),
    ("RepetitionTime", "TR {}"),
    ("EchoTime", "TE {}"),
    ("ViewPosition", "{}"),
)


def annotate(picture: Picture, header: Dataset, wanted: Sequence[str], frame_number: int) -> Picture:
    """The picture with who it shows at its upper edge, and how it was made at its lower one."""
    lettering = Lettering.for_picture(*picture.shape[:2])
    margin = lettering.size / 2
    if "patient" in wanted:
        picture = lettering.write(picture, "\n".join(_patient(header)), (margin, margin), 255)
    if "technique" in wanted:
        lines = _technique(header, frame_number)
        top = picture.shape[0] - margin - lettering.line_height * len(lines)
        picture = lettering.write(picture, "\n".join(lines), (margin, top), 255)
    return picture


def _patient(header: Dataset) -> list[str]:
    name = header.get("PatientName")
    groups = [] if name is None else [PersonName(str(name)).alphabetic, PersonName(str(name)).ideographic]
    # A line for each: no face has the letters of all scripts.
    shown = [_as_written(group) for group in groups if group and can_write(group)]
    sex, birth = str(header.get("PatientSex") or ""), _date(str(header.get("PatientBirthDate") or ""))
    return [line for line in (*shown, str(header.get("PatientID") or ""), f"{birth} {sex}".strip()) if line]


def _as_written(group: str) -> str:
    """Family name, a comma and the given names; without the comma in scripts that do not write one there."""
    is_european = all(ord(letter) < _BEYOND_EUROPE for letter in group)
    return group.replace("^", ", " if is_european else " ", 1).replace("^", " ").strip()


def _technique(header: Dataset, frame_number: int) -> list[str]:
    modality = " ".join(str(header.get(keyword) or "") for keyword in ("Modality", "SeriesDescription")).strip()
    when = _date(str(header.get("AcquisitionDate") or header.get("ContentDate") or header.get("StudyDate") or ""))
    place = f"Series {header.get('SeriesNumber') or '-'}, image {header.get('InstanceNumber') or '-'}"
    place += f", frame {frame_number}" if int(header.get("NumberOfFrames") or 1) > 1 else ""
    values = [form.format(header.get(keyword)) for keyword, form in _TECHNIQUE if header.get(keyword) not in (None, "")]
    return [line for line in (modality, ", ".join(values), f"{when} {place}".strip()) if line]


def _date(da: str) -> str:
    try:
        return dt.datetime.strptime(da[:8], "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a date of no zone
    except ValueError:
        return da
