"""What the frames of an enhanced multi-frame object say of themselves, for the index (PS3.3 C.7.6.16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from gateway.archive.attributes_of import attributes_of
from gateway.dicom.attributes import FRAME_GROUPS_TAG, DicomJson
from gateway.dicom.functional_groups import ATTRIBUTES_OF_MACRO, FRAME_GROUPS, SHARED_GROUPS

MOST_FRAMES = 20_000


def frame_groups(header: Dataset) -> DicomJson:
    """Attributes that hold for all frames or else for the first, and the groups of each where they differ."""
    shared = _first(header.get(SHARED_GROUPS))
    frames = header.get(FRAME_GROUPS)
    each = [_macros(group) for group in list(frames)[:MOST_FRAMES]] if isinstance(frames, Sequence) else []
    found: DicomJson = {}
    for macros in [_macros(shared), *each[:1]]:
        for values in macros.values():
            found |= values
    if any(macros != each[0] for macros in each[1:]):
        found[FRAME_GROUPS_TAG] = {"vr": "SQ", "Value": [_as_item(macros) for macros in each]}
    return found


def _macros(group: Dataset | None) -> dict[str, DicomJson]:
    if group is None:
        return {}
    known: Mapping[str, tuple[str, ...]] = ATTRIBUTES_OF_MACRO
    found = {macro: attributes_of(item, names) for macro, names in known.items() if (item := _first(group.get(macro)))}
    return {macro: values for macro, values in found.items() if values}


def _as_item(macros: dict[str, DicomJson]) -> DicomJson:
    return {_tag_of(macro): {"vr": "SQ", "Value": [values]} for macro, values in macros.items()}


def _tag_of(keyword: str) -> str:
    return f"{tag_for_keyword(keyword) or 0:08X}"


def _first(sequence: Any) -> Dataset | None:
    if not isinstance(sequence, Sequence) or not sequence:
        return None
    return sequence[0]
