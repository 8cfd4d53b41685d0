"""Colour palettes: plain, segmented and supplemental look-up tables (PS3.3 C.7.9, C.7.6.19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.errors import Unreadable

Rgb = NDArray[np.uint8]
_COLORS = ("Red", "Green", "Blue")


@dataclass(frozen=True, slots=True)
class Palette:
    """Entries x 3 bytes; `first` is the stored value that meets the first entry."""

    first: int
    entries: Rgb

    def apply(self, stored: NDArray[Any]) -> Rgb:
        """The colours of the stored values; beyond either end the end's own (C.7.6.3.1.5)."""
        places = np.clip(stored.astype(np.int32) - self.first, 0, len(self.entries) - 1)
        return self.entries[places]


def palette_of(header: Dataset) -> Palette | None:
    """The object's palette, None where it has none; raises Unreadable where it is shorter than it says."""
    if header.get("RedPaletteColorLookupTableDescriptor") is None:
        return None
    try:
        tables = [_table(header, color) for color in _COLORS]
        first = int(header.RedPaletteColorLookupTableDescriptor[1])
    except (TypeError, ValueError, IndexError, AttributeError, StopIteration) as error:
        raise Unreadable("The object's colour palette cannot be used.") from error
    length = min(len(table) for table in tables)
    entries: NDArray[Any] = np.stack([table[:length] for table in tables], axis=1)
    if int(entries.max(initial=0)) > 255:
        # Tables of 16 bits that hold 8-bit colours in the low byte are common; their range tells them apart.
        entries = entries >> 8
    # The second value is signed where Pixel Representation is; read as unsigned it has wrapped (C.7.6.3.1.5).
    has_wrapped = first > 32767 and int(header.get("PixelRepresentation") or 0) == 1
    return Palette(first - 65536 if has_wrapped else first, entries.astype(np.uint8))


def is_supplemental(header: Dataset) -> bool:
    """Whether a grey picture has colours for its upper values (C.7.6.19, C.8.16.2.1.1)."""
    shown = str(header.get("PixelPresentation") or "").strip().upper()
    return shown in {"COLOR", "MIXED"} and header.get("RedPaletteColorLookupTableDescriptor") is not None


def _table(header: Dataset, color: str) -> NDArray[np.uint16]:
    descriptor = header.get(f"{color}PaletteColorLookupTableDescriptor")
    count, bits = int(descriptor[0]) or 65536, int(descriptor[2])
    if not 1 <= bits <= 16:
        raise ValueError("no such depth")
    plain = header.get(f"{color}PaletteColorLookupTableData")
    if plain is not None:
        table = _numbers(plain, bits, count)
    else:
        segments = _numbers(header.get(f"Segmented{color}PaletteColorLookupTableData"), bits, None)
        table = np.fromiter(_expanded(segments, count), np.uint16)
    if len(table) < count:
        raise ValueError("table too short")
    return table[:count]


def _numbers(data: Any, bits: int, count: int | None) -> NDArray[np.uint16]:
    if isinstance(data, int):
        data = [data]
    if not isinstance(data, bytes | bytearray):
        return np.asarray(data, np.int64).astype(np.uint16)
    # Entries of 8 bits come one to a byte or, against the standard, one to a word.
    is_by_byte = bits <= 8 and (count is None or len(data) < 2 * count)
    return np.frombuffer(
        bytes(data[: len(data) // 2 * 2] if not is_by_byte else data), "u1" if is_by_byte else "<u2"
    ).astype(np.uint16)


def _expanded(segments: NDArray[np.uint16], most: int) -> Iterator[int]:
    """The entries of a segmented table (C.7.9.2): discrete runs, lines, and repetitions of earlier segments."""
    made, last = 0, 0
    for kind, values in _segments(segments):
        run = values if kind == 0 else np.rint(np.linspace(last, int(values[0]), len(values) + 1))[1:]
        for value in run:
            last = int(value)
            yield last
            made += 1
            if made >= most:
                return


def _segments(words: NDArray[np.uint16], start: int = 0, most: int | None = None) -> Iterator[tuple[int, Any]]:
    place, count = start, 0
    while place + 1 < len(words) and (most is None or count < most):
        opcode, length = int(words[place]), int(words[place + 1])
        count += 1
        if opcode == 0:
            yield 0, words[place + 2 : place + 2 + length]
            place += 2 + length
        elif opcode == 1:
            yield 1, np.full(length, words[place + 2])
            place += 3
        elif opcode == 2 and most is None:
            offset = int(words[place + 2]) | int(words[place + 3]) << 16
            yield from _segments(words, offset, length)
            place += 4
        else:
            raise ValueError("no such segment")
