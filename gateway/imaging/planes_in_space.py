"""Where a picture's plane lies in the patient: its directions and the place of its first pixel (PS3.3 C.7.6.2.1.1)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.dicom.attributes import numbers
from gateway.dicom.model import Instance

Vector = tuple[float, float, float]
SAME_DIRECTION = math.cos(math.radians(1))


@dataclass(frozen=True, slots=True)
class Plane:
    """Direction of a row (to the right), of a column (downwards) and their normal, each of length 1."""

    row: Vector
    column: Vector
    normal: Vector


def plane_of(instance: Instance) -> Plane | None:
    """The picture's plane, None where its orientation is unknown or none."""
    cosines = numbers(instance.attributes, "ImageOrientationPatient")
    if len(cosines) != 6:
        return None
    row, column = _unit(cosines[:3]), _unit(cosines[3:])
    if row is None or column is None or abs(dot(row, column)) > 0.1:
        return None
    normal = _unit(
        (
            row[1] * column[2] - row[2] * column[1],
            row[2] * column[0] - row[0] * column[2],
            row[0] * column[1] - row[1] * column[0],
        )
    )
    return Plane(row, column, normal) if normal else None


def position_of(instance: Instance) -> Vector | None:
    """Where the first pixel's middle lies, in millimetres; None where unknown."""
    found = numbers(instance.attributes, "ImagePositionPatient")
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def dot(a: Vector, b: Vector) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _unit(vector: Sequence[float]) -> Vector | None:
    length = math.hypot(*vector)
    return (vector[0] / length, vector[1] / length, vector[2] / length) if 1e-6 < length < math.inf else None
