"""What a compressed frame says of itself, read before any decoder is called: a lying header never allocates."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from gateway.errors import Unreadable
from gateway.imaging.pixel_format import PixelFormat

J2K_START = b"\xff\x4f\xff\x51"
JP2_BOX = b"\x00\x00\x00\x0cjP  "
MOST_SCANS = 100
_FRAME_HEADERS = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Codestream:
    """Extent, depth and, for JPEG, how its three components are to be read."""

    rows: int
    columns: int
    components: int
    bits: int
    is_signed: bool = False
    adobe_transform: int | None = None
    has_jfif: bool = False
    component_ids: tuple[int, ...] = ()
    uses_color_transform: bool = False
    decompositions: int = 0

    def must_agree(self, stated: PixelFormat) -> None:
        """Raises Unreadable unless rows, columns and samples are what the object says and the bits fit in its own."""
        if (self.rows, self.columns) != (stated.rows, stated.columns):
            raise Unreadable("The compressed frame has another size than the object says.")
        if self.components != stated.samples_per_pixel:
            raise Unreadable("The compressed frame has another number of components than the object says.")
        if self.bits > stated.bits_allocated:
            raise Unreadable("The compressed frame has more bits than the object allows for.")


def read_jpeg(frame: bytes) -> Codestream:
    """The frame header of JPEG and JPEG-LS (ISO 10918-1 B.2.2, ISO 14495-1 C.2.2)."""
    if frame[:2] != b"\xff\xd8":
        raise Unreadable("The frame is not JPEG although the transfer syntax says so.")
    adobe, has_jfif, position = None, False, 2
    while position + 4 <= len(frame):
        if frame[position] != 0xFF:
            position += 1
            continue
        marker = frame[position + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", frame, position + 2)
        body = frame[position + 4 : position + 2 + length]
        if marker in _FRAME_HEADERS:
            return _frame_header(body, adobe, has_jfif=has_jfif)
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = body[11]
        has_jfif = has_jfif or (marker == 0xE0 and body[:4] == b"JFIF")
        if marker in (0xDA, 0xD9):
            break
        position += 2 + length
    raise Unreadable("The compressed frame has no frame header.")


def must_be_whole(frame: bytes) -> None:
    """Raises Unreadable for a JPEG or JPEG-LS without its end (EOI): decoders fill up with grey or search for long."""
    if b"\xff\xd9" not in frame[-16:]:
        raise Unreadable("The compressed frame is cut short.")


def must_have_few_scans(frame: bytes) -> None:
    """Raises Unreadable for a JPEG of more scans than any encoder makes: each is a walk over the whole picture."""
    # Within coded data FF is followed by 00, so that this counts markers (ISO 10918-1 B.1.1.5).
    if frame.count(b"\xff\xda") > MOST_SCANS:
        raise Unreadable("The compressed frame has more scans than are decoded here.")


def without_metadata(frame: bytes) -> bytes:
    """The JPEG with its picture and the markers that say how to read it; comments and other applications' data go."""
    kept, position = bytearray(frame[:2]), 2
    while position + 4 <= len(frame) and frame[position] == 0xFF:
        marker = frame[position + 1]
        (length,) = struct.unpack_from(">H", frame, position + 2)
        segment = frame[position : position + 2 + length]
        is_reading = (marker == 0xE0 and segment[4:8] == b"JFIF") or (marker == 0xEE and segment[4:9] == b"Adobe")
        if marker == 0xDA:
            end = frame.rfind(b"\xff\xd9")
            return bytes(kept + (frame[position : end + 2] if end > position else frame[position:] + b"\xff\xd9"))
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or is_reading:
            kept += segment
        position += 2 + length
    return frame


def _frame_header(body: bytes, adobe: int | None, *, has_jfif: bool) -> Codestream:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise Unreadable("The compressed frame's header is cut short.")
    bits, rows, columns, components = struct.unpack_from(">BHHB", body)
    identifiers = tuple(body[6 + 3 * n] for n in range(components))
    return Codestream(
        rows,
        columns,
        components,
        bits,
        adobe_transform=adobe,
        has_jfif=has_jfif,
        component_ids=identifiers,
    )


def read_jpeg_2000(frame: bytes) -> Codestream:
    """The SIZ marker of JPEG 2000 and HTJ2K (ISO 15444-1 A.5.1), also inside a JP2 wrapper."""
    start = frame.find(J2K_START, 0, 4096) if frame[:12].startswith(JP2_BOX) else 0
    if start < 0 or frame[start : start + 4] != J2K_START or len(frame) < start + 43:
        raise Unreadable("The frame is not JPEG 2000 although the transfer syntax says so.")
    right, bottom, left, top = struct.unpack_from(">4I", frame, start + 8)
    (components,) = struct.unpack_from(">H", frame, start + 40)
    if len(frame) < start + 42 + 3 * components:
        raise Unreadable("The compressed frame's header is cut short.")
    depth = frame[start + 42]
    transform, decompositions = _coding_style(frame, start)
    return Codestream(
        rows=bottom - top,
        columns=right - left,
        components=components,
        bits=(depth & 0x7F) + 1,
        is_signed=bool(depth & 0x80),
        uses_color_transform=transform,
        decompositions=min(decompositions, 32),
    )


def _coding_style(frame: bytes, start: int) -> tuple[bool, int]:
    """What COD says: whether components were transformed, and how many decomposition levels (ISO 15444-1 A.6.1)."""
    position = start + 2
    while position + 4 <= len(frame) and frame[position] == 0xFF:
        marker, length = struct.unpack_from(">HH", frame, position)
        if marker == 0xFF52 and position + 10 <= len(frame):
            return frame[position + 8] == 1, frame[position + 9]
        if marker == 0xFF93:
            break
        position += 2 + length
    return False, 0
