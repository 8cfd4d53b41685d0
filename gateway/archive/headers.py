"""Headers of many files at once, read in the sandbox's child: attributes as DICOM JSON, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

from gateway.dicom.attributes import ATTRIBUTES, DicomJson
from gateway.dicom.part10 import read_part10
from gateway.dicom.uid import is_uid
from gateway.errors import GatewayError

LARGEST_TEXT = 1024
_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_WHOLE = frozenset({"IS", "US", "UL", "SS", "SL"})
_DECIMAL = frozenset({"DS", "FL", "FD"})
# Where an enhanced multi-frame object keeps what a plain one says at the top (PS3.3 C.7.6.16.2).
_IN_GROUPS = {
    "PixelMeasuresSequence": ("PixelSpacing",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"),
    "PixelValueTransformationSequence": ("RescaleIntercept", "RescaleSlope", "RescaleType"),
}


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
    found: DicomJson = {}
    for keyword, attribute in ATTRIBUTES.items():
        if keyword in header and (values := list(_values(header[keyword], attribute.vr))):
            found[attribute.tag] = {"vr": attribute.vr, "Value": values}
    if "SharedFunctionalGroupsSequence" in header or "PerFrameFunctionalGroupsSequence" in header:
        _fill_from_groups(header, found)
    return found


def _fill_from_groups(header: Dataset, found: DicomJson) -> None:
    groups = [*(header.get("SharedFunctionalGroupsSequence") or [])[:1]]
    groups += [*(header.get("PerFrameFunctionalGroupsSequence") or [])[:1]]
    for group in groups:
        for sequence, keywords in _IN_GROUPS.items():
            for keyword in keywords:
                item = (group.get(sequence) or [Dataset()])[0]
                attribute = ATTRIBUTES[keyword]
                if attribute.tag not in found and keyword in item:
                    values = list(_values(item[keyword], attribute.vr))
                    found[attribute.tag] = {"vr": attribute.vr, "Value": values}


def _values(element: DataElement, vr: str) -> Iterator[Any]:
    value = element.value
    for one in value if isinstance(value, MultiValue | list | tuple) else [value]:
        converted = _value(one, vr)
        if converted is not None:
            yield converted


def _value(one: Any, vr: str) -> Any:
    if one is None or one == "":
        return None
    if vr == "PN":
        return _person_name(one if isinstance(one, PersonName) else PersonName(str(one)))
    try:
        if vr in _WHOLE:
            return int(one)
        if vr in _DECIMAL:
            return float(one)
    except (TypeError, ValueError, OverflowError):
        return None
    plain = str(one).strip().strip("\0")[:LARGEST_TEXT]
    # Dates of ACR-NEMA times have dots (PS3.5 table 6.2-1, DA).
    return (plain.replace(".", "") if vr == "DA" else plain) or None


def _person_name(name: PersonName) -> dict[str, str] | None:
    groups = {"Alphabetic": name.alphabetic, "Ideographic": name.ideographic, "Phonetic": name.phonetic}
    filled = {group: str(text).strip()[:LARGEST_TEXT] for group, text in groups.items() if str(text).strip()}
    return filled or None


def _first(attributes: DicomJson, keyword: str) -> str:
    values = attributes.get(ATTRIBUTES[keyword].tag, {}).get("Value") or [""]
    return str(values[0])
