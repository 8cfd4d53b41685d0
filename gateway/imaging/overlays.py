"""Overlay planes (PS3.3 C.9.2): one bit a pixel in groups 6000 to 601E, apart or in unused bits of pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.imaging.pixel_format import MOST_PIXELS

FIRST_GROUP, LAST_GROUP = 0x6000, 0x601E
_ROWS, _COLUMNS, _FRAMES, _TYPE, _ORIGIN, _FIRST_FRAME = 0x10, 0x11, 0x15, 0x40, 0x50, 0x51
_BITS_ALLOCATED, _BIT_POSITION, _ACTIVATION, _DATA = 0x100, 0x102, 0x1001, 0x3000


@dataclass(frozen=True, slots=True)
class Overlay:
    """One plane: its group, the bits (rows x columns) and where its first one lies in the picture, from 0."""

    group: int
    bits: NDArray[np.bool_]
    top: int
    left: int
    layer: str

    def mask(self, rows: int, columns: int) -> NDArray[np.bool_]:
        """The plane over a picture of that size."""
        whole = np.zeros((rows, columns), bool)
        top, left = max(0, self.top), max(0, self.left)
        part = self.bits[top - self.top : max(0, rows - self.top), left - self.left : max(0, columns - self.left)]
        whole[top : top + part.shape[0], left : left + part.shape[1]] = part
        return whole


def overlays_of(header: Dataset, frame_number: int, samples: NDArray[Any] | None = None) -> list[Overlay]:
    """The overlays of that frame; those in unused bits need the samples as stored. What is damaged is left out."""
    return list(_overlays(header, frame_number, samples))


def has_overlays(header: Dataset) -> bool:
    """Whether any overlay plane is described."""
    return any((group, _ROWS) in header or (group, _BIT_POSITION) in header for group in _groups())


def _groups() -> range:
    return range(FIRST_GROUP, LAST_GROUP + 1, 2)


def _overlays(header: Dataset, frame_number: int, samples: NDArray[Any] | None) -> Iterator[Overlay]:
    for group in _groups():
        if (group, _ROWS) not in header and (group, _BIT_POSITION) not in header:
            continue
        overlay = None
        with suppress(TypeError, ValueError, OverflowError):
            overlay = _overlay(header, group, frame_number, samples)
        if overlay is not None:
            yield overlay


def _overlay(header: Dataset, group: int, frame_number: int, samples: NDArray[Any] | None) -> Overlay | None:
    bits = _apart(header, group, frame_number) if (group, _DATA) in header else _embedded(header, group, samples)
    if bits is None:
        return None
    origin = _value(header, group, _ORIGIN)
    row, column = (int(origin[0]), int(origin[1])) if isinstance(origin, Sequence) and len(origin) == 2 else (1, 1)
    layer = str(_value(header, group, _ACTIVATION) or "").strip().upper()
    return Overlay(group, bits, row - 1, column - 1, layer)


def _apart(header: Dataset, group: int, frame_number: int) -> NDArray[np.bool_] | None:
    rows, columns = (int(_value(header, group, element) or 0) for element in (_ROWS, _COLUMNS))
    data = _value(header, group, _DATA)
    if rows < 1 or columns < 1 or rows * columns > MOST_PIXELS or not isinstance(data, bytes):
        return None
    frames = int(_value(header, group, _FRAMES) or 1)
    first_frame = int(_value(header, group, _FIRST_FRAME) or 1)
    place = frame_number - first_frame if frames > 1 or (group, _FIRST_FRAME) in header else 0
    start = place * rows * columns
    if not 0 <= place < frames or (start + rows * columns + 7) // 8 > len(data):
        return None
    packed = np.frombuffer(data[start // 8 : (start + rows * columns + 7) // 8], np.uint8)
    found = np.unpackbits(packed, bitorder="little")[start % 8 : start % 8 + rows * columns]
    return found.reshape(rows, columns).astype(bool)


def _embedded(header: Dataset, group: int, samples: NDArray[Any] | None) -> NDArray[np.bool_] | None:
    """The plane in a bit of the pixels that holds no value (retired, PS3.3 C.9.2.1.1)."""
    position = int(_value(header, group, _BIT_POSITION) or 0)
    allocated = int(_value(header, group, _BITS_ALLOCATED) or 0)
    if (
        samples is None
        or samples.ndim != 2
        or allocated != samples.dtype.itemsize * 8
        or not _is_unused(header, position)
    ):
        return None
    return (samples.view(f"u{samples.dtype.itemsize}") >> position & 1).astype(bool)


def _is_unused(header: Dataset, position: int) -> bool:
    high, stored = int(header.get("HighBit") or 0), int(header.get("BitsStored") or 16)
    return 0 <= position < int(header.get("BitsAllocated") or 16) and not high - stored < position <= high


def _value(header: Dataset, group: int, element: int) -> Any:
    found = header.get((group, element))
    return None if found is None else found.value
