"""One stored frame: what the header says of it, and its bytes out of the open file, without reading the others."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from pydicom.dataset import Dataset
from pydicom.encaps import get_frame

from gateway.dicom.part10 import Part10File, PixelDataPlace, read_part10
from gateway.errors import NotFound, Unreadable

NATIVE = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"})
MOST_PIXELS = 120_000_000
MOST_ENCODED_BYTES = 512 * 1024 * 1024
SUBSAMPLED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """Image Pixel attributes (PS3.3 C.7.6.3), checked against each other."""

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    photometric_interpretation: str
    number_of_frames: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one uncompressed frame; single-bit frames are counted in bits by the caller."""
        samples = self.rows * self.columns * self.samples_per_pixel
        if self.photometric_interpretation in SUBSAMPLED:
            samples = self.rows * self.columns * 2
        return samples * self.bits_allocated // 8


@dataclass(frozen=True, slots=True)
class Source:
    """An open object: its header, the format of its pixels and where they are."""

    header: Dataset
    format: PixelFormat
    transfer_syntax_uid: str
    _file: Part10File
    _place: PixelDataPlace

    @classmethod
    def from_file(cls, file: BinaryIO) -> Source:
        """The source in the file; raises Unreadable where it holds no picture or contradicts itself."""
        read = read_part10(file)
        if read.pixel_data is None or "Rows" not in read.header:
            raise Unreadable("The object holds no picture.")
        return cls(read.header, _format(read.header), read.transfer_syntax_uid, read, read.pixel_data)

    @property
    def is_native(self) -> bool:
        """Whether the pixels are stored without compression."""
        return self.transfer_syntax_uid in NATIVE

    @property
    def is_little_endian(self) -> bool:
        """Whether words come with their low byte first."""
        return self._file.is_little_endian

    @property
    def _swaps_bytes_in_words(self) -> bool:
        """Whether 8-bit samples lie in big-endian 16-bit words (PS3.5 8.1.1: OW swaps, OB does not)."""
        return not self.is_little_endian and self._place.vr == "OW" and self.format.bits_allocated == 8

    def frame(self, frame_number: int) -> bytes:
        """The frame's bytes as stored; NotFound beyond the last one, Unreadable where they are cut short."""
        if not 1 <= frame_number <= self.format.number_of_frames:
            raise NotFound(f"The object has {self.format.number_of_frames} frames; there is no number {frame_number}.")
        return self._native(frame_number) if self.is_native else self._encapsulated(frame_number)

    def single_bits(self, frame_number: int) -> tuple[bytes, int]:
        """The bytes that hold a single-bit frame and the bit at which it begins: such frames are packed end to end."""
        bits = self.format.rows * self.format.columns
        first = (frame_number - 1) * bits
        return self._read(first // 8, (first % 8 + bits + 7) // 8), first % 8

    def _native(self, frame_number: int) -> bytes:
        size = self.format.frame_bytes
        start = (frame_number - 1) * size
        if not self._swaps_bytes_in_words:
            return self._read(start, size)
        # A frame of odd length begins or ends within a word, whose other byte belongs to its neighbour.
        odd = start % 2
        words = bytearray(self._read(start - odd, (odd + size + 1) // 2 * 2))
        words[::2], words[1::2] = words[1::2], words[::2]
        return bytes(words[odd : odd + size])

    def _read(self, offset: int, size: int) -> bytes:
        if self._place.length is None:
            raise Unreadable("The pixel data are encapsulated although the transfer syntax says they are not.")
        self._file.stream.seek(self._place.offset + offset)
        found = self._file.stream.read(size)
        if len(found) < size or offset + size > self._place.length:
            raise Unreadable("The pixel data are shorter than rows, columns and frames say.")
        return found

    def _encapsulated(self, frame_number: int) -> bytes:
        if self._place.length is not None:
            raise Unreadable("The pixel data are not encapsulated although the transfer syntax says so.")
        stream = self._file.stream
        stream.seek(self._place.offset)
        offsets = self.header.get("ExtendedOffsetTable"), self.header.get("ExtendedOffsetTableLengths")
        extended: Any = offsets if all(offsets) else None
        try:
            found = get_frame(
                stream,
                frame_number - 1,
                extended_offsets=extended,
                number_of_frames=self.format.number_of_frames,
            )
        except (ValueError, struct.error, IndexError, EOFError, OSError, TypeError) as error:
            raise Unreadable("The frame's fragments are damaged or missing.") from error
        if len(found) > MOST_ENCODED_BYTES:
            raise Unreadable("The frame is larger than is allowed.")
        return bytes(found)


def _format(header: Dataset) -> PixelFormat:
    try:
        found = PixelFormat(
            rows=int(header.Rows),
            columns=int(header.Columns),
            samples_per_pixel=int(header.get("SamplesPerPixel") or 1),
            bits_allocated=int(header.BitsAllocated),
            bits_stored=int(header.get("BitsStored") or header.BitsAllocated),
            high_bit=int(_or(header.get("HighBit"), int(header.get("BitsStored") or header.BitsAllocated) - 1)),
            is_signed=int(header.get("PixelRepresentation") or 0) == 1,
            is_planar=int(header.get("PlanarConfiguration") or 0) == 1,
            photometric_interpretation=str(header.get("PhotometricInterpretation") or "MONOCHROME2").strip().upper(),
            number_of_frames=max(1, int(header.get("NumberOfFrames") or 1)),
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise Unreadable("The object does not say how its pixels are stored.") from error
    _check(found)
    return found


def _check(found: PixelFormat) -> None:
    if found.rows < 1 or found.columns < 1:
        raise Unreadable("The object has no rows or no columns.")
    if found.rows * found.columns > MOST_PIXELS:
        raise Unreadable("The picture has more pixels than are shown here.")
    if found.samples_per_pixel not in (1, 3):
        raise Unreadable(f"Pictures of {found.samples_per_pixel} samples a pixel cannot be shown.")
    if found.bits_allocated not in (1, 8, 16, 32):
        raise Unreadable(f"Pictures of {found.bits_allocated} bits a sample cannot be shown.")
    if not (1 <= found.bits_stored <= found.bits_allocated and found.bits_stored - 1 <= found.high_bit):
        raise Unreadable("Bits Stored, Bits Allocated and High Bit contradict each other.")
    if found.high_bit >= found.bits_allocated:
        raise Unreadable("High Bit lies outside Bits Allocated.")


def _or(value: Any, otherwise: int) -> Any:
    return otherwise if value is None else value
