"""A window for an object that brings none: robust defaults by modality (docs/conformance.md)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import Unreadable
from gateway.imaging.grayscale import modality_values
from gateway.imaging.pixel_format import PixelFormat

# By modality a usual window, or percentiles of what is in the picture.
USUAL_WINDOWS = {"CT": Window(40, 400)}
PERCENTILES = {"NM": (0.0, 99.8), "PT": (0.0, 99.8), "MR": (0.5, 99.5), "MG": (1.0, 99.9)}
USUAL_PERCENTILES = (0.5, 99.5)


def automatic_window(header: Dataset, pixels: PixelFormat, stored: NDArray[Any]) -> Window:
    """All of 8 bits, the usual window for CT, else percentiles of the values without padding."""
    modality = str(header.get("Modality") or "")
    if modality in USUAL_WINDOWS and header.get("RescaleSlope") is not None:
        return USUAL_WINDOWS[modality]
    if pixels.bits_stored <= 8 and not header.get("ModalityLUTSequence"):
        least = -(1 << (pixels.bits_stored - 1)) if pixels.is_signed else 0
        low, high = modality_values(header, np.array([least, least + float((1 << pixels.bits_stored) - 1)]))
        return Window((low + high + 1) / 2, max(1.0, high - low + 1))
    sample = stored[:: max(1, stored.shape[0] // 512), :: max(1, stored.shape[1] // 512)].ravel()
    kept = sample[~_is_padding(header, sample) & np.isfinite(sample)]
    found = kept if kept.size else np.zeros(1)
    low, high = np.percentile(found.astype(np.float64), PERCENTILES.get(modality, USUAL_PERCENTILES))
    ends = np.sort(modality_values(header, np.array([low, high])))
    if not np.isfinite(ends).all():
        raise Unreadable("The object's rescaled values lie beyond all measure.")
    if pixels.is_float:
        return Window(float(ends.mean()), float(max(ends[1] - ends[0], 1e-9)), VoiLutFunction.LINEAR_EXACT)
    return Window(float(ends.mean() + 0.5), float(max(1.0, ends[1] - ends[0] + 1)))


def _is_padding(header: Dataset, stored: NDArray[Any]) -> NDArray[np.bool_]:
    padding = header.get("FloatPixelPaddingValue", header.get("PixelPaddingValue"))
    if padding is None:
        return np.zeros(stored.shape, bool)
    limit = header.get("FloatPixelPaddingRangeLimit", header.get("PixelPaddingRangeLimit", padding))
    low, high = sorted((float(padding), float(limit)))
    if low > 32767 and stored.dtype == np.int16:
        low, high = low - 65536, high - 65536
    return (stored >= low) & (stored <= high)
