"""DICOM files as they come (PS3.10), read within bounds. For the sandbox's child alone: this imports the parser."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from pydicom import config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.filereader import _read_file_meta_info, read_dataset, read_partial
from pydicom.tag import BaseTag

from gateway.dicom.plain_header import read_plain_header
from gateway.errors import Unreadable

DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
LARGEST_INFLATED = 512 * 1024 * 1024
# Float, Double Float and integer pixel data (PS3.3 C.7.6.3 and C.7.6.24): where the header ends.
FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA, PIXEL_DATA = 0x7FE00008, 0x7FE00009, 0x7FE00010
FIRST_PIXEL_TAG = FLOAT_PIXEL_DATA
UNDEFINED_LENGTH = 0xFFFFFFFF
_LONG_VRS = frozenset({b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"UN"})

_DAMAGE = (
    InvalidDicomError,
    BytesLengthException,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
    KeyError,
    ValueError,
    AttributeError,
    TypeError,
    NotImplementedError,
)

config.settings.reading_validation_mode = config.IGNORE
warnings.filterwarnings("ignore", module="pydicom")


@dataclass(frozen=True, slots=True)
class PixelDataPlace:
    """Where the value of Pixel Data (7FE0,0010), or Float or Double Float Pixel Data, lies in the stream.

    `length` None means undefined (encapsulated).
    """

    offset: int
    length: int | None
    vr: str
    tag: int = PIXEL_DATA


@dataclass(frozen=True, slots=True)
class Part10File:
    """A file's header, and the stream in which its pixel data lie; for a deflated file that is the inflated one."""

    header: Dataset
    stream: BinaryIO
    transfer_syntax_uid: str
    pixel_data: PixelDataPlace | None

    @property
    def is_little_endian(self) -> bool:
        """Whether words come with their low byte first."""
        return self.transfer_syntax_uid != BIG_ENDIAN


def read_header(file: BinaryIO) -> Dataset:
    """All attributes before the pixel data, with `file_meta`; raises Unreadable for what is no DICOM."""
    return read_part10(file).header


def read_part10(file: BinaryIO) -> Part10File:
    """The header, and where the pixel data are; raises Unreadable for what is no DICOM, cut short or a bomb."""
    try:
        header, stream = _read(file)
        if not len(header):
            raise InvalidDicomError
        syntax = _transfer_syntax(header)
        return Part10File(header, stream, syntax, _find_pixel_data(stream, syntax))
    except _DAMAGE as error:
        raise Unreadable("The file is no DICOM file, or its header is damaged.") from error


def _read(file: BinaryIO) -> tuple[Dataset, BinaryIO]:
    if (plain := read_plain_header(file)) is not None:
        file.seek(plain.end)
        return plain.header, file
    file.seek(0)
    start = file.read(132)
    file.seek(0)
    has_preamble = start[128:132] == b"DICM"
    if not has_preamble and not _looks_like_a_data_set(start):
        raise InvalidDicomError
    if has_preamble:
        file.seek(132)
        meta = _read_file_meta_info(file)
        if meta.get("TransferSyntaxUID") == DEFLATED:
            return _read_deflated(file, meta)
        file.seek(0)
    header = read_partial(file, stop_when=_is_at_pixels, force=not has_preamble)
    return header, file


def _read_deflated(file: BinaryIO, meta: FileMetaDataset) -> tuple[Dataset, BinaryIO]:
    stream = io.BytesIO(_inflate(file))
    header = read_dataset(stream, is_implicit_VR=False, is_little_endian=True, stop_when=_is_at_pixels)
    header.set_original_encoding(is_implicit_vr=False, is_little_endian=True, character_encoding=None)
    header.file_meta = meta
    return header, stream


def _inflate(file: BinaryIO) -> bytes:
    """The inflated data set; the parser's own inflater has no bound, and 1 MB can become 2 GB."""
    inflater, inflated = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    while chunk := inflater.unconsumed_tail or file.read(1 << 16):
        inflated += inflater.decompress(chunk, 1 << 20)
        if len(inflated) > LARGEST_INFLATED:
            raise Unreadable("The file inflates beyond what is allowed.")
        if inflater.eof:
            break
    return bytes(inflated)


def _is_at_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return bool(tag >= FIRST_PIXEL_TAG)


def _looks_like_a_data_set(start: bytes) -> bool:
    # Without a preamble a file begins with group 0002 or 0008, in either byte order (ACR-NEMA and old exports).
    return len(start) > 16 and start[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x08", b"\x00\x02")


def _transfer_syntax(header: Dataset) -> str:
    meta = getattr(header, "file_meta", None)
    stated = str(meta.get("TransferSyntaxUID", "")) if meta is not None else ""
    if stated:
        return stated
    is_implicit, is_little_endian = header.original_encoding
    if not is_little_endian:
        return BIG_ENDIAN
    return IMPLICIT if is_implicit else EXPLICIT


def _find_pixel_data(stream: BinaryIO, syntax: str) -> PixelDataPlace | None:
    """Reads the element that the parser stopped at."""
    order = ">" if syntax == BIG_ENDIAN else "<"
    while len(start := stream.read(8)) == 8:
        group, member = struct.unpack(order + "HH", start[:4])
        tag, vr = (group << 16) | member, start[4:6]
        if syntax == IMPLICIT:
            vr, (length,) = b"OW", struct.unpack("<I", start[4:])
        elif vr in _LONG_VRS:
            (length,) = struct.unpack(order + "I", stream.read(4))
        else:
            (length,) = struct.unpack(order + "H", start[6:])
        if tag in (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA):
            undefined = length == UNDEFINED_LENGTH
            return PixelDataPlace(stream.tell(), None if undefined else length, vr.decode("ascii", "replace"), tag)
        if tag > PIXEL_DATA or length == UNDEFINED_LENGTH:
            return None
        stream.seek(length, io.SEEK_CUR)
    return None
