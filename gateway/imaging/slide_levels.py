"""Whole slides (VL Whole Slide Microscopy, PS3.3 A.32.8): which instances are one pyramid, and which level serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.dicom.attributes import element, number, values
from gateway.dicom.model import Instance
from gateway.imaging.stack_order import StackFrame

_OF_ITS_OWN = frozenset({"LABEL", "OVERVIEW"})


def slide_frames(instances: Sequence[Instance]) -> list[StackFrame]:
    """The slide as one picture with its levels, then its overview and label; extents are the total pixel matrix's."""
    whole = [_as_whole(one) for one in instances if _matrix(one)]
    levels = sorted((one for one in whole if _flavor(one) not in _OF_ITS_OWN), key=lambda one: -columns_of(one))
    pictures = [tuple(levels)] if levels else []
    pictures += [(one,) for flavor in ("OVERVIEW", "LABEL") for one in whole if _flavor(one) == flavor]
    return [StackFrame(n, levels[0], 1, levels) for n, levels in enumerate(pictures, start=1)]


def level_for(levels: Sequence[Instance], scale: float) -> Instance:
    """The smallest level that has at least `scale` (0 to 1) of the largest one's resolution."""
    wanted = columns_of(levels[0]) * min(scale, 1.0) * 0.999
    return next((level for level in reversed(levels) if columns_of(level) >= wanted), levels[0])


def columns_of(instance: Instance) -> int:
    """Columns of the picture as a whole."""
    return int(number(instance.attributes, "Columns") or 1)


def rows_of(instance: Instance) -> int:
    """Rows of the picture as a whole."""
    return int(number(instance.attributes, "Rows") or 1)


def _matrix(instance: Instance) -> tuple[int, int] | None:
    columns, rows = (number(instance.attributes, f"TotalPixelMatrix{axis}") for axis in ("Columns", "Rows"))
    return (int(columns), int(rows)) if columns and rows and columns >= 1 and rows >= 1 else None


def _as_whole(instance: Instance) -> Instance:
    columns, rows = _matrix(instance) or (1, 1)
    extent = element("Columns", columns) | element("Rows", rows)
    return replace(instance, attributes=instance.attributes | extent)


def _flavor(instance: Instance) -> str:
    """The third value of Image Type: VOLUME, THUMBNAIL, LABEL or OVERVIEW (C.8.12.4.1.1)."""
    kinds = [str(value or "").strip().upper() for value in values(instance.attributes, "ImageType")]
    return kinds[2] if len(kinds) > 2 else "VOLUME"
