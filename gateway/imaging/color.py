"""Colour pictures become 8-bit RGB: planar or not, YBR, palette (PS3.3 C.7.6.3.1.2, C.7.9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from gateway.errors import Unreadable
from gateway.imaging.decode import Samples
from gateway.imaging.source import PixelFormat

Rgb = NDArray[np.uint8]
# ITU-R BT.601, full range (PS3.3 C.7.6.3.1.2): R, G and B out of Y, Cb - 128 and Cr - 128.
_FROM_YBR = np.array([[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]], np.float32)


def is_color(pixels: PixelFormat) -> bool:
    """Whether windows do not apply to the picture."""
    return pixels.samples_per_pixel == 3 or pixels.photometric_interpretation == "PALETTE COLOR"


def to_rgb(samples: Samples, header: Dataset, pixels: PixelFormat) -> Rgb:
    """The picture as rows x columns x 3 bytes of RGB; raises Unreadable for colours that are not known here."""
    if samples.photometric_interpretation == "PALETTE COLOR":
        return _from_palette(samples.array, header)
    if samples.array.ndim != 3:
        raise Unreadable("A colour picture needs three samples a pixel.")
    eight = _eight_bits(samples.array, pixels)
    if samples.photometric_interpretation in {"RGB", "YBR_RCT", "YBR_ICT"}:
        return eight
    if samples.photometric_interpretation in {"YBR_FULL", "YBR_FULL_422"}:
        return _from_ybr(eight)
    raise Unreadable(f"Colours in {samples.photometric_interpretation[:16]} cannot be shown yet.")


def _from_palette(indices: NDArray[Any], header: Dataset) -> Rgb:
    try:
        colors = apply_color_lut(indices, header)
    except (ValueError, AttributeError, IndexError, KeyError, TypeError) as error:
        raise Unreadable("The object's colour palette cannot be used.") from error
    if colors.dtype == np.uint16:
        # Tables of 16 bits that hold 8-bit colours in the low byte are common; the value range tells them apart.
        colors = colors >> 8 if int(colors.max(initial=0)) > 255 else colors
    return np.ascontiguousarray(colors[:, :, :3], dtype=np.uint8)


def _eight_bits(array: NDArray[Any], pixels: PixelFormat) -> Rgb:
    if array.dtype.itemsize == 1:
        return np.ascontiguousarray(array).view(np.uint8)
    return np.ascontiguousarray(array.astype(np.int64) >> max(0, pixels.bits_stored - 8)).astype(np.uint8)


def _from_ybr(ybr: Rgb) -> Rgb:
    shifted = ybr.astype(np.float32)
    shifted[:, :, 1:] -= 128
    rgb: Rgb = np.clip(shifted @ _FROM_YBR.T + 0.5, 0, 255).astype(np.uint8)
    return rgb
