"""What a viewer must know of a picture's place: letters at the edges, millimetres per pixel, its pace as a cine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from gateway.dicom.attributes import number, numbers, values
from gateway.dicom.model import Instance, Series
from gateway.imaging.planes_in_space import Vector, dot, plane_of, position_of

_SECOND_LETTER_FROM = math.sin(math.radians(5))
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_LATERALITY = {"R": "R", "L": "L", "U": "U", "B": "B", "RIGHT": "R", "LEFT": "L", "UNPAIRED": "U", "BOTH": "B"}


@dataclass(frozen=True, slots=True)
class Spacing:
    """Millimetres between the centres of neighbouring rows and columns; `source` is pixel or imager."""

    row: float
    column: float
    source: str


def orientation_letters(instance: Instance) -> dict[str, str] | None:
    """The letters at the picture's `left`, `right`, `top` and `bottom` edge, None where nothing says them.

    L R A P H F as in PS3.3 C.7.6.1.1.1; two letters, the stronger first, from 5 degrees of tilt on.
    """
    plane = plane_of(instance)
    if plane:
        right, bottom = _letters(plane.row), _letters(plane.column)
    else:
        stated = [str(value or "").strip().upper() for value in values(instance.attributes, "PatientOrientation")]
        if len(stated) != 2 or not all(_is_direction(value) for value in stated):
            return None
        right, bottom = stated
    return {"left": _opposite(right), "right": right, "top": _opposite(bottom), "bottom": bottom}


def spacing(instance: Instance) -> Spacing | None:
    """Millimetres per pixel, None where unknown.

    `pixel` is calibrated in the patient; `imager` was measured at the detector (PS3.3 10.7.1.3) and is divided by the
    magnification where that is known.
    """
    pixel, imager = _pair(instance, "PixelSpacing"), _pair(instance, "ImagerPixelSpacing")
    # Both equal means that Pixel Spacing was copied from the detector and never calibrated (PS3.3 10.7.1.3).
    if pixel and pixel != imager:
        return Spacing(*pixel, "pixel")
    if imager is None:
        return None
    magnification = number(instance.attributes, "EstimatedRadiographicMagnificationFactor")
    factor = magnification if magnification and magnification >= 1 else 1.0
    return Spacing(imager[0] / factor, imager[1] / factor, "imager")


def laterality(instance: Instance, series: Series) -> str:
    """R, L, B (both) or U (unpaired) as the image says, else its series; empty where neither does."""
    for stated in (instance.text("FrameLaterality"), instance.text("ImageLaterality"), series.text("Laterality")):
        if found := _LATERALITY.get(stated.strip().upper()):
            return found
    return ""


def cine_rate(instance: Instance) -> float | None:
    """Frames per second at which the frames were made or are to be shown (PS3.3 C.7.6.5), None where unknown."""
    for keyword in ("CineRate", "RecommendedDisplayFrameRate"):
        rate = number(instance.attributes, keyword)
        if rate and rate > 0:
            return rate
    frame_time = number(instance.attributes, "FrameTime")
    steps = [step for step in numbers(instance.attributes, "FrameTimeVector") if step > 0]
    milliseconds = frame_time if frame_time and frame_time > 0 else (median(steps) if steps else None)
    return round(1000 / milliseconds, 3) if milliseconds else None


def frame_times(instance: Instance) -> list[float] | None:
    """Milliseconds from each frame to the next where they differ (PS3.3 C.7.6.5.1.2), None where all are the same."""
    vector = numbers(instance.attributes, "FrameTimeVector")
    if len(vector) != instance.number_of_frames or len(vector) < 3 or len(set(vector[1:])) == 1:
        return None
    # The vector says how long after the one before; what follows the last frame is the first again.
    return [*vector[1:], round(median(vector[1:]), 3)]


def pixel_aspect(instance: Instance) -> float:
    """Height of a pixel over its width, 1 where nothing says otherwise."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "PixelAspectRatio"):
        pair = _pair(instance, keyword)
        if pair and 0.01 <= pair[0] / pair[1] <= 100:
            return round(pair[0] / pair[1], 6)
    return 1.0


def slice_location(instance: Instance) -> float | None:
    """Millimetres along the stack: Slice Location, else the position along the normal; None where neither is known."""
    stated = number(instance.attributes, "SliceLocation")
    if stated is not None:
        return stated
    plane, position = plane_of(instance), position_of(instance)
    return round(dot(position, plane.normal), 3) if plane and position else None


def _pair(instance: Instance, keyword: str) -> tuple[float, float] | None:
    found = numbers(instance.attributes, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def _letters(direction: Vector) -> str:
    """The one or two axes the direction follows most; of equals the first of x, y and z leads."""
    named = [(abs(c), "LPH"[axis] if c > 0 else "RAF"[axis]) for axis, c in enumerate(direction)]
    # Rounded, so that a tie in the patient stays one after the text's rounding of the cosines.
    ranked = sorted(named, key=lambda part: -round(part[0], 4))
    return "".join(letter for size, letter in ranked[:2] if size >= _SECOND_LETTER_FROM)


def _is_direction(letters: str) -> bool:
    """Whether the letters name one end of different axes; quadrupeds' abbreviations such as LE or V do not."""
    axes = {frozenset((letter, _OPPOSITE.get(letter, ""))) for letter in letters}
    return 1 <= len(letters) <= 3 and all(letter in _OPPOSITE for letter in letters) and len(axes) == len(letters)


def _opposite(letters: str) -> str:
    return "".join(_OPPOSITE[letter] for letter in letters)
