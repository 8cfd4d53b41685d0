"""The pictures of a series in reading order: by where they lie in the patient, not by their numbers alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.dicom.attributes import number
from gateway.dicom.model import Instance
from gateway.imaging.planes_in_space import SAME_DIRECTION, Plane, Vector, dot, plane_of, position_of

_SAME_PLACE = 1e-3


@dataclass(frozen=True, slots=True)
class StackFrame:
    """The n-th picture of a stack, from 1: one frame of one instance, with the attributes that hold for that frame.

    `levels` are the instances of a whole slide from the largest to the smallest; of other pictures there are none.
    """

    n: int
    instance: Instance
    frame_number: int
    levels: tuple[Instance, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """One frame with its place in space and its number."""

    instance: Instance
    frame_number: int
    plane: Plane | None
    position: Vector | None
    numbering: tuple[float, float, int, str]


def reading_order(instances: Sequence[Instance]) -> list[StackFrame]:
    """All frames as one reads them: the slices of the main orientation along their normal, the others after them.

    Of the two directions along the normal, the one in which numbers mostly rise. Without one orientation that most
    share (PS3.3 C.7.6.2.1.1), by acquisition, instance and frame number and UID.
    """
    by_number = sorted(
        (placed for instance in instances for placed in _frames(instance)), key=lambda one: one.numbering
    )
    return [StackFrame(n, one.instance, one.frame_number) for n, one in enumerate(_in_space(by_number), start=1)]


def _frames(instance: Instance) -> list[_Placed]:
    count = instance.number_of_frames
    if not instance.has_frame_groups:
        plane, position, numbering = plane_of(instance), position_of(instance), _numbering(instance, 0)
        return [
            _Placed(instance, frame, plane, position, (*numbering[:2], frame, numbering[3]))
            for frame in range(1, count + 1)
        ]
    each = [(frame, instance.of_frame(frame)) for frame in range(1, count + 1)]
    return [_Placed(own, frame, plane_of(own), position_of(own), _numbering(own, frame)) for frame, own in each]


def _numbering(instance: Instance, frame_number: int) -> tuple[float, float, int, str]:
    """Acquisition (of an enhanced object: point in time), instance and frame number, and what makes it unique."""
    known = [number(instance.attributes, name) for name in ("TemporalPositionIndex", "AcquisitionNumber")]
    acquisition = next((one for one in known if one is not None), math.inf)
    in_series = number(instance.attributes, "InstanceNumber")
    return acquisition, math.inf if in_series is None else in_series, frame_number, instance.sop_instance_uid


def _in_space(by_number: list[_Placed]) -> list[_Placed]:
    main = _main_orientation([one.plane for one in by_number if one.plane])
    if main is None:
        return by_number
    slices = [one for one in by_number if _is_slice_of(one.plane, main) and one.position]
    if 2 * len(slices) <= len(by_number):
        return by_number
    chosen = {id(one) for one in slices}
    return _along(main.normal, slices) + [one for one in by_number if id(one) not in chosen]


def _main_orientation(planes: list[Plane]) -> Plane | None:
    """The orientation that more than half share, if any: one that survives as the majority vote's candidate."""
    candidate, votes = None, 0
    for plane in planes:
        if candidate is None or votes == 0:
            candidate, votes = plane, 1
        else:
            votes += 1 if _is_slice_of(plane, candidate) else -1
    return candidate


def _is_slice_of(plane: Plane | None, main: Plane) -> bool:
    return (
        plane is not None
        and dot(plane.normal, main.normal) >= SAME_DIRECTION
        and dot(plane.row, main.row) >= SAME_DIRECTION
    )


def _along(normal: Vector, slices: list[_Placed]) -> list[_Placed]:
    """By position along the normal; a place visited again by a later acquisition starts the next volume.

    The end to begin with is the one where the numbers begin, so that the n-th picture is mostly image n of the report;
    without numbers the normal's own direction.
    """
    depth = {id(one): round(dot(one.position or (0, 0, 0), normal) / _SAME_PLACE) for one in slices}
    if _runs_against_numbers(slices, depth):
        depth = {key: -place for key, place in depth.items()}
    volumes: dict[float, set[int]] = {}
    repeated_within = False
    for one in slices:
        places = volumes.setdefault(one.numbering[0], set())
        repeated_within |= depth[id(one)] in places
        places.add(depth[id(one)])
    repeated = len(set(depth.values())) < len(slices)
    if repeated and not repeated_within:
        return sorted(slices, key=lambda one: (one.numbering[0], depth[id(one)]))
    return sorted(slices, key=lambda one: depth[id(one)])


def _runs_against_numbers(slices: list[_Placed], depth: dict[int, int]) -> bool:
    """Whether numbers fall where the depth rises (the sign of their covariance)."""
    numbered = [(one.numbering[1:3], depth[id(one)]) for one in slices if one.numbering[1] < math.inf]
    if len(numbered) < 2:
        return False
    ranks = {key: rank for rank, key in enumerate(sorted({key for key, _ in numbered}))}
    mean_rank = sum(ranks[key] for key, _ in numbered) / len(numbered)
    mean_depth = sum(place for _, place in numbered) / len(numbered)
    covariance: float = sum((ranks[key] - mean_rank) * (place - mean_depth) for key, place in numbered)
    return covariance < 0
