"""Where the picture's pixels land: area, rotation, flip, source region, viewport (PS3.18 8.3.5.1, PS3.3 C.10).

One Placement moves arrays and points alike, so that graphics meet the pixels that they were drawn for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.dicom.rendering import MAX_VIEWPORT_EDGE, Fit, Viewport
from gateway.errors import BadRequest

Array = NDArray[Any]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Spatial:
    """What a presentation state does to the picture's place (PS3.3 C.10.4, C.10.6).

    `area` is the displayed area in stored pixels (left, top, right, bottom, beyond the picture where it says so),
    `turns` clockwise quarter turns, `mirror` a horizontal flip after them, `magnification` shown for stored pixels.
    """

    area: Box | None = None
    turns: int = 0
    mirror: bool = False
    magnification: float = 1.0


@dataclass(frozen=True, slots=True)
class Placement:
    """From stored pixels to the pixels of the finished picture."""

    rows: int
    columns: int
    area: Box
    turns: int
    mirror: bool
    region: Box
    flips: tuple[bool, bool]
    height: int
    width: int

    @classmethod
    def of(
        cls, extent: tuple[int, int], viewport: Viewport | None, spatial: Spatial | None = None, aspect: float = 1.0
    ) -> Placement:
        """The placement of a picture of `extent` rows and columns; `aspect` is a pixel's height over its width."""
        rows, columns = extent
        spatial = spatial or Spatial()
        area = spatial.area or (0, 0, columns, rows)
        width, height = area[2] - area[0], area[3] - area[1]
        if spatial.turns % 2:
            width, height, aspect = height, width, 1 / aspect
        region, flips = _region(viewport, width, height)
        shown = _fitted(region, viewport, aspect, spatial.magnification)
        return cls(rows, columns, area, spatial.turns % 4, spatial.mirror, region, flips, *shown)

    @property
    def shrink(self) -> int:
        """By how much (1, 2, 4 or 8) the stored picture may be made smaller before it is placed."""
        region_width, region_height = self.region[2] - self.region[0], self.region[3] - self.region[1]
        least = min(region_width / self.width, region_height / self.height)
        return next((scale for scale in (8, 4, 2) if least >= scale), 1)

    @property
    def is_as_stored(self) -> bool:
        """Whether every stored pixel is shown in its own place."""
        whole = (0, 0, self.columns, self.rows)
        is_moved = self.turns or self.mirror or any(self.flips) or self.area != whole or self.region != whole
        return not is_moved and (self.height, self.width) == (self.rows, self.columns)

    @property
    def stored_rows(self) -> tuple[int, int] | None:
        """The first and the end of the stored rows that are shown, None where all are or the picture is turned."""
        is_plain = self.area == (0, 0, self.columns, self.rows) and not self.turns and not self.mirror
        top, bottom = self.region[1], self.region[3]
        return (top, bottom) if is_plain and (top, bottom) != (0, self.rows) else None

    def of_region(self) -> Placement:
        """The same for an array that holds the region alone."""
        columns, rows = self.region[2] - self.region[0], self.region[3] - self.region[1]
        whole = (0, 0, columns, rows)
        return replace(self, rows=rows, columns=columns, area=whole, region=whole, turns=0, mirror=False)

    def apply(self, array: Array, first_row: int | None = None) -> Array:
        """The array in its place; it may be smaller than the stored picture, or hold only `stored_rows` of it."""
        turned = np.rot90(_padded(array, self._scaled(self.area, array)), -self.turns) if self._is_moved else array
        if self.mirror:
            turned = turned[:, ::-1]
        left, top, right, bottom = self._scaled_region(turned, first_row)
        region = turned[top:bottom, left:right]
        region = region[:: -1 if self.flips[1] else 1, :: -1 if self.flips[0] else 1]
        return resize(np.ascontiguousarray(region), self.height, self.width)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the stored picture lands; 0, 0 is the corner of its first pixel (PS3.3 C.10.5.1.2)."""
        x, y = x - self.area[0], y - self.area[1]
        width, height = self.area[2] - self.area[0], self.area[3] - self.area[1]
        for _ in range(self.turns):
            x, y, width, height = height - y, x, height, width
        return self._from_turned(width - x if self.mirror else x, y)

    def point_of_display(self, u: float, v: float) -> tuple[float, float]:
        """Where a fraction, 0 to 1, of the displayed area lands."""
        width, height = self.area[2] - self.area[0], self.area[3] - self.area[1]
        if self.turns % 2:
            width, height = height, width
        return self._from_turned(u * width, v * height)

    def _from_turned(self, x: float, y: float) -> tuple[float, float]:
        left, top, right, bottom = self.region
        x, y = (x - left) * self.width / (right - left), (y - top) * self.height / (bottom - top)
        return (self.width - x if self.flips[0] else x), (self.height - y if self.flips[1] else y)

    @property
    def _is_moved(self) -> bool:
        return bool(self.turns) or self.area != (0, 0, self.columns, self.rows)

    def _scaled(self, box: Box, array: Array) -> Box:
        across, down = array.shape[1] / self.columns, array.shape[0] / self.rows
        return round(box[0] * across), round(box[1] * down), round(box[2] * across), round(box[3] * down)

    def _scaled_region(self, array: Array, first_row: int | None) -> Box:
        left, top, right, bottom = self.region
        if first_row is not None:
            return left, top - first_row, right, bottom - first_row
        width, height = self.area[2] - self.area[0], self.area[3] - self.area[1]
        if self.turns % 2:
            width, height = height, width
        across, down = array.shape[1] / width, array.shape[0] / height
        right, bottom = (
            max(round(right * across), round(left * across) + 1),
            max(round(bottom * down), round(top * down) + 1),
        )
        return round(left * across), round(top * down), right, bottom


def resize(array: Array, rows: int, columns: int) -> Array:
    """The array at that size: area means when it shrinks, so that no pixel is left out; bicubic when it grows."""
    if array.shape[:2] == (rows, columns):
        return array
    if (step := _whole_step(array, rows, columns)) > 1:
        # Means over whole blocks are eight times as fast as over fractions of pixels.
        blocks = array.shape[1] // step, array.shape[0] // step
        array = cv2.resize(array, blocks, interpolation=cv2.INTER_AREA)
    shrinks = rows <= array.shape[0] and columns <= array.shape[1]
    if array.dtype in (np.int32, np.uint32):
        array = array.astype(np.float64)
    resized: Array = cv2.resize(array, (columns, rows), interpolation=_interpolation(array, rows, columns, shrinks))
    return resized


def _interpolation(array: Array, rows: int, columns: int, shrinks: bool) -> int:  # noqa: FBT001 - a fact of the extents
    if not shrinks:
        return int(cv2.INTER_CUBIC)
    # Colour that shrinks by little: between two neighbours nothing is left out either, ten times as fast.
    is_little = array.shape[0] < 1.5 * rows and array.shape[1] < 1.5 * columns
    return int(cv2.INTER_LINEAR if is_little and array.ndim == 3 and array.dtype == np.uint8 else cv2.INTER_AREA)


def _whole_step(array: Array, rows: int, columns: int) -> int:
    """The largest whole number of pixels by which the array can be shrunk on its way, leaving none over."""
    most = min(array.shape[0] // rows, array.shape[1] // columns)
    if array.shape[0] * array.shape[1] < 1_000_000 or array.dtype.itemsize > 2:
        return 1
    return next((step for step in range(most, 1, -1) if not array.shape[0] % step and not array.shape[1] % step), 1)


def _region(viewport: Viewport | None, columns: int, rows: int) -> tuple[Box, tuple[bool, bool]]:
    if viewport is None:
        return (0, 0, columns, rows), (False, False)
    left, right, flip_horizontally = _span(viewport.x, viewport.region_width, columns)
    top, bottom, flip_vertically = _span(viewport.y, viewport.region_height, rows)
    return (left, top, right, bottom), (flip_horizontally, flip_vertically)


def _span(start: float, extent: float | None, available: int) -> tuple[int, int, bool]:
    first = round(start)
    last = available if extent is None else min(available, round(start + abs(extent)))
    if first >= available or last <= first:
        raise BadRequest("The viewport's source region lies outside the picture.")
    return first, last, extent is not None and extent < 0


def _fitted(region: Box, viewport: Viewport | None, aspect: float, magnification: float) -> tuple[int, int]:
    """Rows and columns of the finished picture."""
    columns, rows = region[2] - region[0], region[3] - region[1]
    if viewport is None:
        largest = min(magnification, MAX_VIEWPORT_EDGE / max(rows, columns)) if magnification != 1 else 1.0
        return max(1, round(rows * largest)), max(1, round(columns * largest))
    if viewport.fit is Fit.EXACT:
        return viewport.height, viewport.width
    # Pixels that are not square are shown as they are in the patient: the shorter side grows.
    wide, high = (columns, rows * aspect) if aspect >= 1 else (columns / aspect, float(rows))
    scale = min(viewport.width / wide, viewport.height / high)
    if viewport.fit is Fit.SHRINK:
        scale = min(scale, 1.0)
    return max(1, min(viewport.height, round(high * scale))), max(1, min(viewport.width, round(wide * scale)))


def _padded(array: Array, box: Box) -> Array:
    """The box cut out of the array, black where it lies outside."""
    left, top, right, bottom = box
    rows, columns = array.shape[:2]
    cut = array[max(0, top) : max(0, min(rows, bottom)), max(0, left) : max(0, min(columns, right))]
    if cut.shape[:2] == (bottom - top, right - left):
        return cut
    whole = np.zeros((bottom - top, right - left, *array.shape[2:]), array.dtype)
    if not cut.size:
        return whole
    row, column = max(0, -top), max(0, -left)
    whole[row : row + cut.shape[0], column : column + cut.shape[1]] = cut
    return whole
