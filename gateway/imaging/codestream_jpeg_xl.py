"""The extent that a JPEG XL frame states, read before the decoder is called (ISO 18181-1 D.2, ISO 18181-2 9)."""

from __future__ import annotations

from gateway.errors import Unreadable
from gateway.imaging.pixel_format import PixelFormat

_CODESTREAM = b"\xff\x0a"
_CONTAINER = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_BITS_OF_EXTENT = (9, 13, 18, 30)


def must_agree(frame: bytes, stated: PixelFormat) -> None:
    """Raises Unreadable unless the frame is JPEG XL of the rows and columns that the object states."""
    if _extent(_codestream(frame)) != (stated.rows, stated.columns):
        raise Unreadable("The compressed frame has another size than the object says.")


def _codestream(frame: bytes) -> bytes:
    if frame.startswith(_CODESTREAM):
        return frame[2:32]
    position = len(_CONTAINER) if frame.startswith(_CONTAINER) else len(frame)
    while position + 16 <= len(frame):
        size, kind = int.from_bytes(frame[position : position + 4], "big"), frame[position + 4 : position + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(frame[position + 8 : position + 16], "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            start = position + head + (4 if kind == b"jxlp" else 0)
            if frame[start : start + 2] == _CODESTREAM:
                return frame[start + 2 : start + 32]
        if size < head:
            break
        position += size
    raise Unreadable("The frame is not JPEG XL although the transfer syntax says so.")


def _extent(head: bytes) -> tuple[int, int]:
    bits = _Bits(head)
    is_small = bits.take(1)
    rows = _small(bits) if is_small else _large(bits)
    ratio = bits.take(3)
    if ratio:
        over, under = _RATIOS[ratio]
        return rows, rows * over // under
    return rows, _small(bits) if is_small else _large(bits)


def _small(bits: _Bits) -> int:
    return (bits.take(5) + 1) * 8


def _large(bits: _Bits) -> int:
    return bits.take(_BITS_OF_EXTENT[bits.take(2)]) + 1


class _Bits:
    """Bits in the codestream's order: from the least significant of each byte."""

    def __init__(self, head: bytes) -> None:
        self._value = int.from_bytes(head, "little")

    def take(self, count: int) -> int:
        """The next bits as a number."""
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken
