"""Colour pictures become 8-bit RGB: planar or not, YBR, palette (PS3.3 C.7.6.3.1.2, C.7.9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.errors import Unreadable
from gateway.imaging.grayscale import stored_values
from gateway.imaging.palette import palette_of
from gateway.imaging.pixel_format import PixelFormat
from gateway.imaging.samples import Samples

Rgb = NDArray[np.uint8]
# ITU-R BT.601 (PS3.3 C.7.6.3.1.2): R, G and B out of Y, Cb - 128 and Cr - 128; full range, and 16 to 235 (240).
_FROM_FULL = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)
_FROM_PARTIAL = np.array([[1.1644, 0, 1.596], [1.1644, -0.3917, -0.813], [1.1644, 2.0173, 0]], np.float32)


def is_color(pixels: PixelFormat) -> bool:
    """Whether windows do not apply to the picture."""
    return pixels.samples_per_pixel == 3 or pixels.photometric_interpretation == "PALETTE COLOR"


def to_rgb(samples: Samples, header: Dataset, pixels: PixelFormat) -> Rgb:
    """The picture as rows x columns x 3 bytes of RGB; raises Unreadable for colours that are not known here."""
    if samples.photometric_interpretation == "PALETTE COLOR":
        palette = palette_of(header)
        if palette is None:
            raise Unreadable("The object has no colour palette although it says so.")
        return palette.apply(stored_values(samples.array, pixels))
    if samples.array.ndim != 3:
        raise Unreadable("A colour picture needs three samples a pixel.")
    eight = _eight_bits(samples.array, pixels)
    if samples.photometric_interpretation in {"RGB", "YBR_RCT", "YBR_ICT"}:
        return eight
    if samples.photometric_interpretation in {"YBR_FULL", "YBR_FULL_422"}:
        return _from_ybr(eight, _FROM_FULL, 0)
    if samples.photometric_interpretation in {"YBR_PARTIAL", "YBR_PARTIAL_422", "YBR_PARTIAL_420"}:
        return _from_ybr(eight, _FROM_PARTIAL, 16)
    raise Unreadable(f"Colours in {samples.photometric_interpretation[:16]} cannot be shown.")


def _eight_bits(array: NDArray[Any], pixels: PixelFormat) -> Rgb:
    if array.dtype.itemsize == 1:
        return np.ascontiguousarray(array).view(np.uint8)
    return np.ascontiguousarray(array.astype(np.int64) >> max(0, pixels.bits_stored - 8)).astype(np.uint8)


def _from_ybr(ybr: Rgb, matrix: NDArray[np.float32], black: int) -> Rgb:
    shifted = ybr.astype(np.float32)
    shifted[:, :, 0] -= black
    shifted[:, :, 1:] -= 128
    rgb: Rgb = np.clip(shifted @ matrix.T + 0.5, 0, 255).astype(np.uint8)
    return rgb
