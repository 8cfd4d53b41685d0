"""Softcopy presentation states (PS3.3 A.33, PS3.4 annex N): how somebody wanted certain pictures to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from pydicom.dataset import Dataset

from gateway.dicom.part10 import read_header
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import BadRequest
from gateway.imaging.grayscale import GreyTransform, rescale, window_of
from gateway.imaging.lut import lut_of
from gateway.imaging.pixel_format import PixelFormat
from gateway.imaging.placement import Spatial


@dataclass(frozen=True, slots=True)
class PresentationState:
    """A state as it applies to one frame of one image."""

    header: Dataset
    sop_instance_uid: str
    frame_number: int

    @classmethod
    def from_file(cls, file: BinaryIO, image: Dataset, frame_number: int) -> PresentationState:
        """The state in the file, for that frame; raises BadRequest where it was made for other pictures."""
        state = cls(read_header(file), str(image.get("SOPInstanceUID") or ""), frame_number)
        references = [
            one for series in state.header.get("ReferencedSeriesSequence") or [] for one in _references(series)
        ]
        if not any(state._names(one) for one in references):
            raise BadRequest("The presentation state was made for other pictures.")
        return state

    @property
    def label(self) -> str:
        """What its author called it."""
        return str(self.header.get("ContentLabel") or "").strip()

    def items(self, keyword: str) -> Iterator[Dataset]:
        """The items of the sequence that apply to the frame: those that name it, and those that name none."""
        for item in self.header.get(keyword) or []:
            references = _references(item)
            if not references or any(self._names(one) for one in references):
                yield item

    def grey_transform(self, pixels: PixelFormat) -> GreyTransform:
        """The steps to grey: the state's alone; what it leaves out is none, whatever the image says (PS3.4 N.2)."""
        slope, intercept = rescale(self.header)
        modality = lut_of(self.header.get("ModalityLUTSequence"))
        voi = next(self.items("SoftcopyVOILUTSequence"), None)
        table = lut_of(voi.get("VOILUTSequence")) if voi is not None else None
        window = window_of(voi) if voi is not None else None
        shape = str(self.header.get("PresentationLUTShape") or "").strip().upper()
        transform = GreyTransform(
            slope,
            intercept,
            modality,
            window,
            table,
            lut_of(self.header.get("PresentationLUTSequence")),
            shape == "INVERSE",
        )
        if window is None and table is None:
            return _over_whole_range(transform, pixels)
        return transform

    @property
    def spatial(self) -> Spatial:
        """Displayed area, rotation and flip (C.10.4, C.10.6)."""
        area = next(self.items("DisplayedAreaSelectionSequence"), Dataset())
        corners = [_pair(area.get(f"DisplayedArea{name}HandCorner")) for name in ("TopLeft", "BottomRight")]
        box = None
        if corners[0] and corners[1]:
            columns, rows = (sorted((corners[0][axis], corners[1][axis])) for axis in (0, 1))
            # Corners are pixels, counted from 1, that belong to the area.
            box = (columns[0] - 1, rows[0] - 1, columns[1], rows[1])
        is_magnified = str(area.get("PresentationSizeMode") or "").strip().upper() == "MAGNIFY"
        ratio = float(area.get("PresentationPixelMagnificationRatio") or 1) if is_magnified else 1.0
        turns = int(self.header.get("ImageRotation") or 0) // 90 % 4
        mirror = str(self.header.get("ImageHorizontalFlip") or "").strip().upper() == "Y"
        return Spatial(_bounded(box), turns, mirror, ratio if 0 < ratio <= 64 else 1.0)

    @property
    def aspect(self) -> float | None:
        """Height of a pixel over its width as the displayed area says, None where it does not."""
        area = next(self.items("DisplayedAreaSelectionSequence"), Dataset())
        spacing = area.get("PresentationPixelSpacing") or area.get("PresentationPixelAspectRatio")
        try:
            down, across = (float(value) for value in spacing)
        except (TypeError, ValueError):
            return None
        return down / across if down > 0 and across > 0 and 0.01 <= down / across <= 100 else None

    def _names(self, reference: Dataset) -> bool:
        if str(reference.get("ReferencedSOPInstanceUID") or "") != self.sop_instance_uid:
            return False
        frames = reference.get("ReferencedFrameNumber")
        if not frames:
            return True
        return self.frame_number in ([int(frames)] if isinstance(frames, int | str) else [int(one) for one in frames])


def _references(item: Dataset) -> list[Dataset]:
    return list(item.get("ReferencedImageSequence") or [])


def _over_whole_range(transform: GreyTransform, pixels: PixelFormat) -> GreyTransform:
    """Without a VOI LUT the step is the identity: the whole range of what the modality's step gives (PS3.4 N.2.2)."""
    if transform.modality is not None:
        low, high = 0.0, float((1 << transform.modality.bits) - 1)
    else:
        least = -(1 << (pixels.bits_stored - 1)) if pixels.is_signed else 0
        ends = np.array([least, least + (1 << pixels.bits_stored) - 1]) * transform.slope + transform.intercept
        low, high = float(ends.min()), float(ends.max())
    window = Window((low + high + 1) / 2, max(high - low + 1, 1.0), VoiLutFunction.LINEAR)
    return GreyTransform(
        transform.slope,
        transform.intercept,
        transform.modality,
        window,
        None,
        transform.presentation,
        transform.inverse,
    )


def _pair(value: Any) -> tuple[int, int] | None:
    try:
        first, second = value
        return int(first), int(second)
    except (TypeError, ValueError):
        return None


def _bounded(box: tuple[int, int, int, int] | None) -> tuple[int, int, int, int] | None:
    """The area, where it is one that can be drawn; a state cannot ask for a picture beyond all measure."""
    if box is None or max(abs(edge) for edge in box) > 65536 or (box[2] - box[0]) * (box[3] - box[1]) > 120_000_000:
        return None
    return box
