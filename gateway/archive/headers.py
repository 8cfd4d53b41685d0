"""Headers of many files at once, read in the sandbox's child: attributes as DICOM JSON, or the reason why not."""

from __future__ import annotations

from typing import Any, BinaryIO

from pydicom.dataset import Dataset

from gateway.archive.attributes_of import attributes_of
from gateway.archive.frame_groups import frame_groups
from gateway.archive.references import references_of
from gateway.dicom.attributes import ATTRIBUTES, DicomJson
from gateway.dicom.part10 import read_part10
from gateway.dicom.uid import is_uid
from gateway.errors import GatewayError

_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")


def read_headers(_arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """For each file `{"attributes": DICOM JSON}` or `{"reason": why it cannot be indexed}`, in their order."""
    return [_read(file) for file in files], b""


def _read(file: BinaryIO) -> dict[str, Any]:
    try:
        part10 = read_part10(file)
        attributes = _indexed(part10.header)
        if part10.pixel_data is None:
            # What states rows but holds no pixels is not an image that could be shown.
            attributes.pop(ATTRIBUTES["Rows"].tag, None)
    except GatewayError as error:
        return {"reason": str(error)}
    except RecursionError:
        return {"reason": "The header is nested too deeply."}
    except MemoryError:
        return {"reason": "The header needs more memory than is allowed."}
    except Exception as error:  # noqa: BLE001 - whatever a parser raises on hostile bytes is a reason, not a crash
        return {"reason": f"The header is damaged ({type(error).__name__})."}
    missing = [keyword for keyword in _NEEDED if not is_uid(_first(attributes, keyword))]
    if missing:
        return {"reason": f"The object has no usable {missing[0]}."}
    attributes[ATTRIBUTES["AvailableTransferSyntaxUID"].tag] = {"vr": "UI", "Value": [part10.transfer_syntax_uid]}
    return {"attributes": attributes}


def _indexed(header: Dataset) -> DicomJson:
    return frame_groups(header) | attributes_of(header, ATTRIBUTES) | references_of(header)


def _first(attributes: DicomJson, keyword: str) -> str:
    values = attributes.get(ATTRIBUTES[keyword].tag, {}).get("Value") or [""]
    return str(values[0])
