"""Look-up tables of the standard's kind (PS3.3 C.11.1.1, C.11.2.1.1, C.11.6.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gateway.errors import Unreadable

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lut:
    """A look-up table: `first` is the input that meets the first entry, `bits` the depth of the entries."""

    first: int
    entries: Numbers
    bits: int

    def apply(self, values: Numbers) -> Numbers:
        """The entries for the values; beyond either end the end's own entry (PS3.3 C.11.1.1)."""
        places = np.clip(np.rint(values) - self.first, 0, len(self.entries) - 1).astype(np.intp)
        found: Numbers = self.entries[places]
        return found

    def spread(self, values: Numbers) -> Numbers:
        """Values of 0 to 1 through the whole table, as 0 to 1: a presentation LUT's input has its full range."""
        places = np.rint(np.clip(values, 0, 1) * (len(self.entries) - 1)).astype(np.intp)
        found: Numbers = self.entries[places] / ((1 << self.bits) - 1)
        return found


def lut_of(sequence: Any) -> Lut | None:
    """The first table of a LUT sequence, None where there is none that can be used."""
    if not sequence:
        return None
    item = sequence[0]
    descriptor, data = item.get("LUTDescriptor"), item.get("LUTData")
    if descriptor is None or len(descriptor) != 3 or data is None:
        return None
    count, first, bits = (int(value) for value in descriptor)
    count = count or 65536
    entries = _entries(data, bits, item.is_original_encoding and item.original_encoding[1] is False)
    if not 1 <= bits <= 16 or len(entries) < count:
        raise Unreadable("A look-up table of the object is shorter than it says.")
    # LUT Descriptor's second value is signed where Pixel Representation is (C.11.1.1); read as US it may have wrapped.
    return Lut(first - 65536 if first > 32767 and count + first > 65536 else first, entries[:count], bits)


def _entries(data: Any, bits: int, is_big_endian: bool) -> Numbers:  # noqa: FBT001 - a fact of the file
    if isinstance(data, bytes | bytearray):
        kind = np.dtype(">u2" if is_big_endian else "<u2")
        found: NDArray[Any] = np.frombuffer(bytes(data[: len(data) // 2 * 2]), kind)
    else:
        found = np.asarray([data] if isinstance(data, int) else data, dtype=np.float64)
    return np.asarray(found, dtype=np.float64) % (1 << 16 if bits > 8 else 1 << max(bits, 8))
