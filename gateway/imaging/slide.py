"""A region of a whole slide out of the tiles of one of its levels (PS3.3 C.8.12.4, C.7.6.17)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.rendering import Rendering
from gateway.errors import NotFound, Unreadable
from gateway.imaging.color import is_color, to_rgb
from gateway.imaging.decode import decode
from gateway.imaging.encode import encode
from gateway.imaging.greys import Greys
from gateway.imaging.icc import converted, profile_of
from gateway.imaging.pipeline import SOURCES, finished, what_was_done
from gateway.imaging.placement import Placement
from gateway.imaging.source import Source

MOST_TILES = 4096
MOST_PIXELS = 120_000_000


def render_slide(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The region of the level in the file as a picture, and the truth about it.

    `arguments`: `rendering` (its viewport's region in pixels of the level), `files` as for a single picture.
    """
    rendering = Rendering.from_arguments(arguments["rendering"])
    source = SOURCES.open(dict(zip(arguments["files"], files, strict=True))["object"])
    columns, rows = (int(source.header.get(f"TotalPixelMatrix{axis}") or 0) for axis in ("Columns", "Rows"))
    if columns < 1 or rows < 1:
        raise Unreadable("The slide does not say how large it is.")
    placement = Placement.of((rows, columns), rendering.viewport)
    pixels = _composed(source, placement.region, rendering)
    shown, icc_profile = pixels, None
    if pixels.ndim == 3:
        shown, icc_profile = converted(pixels, profile_of(source.header), rendering.icc_profile)
    shown = finished(placement.of_region().apply(shown), rendering, source.header, 1)
    body = encode(shown, rendering, icc_profile)
    truth = {"window": None, "window_origin": "color"} | what_was_done(source, shown, rendering, len(body))
    return truth | {"source_rows": rows, "source_columns": columns}, body


def _composed(source: Source, region: tuple[int, int, int, int], rendering: Rendering) -> NDArray[np.uint8]:
    """The region at the level's own resolution; white, as the light of the microscope, where no tile lies."""
    left, top, right, bottom = region
    if (right - left) * (bottom - top) > MOST_PIXELS:
        raise Unreadable("The slide has no smaller level for a view of this size.")
    tiles = list(_tiles_within(source, region))
    if len(tiles) > MOST_TILES:
        raise Unreadable("The slide has no smaller level for a view of this size.")
    samples = (3,) if is_color(source.format) else ()
    whole = np.full((bottom - top, right - left, *samples), 255, np.uint8)
    for frame_number, tile_top, tile_left in tiles:
        tile = _tile(source, frame_number, rendering)
        row, column = tile_top - top, tile_left - left
        part = tile[max(0, -row) : bottom - tile_top, max(0, -column) : right - tile_left]
        place_row, place_column = max(0, row), max(0, column)
        whole[place_row : place_row + part.shape[0], place_column : place_column + part.shape[1]] = part
    return whole


def _tile(source: Source, frame_number: int, rendering: Rendering) -> NDArray[np.uint8]:
    samples, header = decode(source, frame_number), source.header_of(frame_number)
    if is_color(source.format):
        return to_rgb(samples, header, source.format)
    greys = Greys.of(header, source.format, rendering.window, None)
    return greys.shade(greys.stored(samples))


def _tiles_within(source: Source, region: tuple[int, int, int, int]) -> Iterator[tuple[int, int, int]]:
    left, top, right, bottom = region
    pixels = source.format
    for frame_number, row, column in _tiles(source.header, pixels.rows, pixels.columns, pixels.number_of_frames):
        if column < right and row < bottom and column + pixels.columns > left and row + pixels.rows > top:
            yield frame_number, row, column


def _tiles(header: Dataset, rows: int, columns: int, count: int) -> Iterator[tuple[int, int, int]]:
    """Frame number and first row and column, from 0, of each tile of the first focal plane and optical path."""
    groups = header.get("PerFrameFunctionalGroupsSequence")
    across = -(-int(header.TotalPixelMatrixColumns) // columns)
    down = -(-int(header.TotalPixelMatrixRows) // rows)
    if not groups or str(header.get("DimensionOrganizationType") or "").strip().upper() == "TILED_FULL":
        for place in range(min(count, across * down)):
            yield place + 1, place // across * rows, place % across * columns
        return
    seen: set[tuple[int, int]] = set()
    for frame_number, group in enumerate(groups, start=1):
        position = (group.get("PlanePositionSlideSequence") or [None])[0]
        if position is None:
            raise NotFound("The slide does not say where its tiles lie.")
        row = int(position.get("RowPositionInTotalImagePixelMatrix") or 1) - 1
        column = int(position.get("ColumnPositionInTotalImagePixelMatrix") or 1) - 1
        if (row, column) not in seen:
            seen.add((row, column))
            yield frame_number, row, column
