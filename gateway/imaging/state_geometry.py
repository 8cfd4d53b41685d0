"""How a presentation state changes what a viewer must know of a picture's place: extent, letters, spacing."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dicom.attributes import DISPLAYED_AREAS_TAG, SOFTCOPY_VOI_TAG, DicomJson, items, number, numbers
from gateway.dicom.model import Instance
from gateway.dicom.window import Window
from gateway.imaging.geometry import Spacing, orientation_letters, pixel_aspect, spacing
from gateway.imaging.presets import default_window

Letters = dict[str, str]


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A frame's extent in pixels, the letters at its edges, and its spacing, as the state shows it."""

    rows: int
    columns: int
    letters: Letters | None
    spacing: Spacing | None
    pixel_aspect: float


def applies_to(state: Instance, frame: Instance, frame_number: int) -> bool:
    """Whether the state was made for that frame."""
    return any(reference.names(frame.sop_instance_uid, frame_number) for reference in state.references)


def placed_by(state: Instance, frame: Instance, frame_number: int) -> PlacedFrame:
    """The frame under the state's displayed area, rotation and flip (PS3.3 C.10.4, C.10.6)."""
    rows, columns = (int(number(frame.attributes, name) or 1) for name in ("Rows", "Columns"))
    if (area := _area(state, frame, frame_number)) is not None:
        columns, rows = area
    letters, distance, aspect = orientation_letters(frame), spacing(frame), pixel_aspect(frame)
    for _ in range(int(number(state.attributes, "ImageRotation") or 0) // 90 % 4):
        rows, columns, aspect = columns, rows, 1 / aspect
        letters = letters and _turned(letters)
        distance = distance and Spacing(distance.column, distance.row, distance.source)
    if letters and state.text("ImageHorizontalFlip").strip().upper() == "Y":
        letters = letters | {"left": letters["right"], "right": letters["left"]}
    return PlacedFrame(rows, columns, letters, distance, round(aspect, 6))


def window_by(state: Instance, frame: Instance, frame_number: int) -> Window | None:
    """The window that the state shows the frame with, None where it has a table or none."""
    item = _item_for(state, SOFTCOPY_VOI_TAG, frame, frame_number)
    return None if item is None else default_window(Instance("", "", "", item))


def _area(state: Instance, frame: Instance, frame_number: int) -> tuple[int, int] | None:
    """Width and height of the displayed area in stored pixels, None where all of the picture is shown."""
    item = _item_for(state, DISPLAYED_AREAS_TAG, frame, frame_number)
    if item is None:
        return None
    first, last = (numbers(item, f"DisplayedArea{corner}HandCorner") for corner in ("TopLeft", "BottomRight"))
    if len(first) != 2 or len(last) != 2:
        return None
    return int(abs(last[0] - first[0])) + 1, int(abs(last[1] - first[1])) + 1


def _item_for(state: Instance, tag: str, frame: Instance, frame_number: int) -> DicomJson | None:
    """The first item of the sequence that is for the frame: one that names it, or names none."""
    for item in items(state.attributes, tag):
        named = Instance("", "", "", item).references
        if not named or any(one.names(frame.sop_instance_uid, frame_number) for one in named):
            return item
    return None


def _turned(letters: Letters) -> Letters:
    """After a quarter turn clockwise what was at the left is on top."""
    return {
        "top": letters["left"],
        "right": letters["top"],
        "bottom": letters["right"],
        "left": letters["bottom"],
    }
