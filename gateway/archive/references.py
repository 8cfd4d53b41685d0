"""Which pictures a presentation state or a key object selection is about, for the index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydicom.dataset import Dataset

from gateway.archive.attributes_of import attributes_of
from gateway.dicom.attributes import (
    DISPLAYED_AREAS_TAG,
    REFERENCED_IMAGES_TAG,
    SOFTCOPY_VOI_TAG,
    DicomJson,
    element,
)
from gateway.dicom.sop_classes import KEY_OBJECT_SELECTION, PRESENTATION_STATES

MOST_REFERENCES = 5_000
DEEPEST = 16
_REFERENCE = ("ReferencedSOPInstanceUID", "ReferencedFrameNumber")
_WINDOW = ("WindowCenter", "WindowWidth", "VOILUTFunction")
_AREA = (
    "DisplayedAreaTopLeftHandCorner",
    "DisplayedAreaBottomRightHandCorner",
    "PresentationPixelSpacing",
    "PresentationPixelAspectRatio",
)


def references_of(header: Dataset) -> DicomJson:
    """A presentation state's references and displayed areas; a key object selection's references and title."""
    sop_class_uid = str(header.get("SOPClassUID") or "")
    if sop_class_uid in PRESENTATION_STATES:
        found = [one for series in _items(header, "ReferencedSeriesSequence") for one in _references(series)]
        areas = [_limited(item, _AREA) for item in _items(header, "DisplayedAreaSelectionSequence")]
        windows = [_limited(item, _WINDOW) for item in _items(header, "SoftcopyVOILUTSequence")]
        own = {DISPLAYED_AREAS_TAG: areas, SOFTCOPY_VOI_TAG: windows, REFERENCED_IMAGES_TAG: found}
        return {tag: element for tag, items in own.items() for tag, element in _sequence(tag, items).items()}
    if sop_class_uid == KEY_OBJECT_SELECTION:
        return _sequence(REFERENCED_IMAGES_TAG, list(_in_content(header, 0))[:MOST_REFERENCES]) | _title(header)
    return {}


def _references(holder: Dataset) -> list[DicomJson]:
    return [attributes_of(item, _REFERENCE) for item in _items(holder, "ReferencedImageSequence")]


def _limited(item: Dataset, keywords: tuple[str, ...]) -> DicomJson:
    """The attributes of an item that may be for some of the pictures alone, and for which."""
    return attributes_of(item, keywords) | _sequence(REFERENCED_IMAGES_TAG, _references(item))


def _in_content(holder: Dataset, depth: int) -> Iterator[DicomJson]:
    """References of the IMAGE items of a content tree, in its order (PS3.3 C.17.3)."""
    for item in _items(holder, "ContentSequence"):
        if str(item.get("ValueType") or "").strip() == "IMAGE":
            yield from (attributes_of(one, _REFERENCE) for one in _items(item, "ReferencedSOPSequence"))
        if depth < DEEPEST:
            yield from _in_content(item, depth + 1)


def _title(header: Dataset) -> DicomJson:
    for code in _items(header, "ConceptNameCodeSequence")[:1]:
        meaning = str(code.get("CodeMeaning") or "").strip()
        if meaning:
            return element("DocumentTitle", meaning[:256])
    return {}


def _sequence(tag: str, found: list[DicomJson]) -> DicomJson:
    return {tag: {"vr": "SQ", "Value": [item for item in found if item][:MOST_REFERENCES]}} if found else {}


def _items(holder: Dataset, keyword: str) -> list[Any]:
    value = holder.get(keyword)
    return list(value) if value else []
