"""An object's header anew, as a Part 10 file in another transfer syntax begins. For the sandbox's child alone."""

from __future__ import annotations

import struct
import warnings
from typing import Any, BinaryIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import dcmread, read_dataset
from pydicom.filewriter import write_dataset, write_file_meta_info
from pydicom.uid import UID

from gateway.dicom.part10 import Part10File
from gateway.dicom.transfer_syntax import DEFLATED
from gateway.errors import NotAcceptable
from gateway.imaging.lossless import swapped

IMPLEMENTATION_CLASS_UID = "2.25.194337021570826119417653206741985322117"
IMPLEMENTATION_VERSION_NAME = "LIGHTBOX"
LARGEST_VALUE = 0xFFFFFFFE
_PIXEL_GROUP = 0x7FE0
_WORDS = {"OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}


def whole_file(part10: Part10File, file: BinaryIO, transfer_syntax_uid: str) -> bytes:
    """An object without Pixel Data as a whole file in the named syntax, what stands behind the header included."""
    if part10.transfer_syntax_uid == DEFLATED:
        part10.stream.seek(0)
        everything = read_dataset(part10.stream, is_implicit_VR=False, is_little_endian=True)
        everything.set_original_encoding(is_implicit_vr=False, is_little_endian=True, character_encoding=None)
    else:
        file.seek(0)
        everything = dcmread(file, force=True)
    return beginning(everything, part10, transfer_syntax_uid)


def beginning(header: Dataset, part10: Part10File, transfer_syntax_uid: str) -> bytes:
    """Preamble, file meta information and the header, in the explicit little endian form of the named syntax."""
    # Group 0002 strays into the data set where its stated length is wrong.
    for tag in [tag for tag in header.keys() if tag.group in (0x0000, 0x0002)]:  # noqa: SIM118 - values stay unread
        del header[tag]
    if not part10.is_little_endian:
        _swap_words(header)
    written = DicomBytesIO()
    written.is_implicit_VR, written.is_little_endian = False, True
    written.write(b"\0" * 128 + b"DICM")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_file_meta_info(written, _meta(header, part10, transfer_syntax_uid), enforce_standard=True)
        write_dataset(written, header)
    return bytes(written.getvalue())


def without_pixels(header: Dataset) -> None:
    """Takes out what describes how the pixels lay in the stored file: offset tables, icons in the old compression."""
    for tag in [tag for tag in header.keys() if tag.group == _PIXEL_GROUP]:  # noqa: SIM118 - values stay unread
        del header[tag]
    icons: Any = header.get("IconImageSequence") or []
    if any("PixelData" in icon and icon["PixelData"].is_undefined_length for icon in icons):
        del header["IconImageSequence"]


def pixel_data_start(vr: str, length: int | None, tag: int = 0x7FE00010) -> bytes:
    """Tag, VR and length of Pixel Data; a length of None means undefined, for encapsulated frames (PS3.5 A.4)."""
    if length is not None and length > LARGEST_VALUE:
        raise NotAcceptable("The object is too large for an uncompressed transfer syntax (PS3.18 8.7.3).")
    return struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, vr.encode(), 0, 0xFFFFFFFF if length is None else length)


def _meta(header: Dataset, part10: Part10File, transfer_syntax_uid: str) -> FileMetaDataset:
    stored = getattr(part10.header, "file_meta", None) or FileMetaDataset()
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = header.get("SOPClassUID") or stored.get("MediaStorageSOPClassUID")
    meta.MediaStorageSOPInstanceUID = header.get("SOPInstanceUID") or stored.get("MediaStorageSOPInstanceUID")
    meta.TransferSyntaxUID = UID(transfer_syntax_uid)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    return meta


def _swap_words(header: Dataset) -> None:
    # The parser turns numbers round, but leaves other words (PS3.5 table 6.2-1, OB to OW) as they lie.
    for element in header:
        if element.VR == "SQ":
            for item in element.value or []:
                _swap_words(item)
        elif element.VR in _WORDS and isinstance(element.value, bytes):
            element.value = swapped(element.value, _WORDS[element.VR])
