"""Source region and viewport (PS3.18 8.3.5.1.3): cut, flip, and fit into the box with the aspect kept."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.dicom.rendering import Viewport
from gateway.errors import BadRequest

Array = NDArray[Any]


def cut(array: Array, viewport: Viewport | None) -> Array:
    """The source region of the picture, flipped along the axes whose extent is negative."""
    if viewport is None:
        return array
    rows, columns = array.shape[:2]
    left, right, flip_horizontally = _span(viewport.x, viewport.region_width, columns)
    top, bottom, flip_vertically = _span(viewport.y, viewport.region_height, rows)
    region = array[top:bottom, left:right]
    if flip_horizontally:
        region = region[:, ::-1]
    if flip_vertically:
        region = region[::-1]
    return np.ascontiguousarray(region)


def _span(start: float, extent: float | None, available: int) -> tuple[int, int, bool]:
    first = round(start)
    last = available if extent is None else min(available, round(start + abs(extent)))
    if first >= available or last <= first:
        raise BadRequest("The viewport's source region lies outside the picture.")
    return first, last, extent is not None and extent < 0


def fitted(region: Array, viewport: Viewport | None) -> tuple[int, int]:
    """Rows and columns of the largest picture of the region's aspect in the viewport's box."""
    rows, columns = region.shape[:2]
    if viewport is None:
        return rows, columns
    scale = min(viewport.width / columns, viewport.height / rows)
    return max(1, min(viewport.height, round(rows * scale))), max(1, min(viewport.width, round(columns * scale)))


def resize(array: Array, rows: int, columns: int) -> Array:
    """The array at that size: area means when it shrinks, so that no pixel is left out; bicubic when it grows."""
    if array.shape[:2] == (rows, columns):
        return array
    shrinks = rows <= array.shape[0] and columns <= array.shape[1]
    resized: Array = cv2.resize(array, (columns, rows), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return resized
