"""One binary value of an object, wherever it stands in its sequences. Runs in the sandbox's child."""

from __future__ import annotations

import contextlib
from typing import Any, BinaryIO

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr

from gateway.dicom.part10 import Part10File, read_part10
from gateway.dicom.transfer_syntax import OCTETS
from gateway.errors import NotFound, Unreadable
from gateway.imaging.lossless import swapped
from gateway.imaging.transcode import native_octets

PIXEL_DATA = "7FE00010"
ENCAPSULATED_DOCUMENT = 0x00420011
PDF = "application/pdf"
WORDS = {"OB": 1, "UN": 1, "OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
_ITEM, _END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"


def read_bulk(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """So many bytes from so many on of the value at `path`, little endian; its whole length and its media type."""
    path, start, size = arguments["path"], arguments["start"], arguments["size"]
    part10 = read_part10(files[0])
    if path == [PIXEL_DATA]:
        place = part10.pixel_data
        if place is None or place.length is None or f"{place.tag:08X}" != PIXEL_DATA:
            raise NotFound("The object has no uncompressed pixel data.")
        size = max(0, min(size, place.length - start))
        return {"length": place.length, "media_type": OCTETS}, native_octets(part10, place, start, size)
    with contextlib.suppress(Exception):
        # As metadata do, which say what is found here.
        correct_ambiguous_vr(part10.header, part10.is_little_endian)
    holder, element = _find(part10.header, path)
    value = _value(element, part10)
    media_type = OCTETS
    if int(element.tag) == ENCAPSULATED_DOCUMENT:
        value = _document(holder, value)
        media_type = PDF if str(holder.get("MIMETypeOfEncapsulatedDocument") or "").lower() == PDF else OCTETS
    return {"length": len(value), "media_type": media_type}, value[start : start + size]


def fragments(_arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """Where the fragments of encapsulated pixel data lie in the file, as pairs of offset and length (PS3.5 A.4)."""
    part10 = read_part10(files[0])
    if part10.pixel_data is None or part10.pixel_data.length is not None:
        raise NotFound("The object has no encapsulated pixel data.")
    places: list[tuple[int, int]] = []
    stream = part10.stream
    end = stream.seek(0, 2)
    position = part10.pixel_data.offset
    while True:
        stream.seek(position)
        start = stream.read(8)
        length = int.from_bytes(start[4:], "little")
        if start[:4] == _END:
            # The first item is the offset table.
            return places[1:], b""
        if start[:4] != _ITEM or position + 8 + length > end:
            raise Unreadable("The fragments of the pixel data are damaged.")
        places.append((position + 8, length))
        position += 8 + length


def _find(header: Dataset, path: list[str]) -> tuple[Dataset, DataElement]:
    try:
        for tag, index in zip(path[:-1:2], path[1::2], strict=True):
            header = header[int(tag, 16)].value[int(index)]
        return header, header[int(path[-1], 16)]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise NotFound("There are no bulk data at this address.") from None


def _value(element: DataElement, part10: Part10File) -> bytes:
    value = element.value
    if element.VR not in WORDS or not isinstance(value, bytes) or element.is_undefined_length:
        raise NotFound("There are no bulk data at this address.")
    return value if part10.is_little_endian else swapped(value, WORDS[element.VR])


def _document(holder: Dataset, value: bytes) -> bytes:
    stated = holder.get("EncapsulatedDocumentLength")
    if stated is not None and len(value) - 1 == int(stated):
        return value[:-1]
    return value
