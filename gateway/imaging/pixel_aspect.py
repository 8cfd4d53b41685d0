"""The shape of a pixel: its height over its width."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset


def pixel_aspect(header: Dataset) -> float:
    """By Pixel Spacing, else Imager Pixel Spacing, else Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7); 1 where none says."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"):
        if (found := _ratio(header.get(keyword))) is not None:
            return found
    return 1.0


def _ratio(pair: Any) -> float | None:
    try:
        down, across = (float(value) for value in pair)
    except (TypeError, ValueError):
        return None
    return down / across if down > 0 and across > 0 and 0.01 <= down / across <= 100 else None
