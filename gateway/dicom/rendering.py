"""What a picture shall look like: the Rendering asked for, and the Picture with the truth about it.

The order of the steps is PS3.18 8.3.5.1: presentation, source region, viewport, annotation.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import BadRequest

MAX_VIEWPORT_EDGE = 8192


class MediaType(StrEnum):
    """Rendered media types that can be made."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"


class IccProfile(StrEnum):
    """The `iccprofile` parameter (PS3.18 8.3.5.1.6); unsaid gives sRGB without a profile."""

    UNSAID = ""
    NO = "no"
    YES = "yes"
    SRGB = "srgb"
    ADOBE_RGB = "adobergb"
    ROMM_RGB = "rommrgb"
    DISPLAY_P3 = "displayp3"


class Fit(StrEnum):
    """How a picture meets its viewport: as large as fits, the same but never enlarged, or exactly its size."""

    INSIDE = "inside"
    SHRINK = "shrink"
    EXACT = "exact"


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
    fit: Fit = Fit.INSIDE

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
    """How one frame becomes a picture: None for `window` and `viewport` means as the object itself says.

    `annotations` are burned in last (`patient`, `technique`); `progressive` is for JPEG on slow lines. `turns`
    clockwise quarter turns, `mirror` before them and `gray` are done to the picture at the very end.
    """

    media_type: MediaType = MediaType.JPEG
    window: Window | None = None
    viewport: Viewport | None = None
    quality: int = 95
    annotations: tuple[str, ...] = ()
    icc_profile: IccProfile = IccProfile.UNSAID
    progressive: bool = False
    turns: int = 0
    mirror: bool = False
    gray: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise BadRequest("The quality parameter is between 1 and 100.")

    def as_arguments(self) -> dict[str, Any]:
        """The rendering as JSON, for the way to the child that does it."""
        window, viewport = self.window, self.viewport
        return {
            "media_type": self.media_type.value,
            "window": [window.window_center, window.window_width, window.function.value] if window else None,
            "viewport": asdict(viewport) if viewport else None,
            "quality": self.quality,
            "annotations": list(self.annotations),
            "icc_profile": self.icc_profile.value,
            "progressive": self.progressive,
            "turns": self.turns,
            "mirror": self.mirror,
            "gray": self.gray,
        }

    @classmethod
    def from_arguments(cls, given: dict[str, Any]) -> Rendering:
        """The rendering out of what `as_arguments` made of it."""
        window, viewport = given["window"], given["viewport"]
        return cls(
            **given
            | {
                "media_type": MediaType(given["media_type"]),
                "window": Window(window[0], window[1], VoiLutFunction(window[2])) if window else None,
                "viewport": Viewport(**viewport | {"fit": Fit(viewport["fit"])}) if viewport else None,
                "annotations": tuple(given["annotations"]),
                "icc_profile": IccProfile(given["icc_profile"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendered frame with the truth about it.

    `truth` says what was done, for the badge and for exports; of a picture that was kept it is not known any more.
    `window` (centre, width, function, source), `source_rows`, `source_columns`, `width`, `height`, `downsized`, `lossy`
    (method, ratio and quality of what we did) and `stored_lossy` (of what the archive holds; 0028,2110/2112/2114).
    """

    body: bytes
    media_type: str
    truth: dict[str, Any] = field(default_factory=dict)
