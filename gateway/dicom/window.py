"""A grey-scale window (PS3.3 C.11.2.1.2) and its form in the `window` parameter (PS3.18 8.3.5.1.4)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.errors import BadRequest


class VoiLutFunction(StrEnum):
    """VOI LUT Function (0028,1056)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


_FROM_PARAMETER = {
    "linear": VoiLutFunction.LINEAR,
    "linear-exact": VoiLutFunction.LINEAR_EXACT,
    "sigmoid": VoiLutFunction.SIGMOID,
}
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z")


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width in modality units (HU for CT), with the function that spreads them over the greys."""

    window_center: float
    window_width: float
    function: VoiLutFunction = VoiLutFunction.LINEAR
    explanation: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.window_center) and math.isfinite(self.window_width)):
            raise BadRequest("A window needs a finite centre and width.")
        smallest = 1.0 if self.function is VoiLutFunction.LINEAR else 0.0
        if self.window_width < smallest or (self.window_width == 0 and smallest == 0):
            raise BadRequest("A window width must be at least 1 (PS3.3 C.11.2.1.2), or above 0 for exact forms.")

    @classmethod
    def from_parameter(cls, text: str) -> Window:
        """The window in `center,width[,function]`; raises BadRequest for anything else."""
        parts = [part.strip() for part in text.split(",")]
        if len(parts) not in (2, 3) or not all(_DECIMAL.match(part) for part in parts[:2]):
            raise BadRequest("The window parameter is `center,width` or `center,width,function`.")
        function = _FROM_PARAMETER.get(parts[2].lower().replace("_", "-")) if len(parts) == 3 else VoiLutFunction.LINEAR
        if function is None:
            raise BadRequest("The window function is one of linear, linear-exact and sigmoid.")
        return cls(float(parts[0]), float(parts[1]), function)
