"""The names of kept renderings: `p256`, `v1024`, `full`, each with or without a window.

`v1024-c40-w400`, `v512-c40.5-w400-sigmoid`: a name says all that was done to the picture, so that a file can be kept
under it and served by nginx, and so that nothing but these names ever becomes a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.dicom.rendering import MediaType, Rendering, Viewport
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import NotFound

_SIZES = {"p256": (256, 50), "v512": (512, 80), "v1024": (1024, 80), "v2048": (2048, 80), "full": (None, 90)}
_DECIMAL = r"-?(?:0|[1-9]\d{0,6})(?:\.\d{1,4})?"
_NAME = re.compile(
    rf"(?P<size>p256|v512|v1024|v2048|full)"
    rf"(?:-c(?P<center>{_DECIMAL})-w(?P<width>{_DECIMAL})(?:-(?P<function>linear-exact|sigmoid))?)?\Z"
)
_FUNCTIONS = {
    None: VoiLutFunction.LINEAR,
    "linear-exact": VoiLutFunction.LINEAR_EXACT,
    "sigmoid": VoiLutFunction.SIGMOID,
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """A kept rendering: `edge` is the longest side in pixels, None for the stored size; never an enlargement."""

    name: str
    edge: int | None
    quality: int
    window: Window | None

    @classmethod
    def from_name(cls, name: str) -> Rendition:
        """The rendition of that name; raises NotFound, as for any other address that leads nowhere."""
        match = _NAME.match(name)
        if match is None:
            raise NotFound("There is no such rendition.")
        edge, quality = _SIZES[match["size"]]
        if match["center"] is None:
            return cls(name, edge, quality, None)
        window = Window(float(match["center"]), float(match["width"]), _FUNCTIONS[match["function"]])
        return cls(name, edge, quality, window)

    def rendering(self, rows: int, columns: int) -> Rendering:
        """The rendering that makes this rendition of a frame of that many stored rows and columns."""
        viewport = None
        if self.edge is not None and max(rows, columns) > self.edge:
            viewport = Viewport(self.edge, self.edge)
        return Rendering(MediaType.JPEG, self.window, viewport, self.quality)
