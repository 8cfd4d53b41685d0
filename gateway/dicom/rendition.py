"""The names of kept renderings: `p256`, `v1024`, `full`, each with or without a window or a presentation state.

`v1024-c40-w400`, `v512-c40.5-w400-sigmoid`, `full-p2` (the study's second presentation state): a name says all that
was done to the picture, so that a file can be kept under it and served by nginx, and so that nothing but these names
ever becomes a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.dicom.rendering import Fit, MediaType, Rendering, Viewport
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import NotFound

_SIZES = {"p256": (256, 40), "v512": (512, 80), "v1024": (1024, 80), "v2048": (2048, 80), "full": (None, 90)}
_DECIMAL = r"-?(?:0|[1-9]\d{0,6})(?:\.\d{1,4})?"
_NAME = re.compile(
    rf"(?P<size>p256|v512|v1024|v2048|full)"
    rf"(?:-c(?P<center>{_DECIMAL})-w(?P<width>{_DECIMAL})(?:-(?P<function>linear-exact|sigmoid))?"
    rf"|-p(?P<state>[1-9]\d{{0,4}}))?\Z"
)
_FUNCTIONS = {
    None: VoiLutFunction.LINEAR,
    "linear-exact": VoiLutFunction.LINEAR_EXACT,
    "sigmoid": VoiLutFunction.SIGMOID,
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """A kept rendering: `edge` is the longest side in pixels, None for the stored size; never an enlargement.

    `state` is the place, from 1, of a presentation state among those of the study.
    """

    name: str
    edge: int | None
    quality: int
    window: Window | None
    state: int | None = None

    @classmethod
    def from_name(cls, name: str) -> Rendition:
        """The rendition of that name; raises NotFound, as for any other address that leads nowhere."""
        match = _NAME.match(name)
        if match is None:
            raise NotFound("There is no such rendition.")
        edge, quality = _SIZES[match["size"]]
        if match["center"] is None:
            return cls(name, edge, quality, None, int(match["state"]) if match["state"] else None)
        window = Window(float(match["center"]), float(match["width"]), _FUNCTIONS[match["function"]])
        return cls(name, edge, quality, window)

    def rendering(self) -> Rendering:
        """The rendering that makes this rendition of a frame: progressive, for every line."""
        viewport = None if self.edge is None else Viewport(self.edge, self.edge, fit=Fit.SHRINK)
        return Rendering(MediaType.JPEG, self.window, viewport, self.quality, progressive=True)
