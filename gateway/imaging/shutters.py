"""Display shutters (PS3.3 C.7.6.11, C.7.6.15): what lies outside is covered with one grey."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.imaging.overlays import overlays_of

Mask = NDArray[np.bool_]


def has_shutter(header: Dataset) -> bool:
    """Whether the object or the presentation state covers part of the picture."""
    return bool(header.get("ShutterShape"))


def covered(header: Dataset, rows: int, columns: int) -> Mask:
    """The pixels, rows x columns, that are hidden: those outside any of the shapes."""
    shapes = _shapes(header)
    hidden = np.zeros((rows, columns), bool)
    if "RECTANGULAR" in shapes:
        hidden |= ~_rectangle(header, rows, columns)
    if "CIRCULAR" in shapes:
        hidden |= ~_circle(header, rows, columns)
    if "POLYGONAL" in shapes:
        hidden |= ~_polygon(header, rows, columns)
    if "BITMAP" in shapes:
        for overlay in overlays_of(header, 1):
            if overlay.group == bitmap_group(header):
                hidden |= overlay.mask(rows, columns)
    return hidden


def bitmap_group(header: Dataset) -> int | None:
    """The group of the overlay that is a shutter and no drawing (C.7.6.15), None where there is none."""
    return int(header.get("ShutterOverlayGroup") or 0) if "BITMAP" in _shapes(header) else None


def shutter_grey(header: Dataset) -> int:
    """The grey that covers, 0 to 255: Shutter Presentation Value is a P-value of 16 bits, black where absent."""
    return int(header.get("ShutterPresentationValue") or 0) >> 8


def _shapes(header: Dataset) -> set[str]:
    return {str(shape).strip().upper() for shape in _many(header.get("ShutterShape"))}


def _rectangle(header: Dataset, rows: int, columns: int) -> Mask:
    # Edges are rows and columns counted from 1; those named belong to the picture.
    left, right = (
        _edge(header, f"Shutter{side}VerticalEdge", usual) for side, usual in (("Left", 0), ("Right", columns + 1))
    )
    top, bottom = (
        _edge(header, f"Shutter{side}HorizontalEdge", usual) for side, usual in (("Upper", 0), ("Lower", rows + 1))
    )
    inside = np.zeros((rows, columns), bool)
    inside[max(0, top - 1) : max(0, bottom), max(0, left - 1) : max(0, right)] = True
    return inside


def _circle(header: Dataset, rows: int, columns: int) -> Mask:
    center, radius = _numbers(header.get("CenterOfCircularShutter")), float(header.get("RadiusOfCircularShutter") or 0)
    if len(center) != 2:
        return np.ones((rows, columns), bool)
    down, across = np.ogrid[1 : rows + 1, 1 : columns + 1]
    return np.asarray((down - center[0]) ** 2 + (across - center[1]) ** 2 <= radius**2)


def _polygon(header: Dataset, rows: int, columns: int) -> Mask:
    flat = _numbers(header.get("VerticesOfThePolygonalShutter"))
    corners = np.array([[column - 1, row - 1] for row, column in zip(flat[::2], flat[1::2], strict=False)], np.float64)
    if len(corners) < 3:
        return np.ones((rows, columns), bool)
    inside = np.zeros((rows, columns), np.uint8)
    cv2.fillPoly(inside, [np.clip(np.rint(corners), -30000, 30000).astype(np.int32)], 1)
    return inside.astype(bool)


def _edge(header: Dataset, keyword: str, usual: int) -> int:
    value = header.get(keyword)
    return usual if value is None else int(value)


def _many(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return [value] if isinstance(value, str | int | float) else list(value)


def _numbers(value: Any) -> list[float]:
    return [float(one) for one in _many(value)]
