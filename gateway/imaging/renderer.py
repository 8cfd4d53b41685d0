"""Pictures and stored values as the services ask for them: the work itself is done in the sandbox's child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

from gateway.dicom.rendering import Picture, Rendering
from gateway.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Plane:
    """Stored values of one frame, packed as docs/api.md says, with what turns them into the modality's unit."""

    body: bytes
    rows: int
    columns: int
    signed: bool
    slope: float
    intercept: float
    unit: str
    invert: bool
    bits: int
    lut: bool


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders frames of open files in limited children."""

    sandbox: Sandbox

    def render(self, file: BinaryIO, frame_number: int, rendering: Rendering) -> Picture:
        """The frame as a picture; raises Unreadable with the reason, NotFound beyond the last frame."""
        window, viewport = rendering.window, rendering.viewport
        arguments: dict[str, Any] = {
            "frame_number": frame_number,
            "media_type": rendering.media_type.value,
            "quality": rendering.quality,
            "window": [window.window_center, window.window_width, window.function.value] if window else None,
            "viewport": [
                viewport.width,
                viewport.height,
                viewport.x,
                viewport.y,
                viewport.region_width,
                viewport.region_height,
            ]
            if viewport
            else None,
        }
        answer = self.sandbox.run("gateway.imaging.pipeline:render", arguments, [file.fileno()])
        truth = answer.value
        return Picture(answer.body, rendering.media_type.value, truth["width"], truth["height"], truth)

    def plane(self, file: BinaryIO, frame_number: int, reduce: int) -> Plane:
        """The frame's stored values at a `reduce`-th of its size; NotFound for colour pictures."""
        arguments = {"frame_number": frame_number, "reduce": reduce}
        answer = self.sandbox.run("gateway.imaging.planes:plane", arguments, [file.fileno()])
        return Plane(body=answer.body, **answer.value)
