"""Where a picture lies in the patient: the order of a stack, letters at the edges, millimetres per pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gateway.dicom.attributes import number, numbers, values
from gateway.dicom.model import Instance, Series

Vector = tuple[float, float, float]

MAX_FRAMES_OF_INSTANCE = 100_000
_SAME_DIRECTION = math.cos(math.radians(1))
_SECOND_LETTER_FROM = math.sin(math.radians(5))
_SAME_PLACE = 1e-3
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_LATERALITY = {"R": "R", "L": "L", "U": "U", "B": "B", "RIGHT": "R", "LEFT": "L", "UNPAIRED": "U", "BOTH": "B"}


@dataclass(frozen=True, slots=True)
class Spacing:
    """Millimetres between the centres of neighbouring rows and columns; `source` is pixel or imager."""

    row: float
    column: float
    source: str


@dataclass(frozen=True, slots=True)
class StackFrame:
    """The n-th picture of a stack, from 1: one frame of one instance."""

    n: int
    instance: Instance
    frame_number: int


@dataclass(frozen=True, slots=True)
class _Plane:
    """Direction of a row (to the right), of a column (downwards) and their normal, each of length 1."""

    row: Vector
    column: Vector
    normal: Vector


def stack_order(instances: Sequence[Instance]) -> list[Instance]:
    """The instances as one reads them: the slices of the main orientation along their normal, the others after them.

    Of the two directions along the normal, the one in which instance numbers mostly rise.

    Without one orientation that most share (PS3.3 C.7.6.2.1.1), by acquisition number, instance number and UID.
    """
    by_number = sorted(instances, key=_numbering)
    planes = {id(instance): _plane(instance) for instance in by_number}
    main = _main_orientation([plane for plane in planes.values() if plane])
    if main is None:
        return by_number
    slices = [i for i in by_number if _is_slice_of(planes[id(i)], main) and _position(i)]
    if 2 * len(slices) <= len(by_number):
        return by_number
    chosen = {id(instance) for instance in slices}
    return _along(main.normal, slices) + [i for i in by_number if id(i) not in chosen]


def frames_of(_series: Series, instances: Sequence[Instance]) -> list[StackFrame]:
    """All frames of the instances, in the order given, as one stack; empty where the series holds no pictures.

    No instance gives more than MAX_FRAMES_OF_INSTANCE: a header's claim must not cost more memory than a file's size.
    """
    addresses = [
        (instance, frame_number)
        for instance in instances
        for frame_number in range(1, min(instance.number_of_frames, MAX_FRAMES_OF_INSTANCE) + 1)
    ]
    return [StackFrame(n, instance, frame_number) for n, (instance, frame_number) in enumerate(addresses, start=1)]


def orientation_letters(instance: Instance) -> dict[str, str] | None:
    """The letters at the picture's `left`, `right`, `top` and `bottom` edge, None where nothing says them.

    L R A P H F as in PS3.3 C.7.6.1.1.1; two letters, the stronger first, from 5 degrees of tilt on.
    """
    plane = _plane(instance)
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
    for stated in (instance.text("ImageLaterality"), series.text("Laterality")):
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


def slice_location(instance: Instance) -> float | None:
    """Millimetres along the stack: Slice Location, else the position along the normal; None where neither is known."""
    stated = number(instance.attributes, "SliceLocation")
    if stated is not None:
        return stated
    plane, position = _plane(instance), _position(instance)
    return round(_dot(position, plane.normal), 3) if plane and position else None


def _numbering(instance: Instance) -> tuple[float, float, str]:
    acquisition = number(instance.attributes, "AcquisitionNumber")
    in_series = number(instance.attributes, "InstanceNumber")
    return (
        math.inf if acquisition is None else acquisition,
        math.inf if in_series is None else in_series,
        instance.sop_instance_uid,
    )


def _main_orientation(planes: list[_Plane]) -> _Plane | None:
    """The orientation that more than half share, if any: one that survives as the majority vote's candidate."""
    candidate, votes = None, 0
    for plane in planes:
        if candidate is None or votes == 0:
            candidate, votes = plane, 1
        else:
            votes += 1 if _is_slice_of(plane, candidate) else -1
    return candidate


def _is_slice_of(plane: _Plane | None, main: _Plane) -> bool:
    return (
        plane is not None
        and _dot(plane.normal, main.normal) >= _SAME_DIRECTION
        and _dot(plane.row, main.row) >= _SAME_DIRECTION
    )


def _along(normal: Vector, slices: list[Instance]) -> list[Instance]:
    """By position along the normal; a place visited again by a later acquisition starts the next volume.

    The end to begin with is the one where the numbers begin, so that the n-th picture is mostly image n of the report;
    without numbers the normal's own direction.
    """
    depth = {id(instance): round(_dot(_position(instance) or (0, 0, 0), normal) / _SAME_PLACE) for instance in slices}
    if _runs_against_numbers(slices, depth):
        depth = {key: -place for key, place in depth.items()}
    volumes: dict[float, set[int]] = {}
    repeated_within = False
    for instance in slices:
        places = volumes.setdefault(_numbering(instance)[0], set())
        repeated_within |= depth[id(instance)] in places
        places.add(depth[id(instance)])
    repeated = len(set(depth.values())) < len(slices)
    if repeated and not repeated_within:
        return sorted(slices, key=lambda instance: (_numbering(instance)[0], depth[id(instance)]))
    return sorted(slices, key=lambda instance: depth[id(instance)])


def _runs_against_numbers(slices: list[Instance], depth: dict[int, int]) -> bool:
    """Whether instance numbers fall where the depth rises (the sign of their covariance)."""
    numbered = [(found, depth[id(i)]) for i in slices if (found := number(i.attributes, "InstanceNumber")) is not None]
    if len(numbered) < 2:
        return False
    mean_number, mean_depth = (sum(column) / len(numbered) for column in zip(*numbered, strict=True))
    covariance: float = sum((n - mean_number) * (d - mean_depth) for n, d in numbered)
    return covariance < 0


def _plane(instance: Instance) -> _Plane | None:
    cosines = numbers(instance.attributes, "ImageOrientationPatient")
    if len(cosines) != 6:
        return None
    row, column = _unit(cosines[:3]), _unit(cosines[3:])
    if row is None or column is None or abs(_dot(row, column)) > 0.1:
        return None
    normal = _unit(
        (
            row[1] * column[2] - row[2] * column[1],
            row[2] * column[0] - row[0] * column[2],
            row[0] * column[1] - row[1] * column[0],
        )
    )
    return _Plane(row, column, normal) if normal else None


def _position(instance: Instance) -> Vector | None:
    found = numbers(instance.attributes, "ImagePositionPatient")
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _pair(instance: Instance, keyword: str) -> tuple[float, float] | None:
    found = numbers(instance.attributes, keyword)
    return (found[0], found[1]) if len(found) == 2 and min(found) > 0 else None


def _unit(vector: Sequence[float]) -> Vector | None:
    length = math.hypot(*vector)
    return (vector[0] / length, vector[1] / length, vector[2] / length) if 1e-6 < length < math.inf else None


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


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
