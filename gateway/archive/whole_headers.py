"""Whole headers of many files, read in the sandbox's child: all attributes as DICOM JSON, bulk data by address."""

from __future__ import annotations

import contextlib
import json
from typing import Any, BinaryIO

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr

from gateway.dicom.attributes import DicomJson
from gateway.dicom.part10 import read_part10
from gateway.errors import GatewayError

LARGEST_INLINE = 1024
MOST_MEMBERS = 50_000
_BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})


def read_whole_headers(_arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """All attributes of each file as DICOM JSON (PS3.18 annex F), None where it cannot be read.

    Pixel data and binary values above 1024 bytes have a BulkDataURI instead, relative to the instance's `bulkdata/`:
    the tag, or for what stands in sequences `<tag>/<item from 0>/<tag>`.
    """
    return [_whole(file) for file in files], b""


def _whole(file: BinaryIO) -> DicomJson | None:
    try:
        part10 = read_part10(file)
    except GatewayError:
        return None
    with contextlib.suppress(Exception):
        # `US or OW` is a note of the dictionary, not a VR: other attributes decide (PS3.3 C.7.6.3.1).
        correct_ambiguous_vr(part10.header, part10.is_little_endian)
    whole = _elements(part10.header, "")
    if (place := part10.pixel_data) is not None:
        tag = f"{place.tag:08X}"
        whole[tag] = {"vr": place.vr if place.vr in _BINARY else "OW"}
        if tag == "7FE00010":
            whole[tag]["BulkDataURI"] = tag
    return dict(sorted(whole.items()))


def _elements(header: Dataset, holder: str) -> DicomJson:
    return {f"{one.tag:08X}": _element(one, f"{holder}{one.tag:08X}") for one in header if one.tag.group != 2}


def _is_beyond_measure(value: Any) -> bool:
    """Whether a value or sequence has more members than any real one: nobody reads a million corners as JSON."""
    return not isinstance(value, str | bytes) and hasattr(value, "__len__") and len(value) > MOST_MEMBERS


def _element(element: DataElement, path: str) -> Any:
    try:
        if _is_beyond_measure(element.value):
            return {"vr": element.VR}
        if element.VR == "SQ":
            items = [_elements(item, f"{path}/{index}/") for index, item in enumerate(element.value or [])]
            return {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
        if element.VR in _BINARY and len(element.value or b"") > LARGEST_INLINE:
            # What is compressed inside a sequence (an icon) has no form of its own to be sent in.
            return {"vr": element.VR} | ({} if element.is_undefined_length else {"BulkDataURI": path})
        found = element.to_json_dict(None, LARGEST_INLINE)
        json.dumps(found, allow_nan=False)
    except Exception:  # noqa: BLE001 - one value that is none must not hide the others
        return {"vr": element.VR if len(str(element.VR)) == 2 else "UN"}
    return found
