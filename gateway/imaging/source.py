"""One stored frame: what the header says of it, and its bytes out of the open file, without reading the others."""

from __future__ import annotations

import io
import mmap
import os
import struct
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from pydicom.dataset import Dataset

from gateway.dicom.part10 import Part10File, PixelDataPlace, read_part10
from gateway.dicom.transfer_syntax import NATIVE
from gateway.errors import NotFound, Unreadable
from gateway.imaging.fragments import Extent, Fragments
from gateway.imaging.frame_header import header_of_frame
from gateway.imaging.pixel_format import PixelFormat, pixel_format

MOST_ENCODED_BYTES = 512 * 1024 * 1024
MAPPED_FROM = 4 * 1024 * 1024
_REMEMBERED = 4


@dataclass(slots=True)
class Source:
    """An open object: its header, the format of its pixels and where they are."""

    header: Dataset
    format: PixelFormat
    transfer_syntax_uid: str
    _file: Part10File
    _place: PixelDataPlace
    _fragments: Fragments | None = field(default=None)

    @classmethod
    def from_file(cls, file: BinaryIO) -> Source:
        """The source in the file; raises Unreadable where it holds no picture or contradicts itself."""
        read = read_part10(file)
        if read.pixel_data is None or "Rows" not in read.header:
            raise Unreadable("The object holds no picture.")
        return cls(
            read.header, pixel_format(read.header, read.pixel_data), read.transfer_syntax_uid, read, read.pixel_data
        )

    @property
    def is_native(self) -> bool:
        """Whether the pixels are stored without compression."""
        return self.transfer_syntax_uid in NATIVE

    @property
    def is_little_endian(self) -> bool:
        """Whether words come with their low byte first."""
        return self._file.is_little_endian

    @property
    def stream(self) -> BinaryIO:
        """The open file, or the inflated one."""
        return self._file.stream

    @property
    def _swaps_bytes_in_words(self) -> bool:
        """Whether 8-bit samples lie in big-endian 16-bit words (PS3.5 8.1.1: OW swaps, OB does not)."""
        return not self.is_little_endian and self._place.vr == "OW" and self.format.bits_allocated == 8

    def header_of(self, frame_number: int) -> Dataset:
        """The attributes that hold for that frame: the object's, under what its functional groups say of the frame."""
        return header_of_frame(self.header, frame_number)

    def frame(self, frame_number: int) -> bytes:
        """The frame's bytes as stored; NotFound beyond the last one, Unreadable where they are cut short."""
        self._must_have(frame_number)
        return self._native(frame_number) if self.is_native else self._encapsulated(frame_number)

    def native_frame(self, frame_number: int) -> bytes | memoryview:
        """The bytes of an uncompressed frame; a large one is not copied out of the file's pages."""
        self._must_have(frame_number)
        size = self.format.frame_bytes
        start = (frame_number - 1) * size
        is_large = size >= MAPPED_FROM and self._place.length is not None and start + size <= self._place.length
        if not is_large or self._swaps_bytes_in_words or isinstance(self.stream, io.BytesIO):
            return self._native(frame_number)
        first = self._place.offset + start
        if first + size > os.fstat(self.stream.fileno()).st_size:
            raise Unreadable("The pixel data are shorter than rows, columns and frames say.")
        aside = first % mmap.ALLOCATIONGRANULARITY
        pages = mmap.mmap(self.stream.fileno(), aside + size, access=mmap.ACCESS_READ, offset=first - aside)
        return memoryview(pages)[aside : aside + size]

    def frame_rows(self, frame_number: int, first_row: int, end_row: int) -> bytes:
        """Some rows of an uncompressed frame whose samples are not by plane."""
        self._must_have(frame_number)
        row_bytes = self.format.frame_bytes // self.format.rows
        start = (frame_number - 1) * self.format.frame_bytes + first_row * row_bytes
        return self._read(start, (end_row - first_row) * row_bytes)

    def single_bits(self, frame_number: int) -> tuple[bytes, int]:
        """The bytes that hold a single-bit frame and the bit at which it begins: such frames are packed end to end."""
        self._must_have(frame_number)
        bits = self.format.rows * self.format.columns
        first = (frame_number - 1) * bits
        return self._read(first // 8, (first % 8 + bits + 7) // 8), first % 8

    def extents(self, frame_number: int | None = None) -> list[Extent]:
        """Where in the file the frame's bytes lie, or those of all frames; for encapsulated pixel data alone."""
        if self._place.length is not None:
            raise Unreadable("The pixel data are not encapsulated although the transfer syntax says so.")
        stream = self._file.stream
        if self._fragments is None:
            self._fragments = Fragments.read(stream, self._place.offset)
        if frame_number is None:
            return self._fragments.items
        return self._fragments.of_frame(stream, frame_number, self.format.number_of_frames, self._extended_offsets())

    def read_at(self, extent: Extent) -> bytes:
        """The bytes of an extent."""
        self._file.stream.seek(extent.offset)
        return self._file.stream.read(extent.length)

    def rest_on(self, file: BinaryIO) -> None:
        """Reads from this descriptor of the same file from now on; an inflated object has its bytes already."""
        if isinstance(self._file.stream, io.BytesIO):
            return
        self._file = replace(self._file, stream=file)

    def _must_have(self, frame_number: int) -> None:
        if not 1 <= frame_number <= self.format.number_of_frames:
            raise NotFound(f"The object has {self.format.number_of_frames} frames; there is no number {frame_number}.")

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
        if offset + size > self._place.length:
            raise Unreadable("The pixel data are shorter than rows, columns and frames say.")
        self._file.stream.seek(self._place.offset + offset)
        found = self._file.stream.read(size)
        if len(found) < size:
            raise Unreadable("The pixel data are shorter than rows, columns and frames say.")
        return found

    def _encapsulated(self, frame_number: int) -> bytes:
        extents = self.extents(frame_number)
        if sum(extent.length for extent in extents) > MOST_ENCODED_BYTES:
            raise Unreadable("The frame is larger than is allowed.")
        found = b"".join(self.read_at(extent) for extent in extents)
        if not found:
            raise Unreadable("The frame's fragments are damaged or missing.")
        return found

    def _extended_offsets(self) -> list[tuple[int, int]]:
        """Offset and length of each frame by the Extended Offset Table (PS3.3 C.7.6.3.1.8), empty without one."""
        tables = [self.header.get(name) for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")]
        if not all(isinstance(table, bytes) for table in tables):
            return []
        offsets, lengths = (struct.unpack(f"<{len(table) // 8}Q", table[: len(table) // 8 * 8]) for table in tables)
        return list(zip(offsets, lengths, strict=False))


class SourcesRemembered:
    """The headers of the objects with many frames that this process read last: a cine asks for each frame apart."""

    def __init__(self) -> None:
        self._sources: OrderedDict[tuple[int, ...], Source] = OrderedDict()

    def open(self, file: BinaryIO) -> Source:
        """The source in the file, read again only where the file is another or has changed."""
        facts = os.fstat(file.fileno())
        key = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
        known = self._sources.pop(key, None)
        if known is None:
            known = Source.from_file(file)
            if known.format.number_of_frames == 1:
                return known
        else:
            known.rest_on(file)
        self._sources[key] = known
        while len(self._sources) > _REMEMBERED:
            self._sources.popitem(last=False)
        return known
