"""Whether two pictures show the same: nobody is fast by being wrong."""

from __future__ import annotations

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

MOST_DIFFERENCE = 8.0


def difference(one: bytes, other: bytes) -> float:
    """The mean difference in grey levels of two JPEG pictures, the second brought to the first one's size.

    Orthanc fills the viewport's box around a picture of another aspect: what it fills is left out.
    """
    left, right = _grey(one), _grey(other)
    if left.shape != right.shape:
        right = cv2.resize(_middle(right, *left.shape), left.shape[::-1], interpolation=cv2.INTER_AREA)
    return float(np.mean(np.abs(left - right)))


def _middle(picture: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    """The largest part of that aspect about the picture's centre."""
    scale = min(picture.shape[0] / rows, picture.shape[1] / columns)
    height, width = round(rows * scale), round(columns * scale)
    top, left = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return np.ascontiguousarray(picture[top : top + height, left : left + width])


def size(picture: bytes) -> tuple[int, int]:
    """Rows and columns of a JPEG picture."""
    rows, columns = imagecodecs.jpeg8_decode(picture).shape[:2]
    return rows, columns


def _grey(picture: bytes) -> NDArray[np.float32]:
    decoded = imagecodecs.jpeg8_decode(picture)
    return (decoded if decoded.ndim == 2 else cv2.cvtColor(decoded, cv2.COLOR_RGB2GRAY)).astype(np.float32)
