"""The attributes that hold for one frame of an enhanced multi-frame object (PS3.3 C.7.6.16)."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from gateway.dicom.functional_groups import FRAME_GROUPS, SHARED_GROUPS

# Macros whose attributes stand for a plain object's own; what others hold would clash (their dates, their references).
_MACROS = (
    "PixelMeasuresSequence",
    "PlaneOrientationSequence",
    "PlanePositionSequence",
    "FrameVOILUTSequence",
    "PixelValueTransformationSequence",
    "FrameDisplayShutterSequence",
    "OpticalPathIdentificationSequence",
    "CTImageFrameTypeSequence",
    "MRImageFrameTypeSequence",
)


def header_of_frame(header: Dataset, frame_number: int) -> Dataset:
    """The header with what shared and per-frame groups say of the frame in the place of a plain object's attributes."""
    if SHARED_GROUPS not in header and FRAME_GROUPS not in header:
        return header
    effective = Dataset()
    effective.update(header)
    for group in (_item(header, SHARED_GROUPS, 0), _item(header, FRAME_GROUPS, frame_number - 1)):
        for macro in _MACROS:
            if group is not None and (values := _item(group, macro, 0)) is not None:
                effective.update(values)
    return effective


def _item(holder: Dataset, keyword: str, place: int) -> Dataset | None:
    items = holder.get(keyword)
    if not isinstance(items, Sequence | list) or place >= len(items):
        return None
    return items[place] if isinstance(items[place], Dataset) else None
