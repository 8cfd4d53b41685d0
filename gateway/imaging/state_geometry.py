"""How a presentation state changes what a viewer must know of a picture's place: extent, letters, spacing."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dicom.attributes import DISPLAYED_AREAS_TAG, SOFTCOPY_VOI_TAG, DicomJson, items, number, numbers
from gateway.dicom.model import Instance
from gateway.dicom.window import Window
from gateway.imaging.geometry import Spacing, orientation_letters, pixel_aspect, spacing
from gateway.imaging.presets import default_window

Letters = dict[str, str]
# Beyond this an area is none that can be drawn (gateway/imaging/presentation_state.py).
LARGEST_EDGE = 65536


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A frame's extent in pixels, the letters at its edges, and its spacing, as the state shows it."""

    rows: int
    columns: int
    letters: Letters | None
    spacing: Spacing | None
    pixel_aspect: float


@dataclass(frozen=True, slots=True)
class _Limited:
    """An item of a state that is for some of its pictures alone: frames by instance, or None for all pictures."""

    item: DicomJson
    frames: dict[str, frozenset[int]] | None

    def holds_for(self, frame: Instance, frame_number: int) -> bool:
        return self.frames is None or _is_named(self.frames, frame, frame_number)


@dataclass(frozen=True, slots=True)
class StateGeometry:
    """A presentation state read once, to be asked about each frame of a study."""

    state: Instance
    pictures: dict[str, frozenset[int]]
    areas: list[_Limited]
    windows: list[_Limited]

    @classmethod
    def of(cls, state: Instance) -> StateGeometry:
        """The geometry of the state as the index keeps it."""
        areas, windows = (_limited(state, tag) for tag in (DISPLAYED_AREAS_TAG, SOFTCOPY_VOI_TAG))
        return cls(state, _by_instance(state), areas, windows)

    def applies_to(self, frame: Instance, frame_number: int) -> bool:
        """Whether the state was made for that frame."""
        return _is_named(self.pictures, frame, frame_number)

    def placed(self, frame: Instance, frame_number: int) -> PlacedFrame:
        """The frame under the state's displayed area, rotation and flip (PS3.3 C.10.4, C.10.6)."""
        rows, columns = (int(number(frame.attributes, name) or 1) for name in ("Rows", "Columns"))
        letters, distance, aspect = orientation_letters(frame), spacing(frame), pixel_aspect(frame)
        item = _first_for(self.areas, frame, frame_number)
        if item is not None:
            columns, rows = _extent(item) or (columns, rows)
            aspect = _aspect(item) or aspect
        for _ in range(int(number(self.state.attributes, "ImageRotation") or 0) // 90 % 4):
            rows, columns, aspect = columns, rows, 1 / aspect
            letters = letters and _turned(letters)
            distance = distance and Spacing(distance.column, distance.row, distance.source)
        if letters and self.state.text("ImageHorizontalFlip").strip().upper() == "Y":
            letters = letters | {"left": letters["right"], "right": letters["left"]}
        return PlacedFrame(rows, columns, letters, distance, round(aspect, 6))

    def window(self, frame: Instance, frame_number: int) -> Window | None:
        """The window that the state shows the frame with, None where it has a table or none."""
        item = _first_for(self.windows, frame, frame_number)
        return None if item is None else default_window(Instance("", "", "", item))


def _limited(state: Instance, tag: str) -> list[_Limited]:
    found = []
    for item in items(state.attributes, tag):
        named = _by_instance(Instance("", "", "", item))
        found.append(_Limited(item, named or None))
    return found


def _by_instance(about: Instance) -> dict[str, frozenset[int]]:
    """The frames named of each instance; none means all of them."""
    return {one.sop_instance_uid: frozenset(one.frame_numbers) for one in about.references}


def _is_named(pictures: dict[str, frozenset[int]], frame: Instance, frame_number: int) -> bool:
    frames = pictures.get(frame.sop_instance_uid)
    return frames is not None and (not frames or frame_number in frames)


def _first_for(limited: list[_Limited], frame: Instance, frame_number: int) -> DicomJson | None:
    return next((one.item for one in limited if one.holds_for(frame, frame_number)), None)


def _extent(item: DicomJson) -> tuple[int, int] | None:
    """Width and height of the displayed area in stored pixels, None where all of the picture is shown."""
    first, last = (numbers(item, f"DisplayedArea{corner}HandCorner") for corner in ("TopLeft", "BottomRight"))
    if len(first) != 2 or len(last) != 2 or max(abs(edge) for edge in first + last) > LARGEST_EDGE:
        return None
    return int(abs(last[0] - first[0])) + 1, int(abs(last[1] - first[1])) + 1


def _aspect(item: DicomJson) -> float | None:
    """Height of a pixel over its width as the displayed area says, None where it does not."""
    for keyword in ("PresentationPixelSpacing", "PresentationPixelAspectRatio"):
        pair = numbers(item, keyword)
        if len(pair) == 2 and min(pair) > 0 and 0.01 <= pair[0] / pair[1] <= 100:
            return pair[0] / pair[1]
    return None


def _turned(letters: Letters) -> Letters:
    """After a quarter turn clockwise what was at the left is on top."""
    return {
        "top": letters["left"],
        "right": letters["top"],
        "bottom": letters["right"],
        "left": letters["bottom"],
    }
