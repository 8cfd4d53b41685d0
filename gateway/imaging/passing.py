"""Frames that are stored as baseline JPEG and need no change are passed on as they are."""

from __future__ import annotations

from typing import Any

from gateway.dicom.rendering import IccProfile, MediaType, Rendering
from gateway.imaging.codestream import read_jpeg, without_metadata
from gateway.imaging.color import is_color
from gateway.imaging.decode_jpeg import holds_ybr, reads_as_ybr
from gateway.imaging.icc import profile_of
from gateway.imaging.layers import has_layers
from gateway.imaging.placement import Placement
from gateway.imaging.source import Source

BASELINE = "1.2.840.10008.1.2.4.50"
LEAST_QUALITY = 80


def passed_through(
    source: Source, frame_number: int, rendering: Rendering, placement: Placement, truth: dict[str, Any]
) -> bytes | None:
    """The stored JPEG without what is no picture in it; None where anything about it has to be changed."""
    if source.transfer_syntax_uid != BASELINE or rendering.media_type is not MediaType.JPEG:
        return None
    is_changed = rendering.annotations or rendering.turns or rendering.mirror or rendering.gray
    if is_changed or "presentation_state" in truth or not placement.is_as_stored or rendering.quality < LEAST_QUALITY:
        return None
    header = source.header_of(frame_number)
    if has_layers(header) or profile_of(header) or rendering.icc_profile not in (IccProfile.UNSAID, IccProfile.NO):
        return None
    # Greys nearly always pass a table first; colours do not.
    if not is_color(source.format) or source.format.photometric_interpretation == "PALETTE COLOR":
        return None
    frame = source.frame(frame_number)
    stream = read_jpeg(frame)
    if stream.components != 3 or holds_ybr(stream, source.format.photometric_interpretation) != reads_as_ybr(stream):
        return None
    return without_metadata(frame)
