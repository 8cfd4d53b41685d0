"""What a picture shall look like: the Rendering asked for, and the Picture with the truth about it.

The order of the steps is PS3.18 8.3.5.1: presentation, source region, viewport, annotation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gateway.dicom.window import Window
from gateway.errors import BadRequest

MAX_VIEWPORT_EDGE = 8192


class MediaType(StrEnum):
    """Rendered media types that can be made."""

    JPEG = "image/jpeg"
    PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Viewport:
    """Where the source region lands (PS3.18 8.3.5.1.3): a box of `width` x `height` pixels that it must fit into.

    The region is in source pixels: `x`, `y` its corner, `region_width`, `region_height` its extent, None for all
    that remains; a negative extent flips the picture along that axis.
    """

    width: int
    height: int
    x: float = 0
    y: float = 0
    region_width: float | None = None
    region_height: float | None = None

    @classmethod
    def from_parameter(cls, text: str) -> Viewport:
        """The viewport in `vw,vh` or `vw,vh,sx,sy,sw,sh` (empty members allowed); raises BadRequest otherwise."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) not in (2, 6):
            raise BadRequest("The viewport parameter has two or six members: vw,vh or vw,vh,sx,sy,sw,sh.")
        try:
            numbers = [float(part) if part else None for part in parts]
        except ValueError:
            raise BadRequest("The viewport parameter holds something that is not a number.") from None
        if any(n is not None and not math.isfinite(n) for n in numbers):
            raise BadRequest("The viewport parameter needs finite numbers.")
        width, height, *region = numbers
        if (
            width is None
            or height is None
            or not (1 <= width <= MAX_VIEWPORT_EDGE and 1 <= height <= MAX_VIEWPORT_EDGE)
        ):
            raise BadRequest(f"The viewport's width and height are between 1 and {MAX_VIEWPORT_EDGE}.")
        x, y, region_width, region_height = region or (None, None, None, None)
        if (x is not None and x < 0) or (y is not None and y < 0) or 0 in (region_width, region_height):
            raise BadRequest("The viewport's source region starts at 0 or above and is not empty.")
        return cls(int(width), int(height), x or 0, y or 0, region_width, region_height)


@dataclass(frozen=True, slots=True)
class Rendering:
    """How one frame becomes a picture: None for `window` and `viewport` means as the object itself says."""

    media_type: MediaType = MediaType.JPEG
    window: Window | None = None
    viewport: Viewport | None = None
    quality: int = 80

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise BadRequest("The quality parameter is between 1 and 100.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered frame with the truth about it.

    `truth` says what was done, for the badge and for exports: `window` (centre, width, function, source),
    `source_rows`, `source_columns`, `width`, `height`, `downsized`, `lossy` (method, ratio and quality of what we
    did) and `stored_lossy` (of what the archive holds; 0028,2110/2112/2114).
    """

    body: bytes
    media_type: str
    width: int
    height: int
    truth: dict[str, Any] = field(default_factory=dict)
