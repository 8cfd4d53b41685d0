"""Decoded samples of a frame, before anything is done to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows x columns, or rows x columns x 3, with the colour space that they are in now.

    `shrunk` is by how much the decoder made the picture smaller than it is stored (1, 2, 4 or 8; extents rounded up).
    """

    array: Array
    photometric_interpretation: str
    shrunk: int = 1
