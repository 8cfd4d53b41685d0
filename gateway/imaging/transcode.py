"""Instances and frames in another transfer syntax, piece by piece. Runs in the sandbox's child.

`head` gives the file up to where the pixels begin, `frames` and `octets` what follows; whoever asks puts the pieces
together, so that no multi-frame object is ever whole in memory.
"""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

from pydicom.dataset import Dataset

from gateway.dicom.part10 import (
    DOUBLE_FLOAT_PIXEL_DATA,
    FLOAT_PIXEL_DATA,
    Part10File,
    PixelDataPlace,
    read_part10,
)
from gateway.dicom.transfer_syntax import EXPLICIT, JPEG_BASELINE, JPEG_EXTENDED, NATIVE
from gateway.errors import Unreadable
from gateway.imaging.lossless import encoded_frame, photometric_interpretation, stored_samples, swapped
from gateway.imaging.part10_writing import beginning, pixel_data_start, whole_file, without_pixels
from gateway.imaging.pixel_format import SUBSAMPLED
from gateway.imaging.source import Source

# Lossy methods by transfer syntax (PS3.3 C.7.6.1.1.5.1).
_METHODS = {
    JPEG_BASELINE: "ISO_10918_1",
    JPEG_EXTENDED: "ISO_10918_1",
    "1.2.840.10008.1.2.4.53": "ISO_10918_1",
    "1.2.840.10008.1.2.4.55": "ISO_10918_1",
    "1.2.840.10008.1.2.4.81": "ISO_14495_1",
    "1.2.840.10008.1.2.4.91": "ISO_15444_1",
    "1.2.840.10008.1.2.4.203": "ISO_15444_15",
}
_CODING_STYLE, _TILE = b"\xff\x52", b"\xff\x90"
_IRREVERSIBLE = 0
_FLOATS = {FLOAT_PIXEL_DATA: ("OF", 4), DOUBLE_FLOAT_PIXEL_DATA: ("OD", 8)}


def head(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The file's beginning in the named syntax, and what has to follow it.

    `follow` is `nothing`, `octets` (`length` of them, by `octets`) or `frames` (`frame_numbers` up to that, each of
    `frame_bytes` when uncompressed, in items of their own where `length` is None).
    """
    wanted, part10 = arguments["transfer_syntax_uid"], read_part10(files[0])
    if part10.pixel_data is None:
        return {"follow": "nothing", "length": 0}, whole_file(part10, files[0], wanted)
    if part10.transfer_syntax_uid in NATIVE and wanted == EXPLICIT:
        return _head_of_native(part10, part10.pixel_data)
    return _head_of_frames(files[0], wanted)


def frames(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The numbered frames in the named syntax (empty: as stored) end to end, and the length of each."""
    source = Source.from_file(files[0])
    wanted = arguments["transfer_syntax_uid"] or source.transfer_syntax_uid
    made = [encoded_frame(source, number, wanted) for number in arguments["frame_numbers"]]
    return [len(one) for one in made], b"".join(made)


def octets(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """So many bytes from so many on of pixel data that are not compressed, in little endian order."""
    part10 = read_part10(files[0])
    if part10.pixel_data is None or part10.pixel_data.length is None:
        raise Unreadable("The object has no uncompressed pixel data.")
    return None, native_octets(part10, part10.pixel_data, arguments["start"], arguments["size"])


def native_octets(part10: Part10File, place: PixelDataPlace, start: int, size: int) -> bytes:
    """A piece of uncompressed pixel data in little endian order; Unreadable where the file is cut short."""
    word = _word(part10, place)
    first, last = start // word * word, -(-(start + size) // word) * word
    last = min(last, place.length or 0)
    part10.stream.seek(place.offset + first)
    raw = part10.stream.read(last - first)
    if len(raw) < last - first:
        raise Unreadable("The pixel data are cut short.")
    return swapped(raw, word)[start - first : start - first + size]


def _word(part10: Part10File, place: PixelDataPlace) -> int:
    """How many bytes are in reverse order together (PS3.5 8.1.1: OW swaps, OB does not)."""
    if part10.is_little_endian:
        return 1
    bits = int(part10.header.get("BitsAllocated") or 16)
    if place.tag in _FLOATS:
        return _FLOATS[place.tag][1]
    return bits // 8 if bits > 8 else 1 + (place.vr == "OW")


def _head_of_native(part10: Part10File, place: PixelDataPlace) -> tuple[Any, bytes]:
    if place.length is None:
        raise Unreadable("The pixel data are encapsulated although the transfer syntax says they are not.")
    end = part10.stream.seek(0, 2)
    if place.offset + place.length > end:
        raise Unreadable("The pixel data are cut short.")
    without_pixels(part10.header)
    bits = int(part10.header.get("BitsAllocated") or 16)
    vr = _FLOATS[place.tag][0] if place.tag in _FLOATS else ("OB" if place.vr == "OB" and bits <= 8 else "OW")
    start = pixel_data_start(vr, place.length + place.length % 2, place.tag)
    return {"follow": "octets", "length": place.length}, beginning(part10.header, part10, EXPLICIT) + start


def _head_of_frames(file: BinaryIO, wanted: str) -> tuple[Any, bytes]:
    source = Source.from_file(file)
    pixels, header = source.format, source.header
    samples = stored_samples(source, 1)
    # Made once for nothing: what cannot be made is told before anything was sent.
    first = encoded_frame(source, 1, wanted)
    _state_pixels(header, photometric_interpretation(samples, wanted), pixels.samples_per_pixel)
    _state_loss(header, source)
    length = len(first) * pixels.number_of_frames if wanted == EXPLICIT else None
    vr = "OW" if wanted == EXPLICIT and pixels.bits_allocated > 8 else "OB"
    without_pixels(header)
    start = pixel_data_start(vr, None if length is None else length + length % 2)
    follows = {
        "follow": "frames",
        "length": length,
        "frame_numbers": pixels.number_of_frames,
        "frame_bytes": samples.array.nbytes,
    }
    return follows, beginning(header, read_part10(file), wanted) + start


def _state_pixels(header: Dataset, photometric: str, samples_per_pixel: int) -> None:
    header.PhotometricInterpretation = photometric
    if samples_per_pixel > 1:
        header.PlanarConfiguration = 0
    elif "PlanarConfiguration" in header:
        del header.PlanarConfiguration


def _state_loss(header: Dataset, source: Source) -> None:
    """What was lost once stays lost, and is said of every later form too (PS3.3 C.7.6.1.1.5)."""
    method = _METHODS.get(source.transfer_syntax_uid)
    if method is None or str(header.get("LossyImageCompression") or "") == "01":
        return
    frame = source.frame(1)
    if not _is_lossy(frame, source.transfer_syntax_uid):
        return
    header.LossyImageCompression = "01"
    header.LossyImageCompressionMethod = method
    header.LossyImageCompressionRatio = f"{_uncompressed_bytes(source) / len(frame):.2f}"


def _uncompressed_bytes(source: Source) -> int:
    pixels = source.format
    if pixels.photometric_interpretation in SUBSAMPLED:
        return pixels.rows * pixels.columns * 3 * pixels.bits_allocated // 8
    return pixels.frame_bytes


def _is_lossy(frame: bytes, transfer_syntax_uid: str) -> bool:
    if _METHODS[transfer_syntax_uid] == "ISO_10918_1":
        return True
    if transfer_syntax_uid.endswith(".81"):
        # NEAR, the bound of the error, follows the components of the scan header (ISO 14495-1 C.2.3).
        scan = frame.index(b"\xff\xda")
        (components,) = struct.unpack_from("B", frame, scan + 4)
        return bool(frame[scan + 5 + 2 * components] > 0)
    style = frame.index(_CODING_STYLE, 0, frame.index(_TILE))
    return frame[style + 13] == _IRREVERSIBLE
