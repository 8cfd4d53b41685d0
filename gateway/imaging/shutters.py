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
MOST_CORNERS = 20_000
# Two Integer Strings of up to 12 characters and their separators for each (PS3.5 6.2).
LONGEST_CORNERS = 26 * MOST_CORNERS


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
    center, radius = (_numbers(header, f"{part}OfCircularShutter") for part in ("Center", "Radius"))
    if len(center) != 2 or len(radius) != 1:
        return np.ones((rows, columns), bool)
    down, across = np.ogrid[1 : rows + 1, 1 : columns + 1]
    return np.asarray((down - center[0]) ** 2 + (across - center[1]) ** 2 <= radius[0] ** 2)


def _polygon(header: Dataset, rows: int, columns: int) -> Mask:
    stored = header.get_item("VerticesOfThePolygonalShutter")
    if stored is not None and stored.is_raw and len(stored.value or b"") > LONGEST_CORNERS:
        return np.ones((rows, columns), bool)  # to read a million numbers as text takes seconds
    flat = np.array(_numbers(header, "VerticesOfThePolygonalShutter"), np.float64)
    corners = flat[: len(flat) // 2 * 2].reshape(-1, 2)[:, ::-1] - 1
    if not 3 <= len(corners) <= MOST_CORNERS:
        return np.ones((rows, columns), bool)
    inside = np.zeros((rows, columns), np.uint8)
    cv2.fillPoly(inside, [np.clip(np.rint(corners), -30000, 30000).astype(np.int32)], 1)
    return inside.astype(bool)


def _edge(header: Dataset, keyword: str, usual: int) -> int:
    found = _numbers(header, keyword)
    return int(found[0]) if len(found) == 1 else usual


def _many(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return [value] if isinstance(value, str | int | float) else list(value)


def _numbers(header: Dataset, keyword: str) -> list[float]:
    """The numbers, none where one of them is no finite number: what cannot be understood hides nothing."""
    try:
        found = [float(one) for one in _many(header.get(keyword))]
    except (TypeError, ValueError, OverflowError):
        return []
    return found if np.isfinite(found).all() else []
