"""A multi-frame object as a picture that moves (image/gif, PS3.18 8.7.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO

from pydicom.dataset import Dataset

from gateway.dicom.rendering import Fit, Rendering, Viewport
from gateway.errors import Unreadable
from gateway.imaging.encode import encode_moving
from gateway.imaging.pipeline import SOURCES, show

MOST_FRAMES = 1000
MOST_PIXELS = 200_000_000
USUAL_EDGE = 512


def animate(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The frames as an animated GIF at their own pace.

    `arguments`: `frame_numbers` (none means all), `rendering` and `files` as for a single picture.
    """
    rendering = Rendering.from_arguments(arguments["rendering"])
    if rendering.viewport is None:
        small = Viewport(USUAL_EDGE, USUAL_EDGE, fit=Fit.SHRINK)
        rendering = replace(rendering, viewport=small)
    named = dict(zip(arguments["files"], files, strict=True))
    source = SOURCES.open(named["object"])
    numbers = arguments["frame_numbers"] or list(range(1, source.format.number_of_frames + 1))
    if len(numbers) > MOST_FRAMES:
        raise Unreadable(f"Moving pictures of more than {MOST_FRAMES} frames are not made.")
    frames: list[Any] = []
    for frame_number in numbers:
        shown = show(source, frame_number, rendering, named).pixels
        if len(numbers) * shown.shape[0] * shown.shape[1] > MOST_PIXELS:
            raise Unreadable("Moving pictures of this size are not made; ask for a smaller viewport.")
        frames.append(shown)
    body = encode_moving(frames, [_milliseconds(source.header, number) for number in numbers])
    height, width = frames[0].shape[:2]
    return {"width": width, "height": height, "frames": len(frames)}, body


def _milliseconds(header: Dataset, frame_number: int) -> float:
    """How long the frame is shown (PS3.3 C.7.6.5): by Frame Time Vector, Frame Time, else the cine rate."""
    vector = header.get("FrameTimeVector")
    if vector is not None and not isinstance(vector, str | float | int) and frame_number < len(vector):
        return float(vector[frame_number])
    for keyword in ("FrameTime", "CineRate", "RecommendedDisplayFrameRate"):
        value = header.get(keyword)
        if value:
            return float(value) if keyword == "FrameTime" else 1000 / float(value)
    return 100.0
