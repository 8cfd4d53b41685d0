"""Grey pictures: all pixel-wise steps fold into one table from stored value to 8 bits (PS3.3 C.11, PS3.4 N.2).

Stored value -> modality LUT or rescale -> VOI LUT or window -> presentation LUT -> grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import Unreadable
from gateway.imaging.lut import Lut, Numbers, lut_of
from gateway.imaging.pixel_format import PixelFormat

Stored = NDArray[np.int16] | NDArray[np.uint16]
Wide = NDArray[Any]


@dataclass(frozen=True, slots=True)
class GreyTransform:
    """From stored value to grey: the modality's, the window or VOI LUT, and the presentation's step.

    `inverse` swaps black and white at the end; `presentation` is a table of the standard's kind instead.
    """

    slope: float
    intercept: float
    modality: Lut | None
    window: Window | None
    voi: Lut | None
    presentation: Lut | None
    inverse: bool

    def greys(self, stored: Numbers) -> NDArray[np.uint8]:
        """The grey, 0 to 255, of each stored value."""
        values = self.modality.apply(stored) if self.modality else stored * self.slope + self.intercept
        if self.window is not None:
            spread = windowed(values, self.window)
        elif self.voi is not None:
            spread = self.voi.apply(values) / ((1 << self.voi.bits) - 1)
        else:
            raise Unreadable("The object has neither a window nor a table of greys.")
        if self.presentation is not None:
            spread = self.presentation.spread(spread)
        if self.inverse:
            spread = 1 - spread
        # Floating-point pixels may hold what is no number: it is shown as the lowest value.
        return (np.clip(np.nan_to_num(spread), 0, 1) * 255 + 0.5).astype(np.uint8)

    def table(self, first: int, count: int) -> NDArray[np.uint8]:
        """The greys of `count` stored values from `first` on."""
        low, high = self._varying(first, count)
        table = np.empty(count, np.uint8)
        table[low:high] = self.greys(np.arange(first + low, first + high, dtype=np.float64))
        # Beyond the window's ends all is black or white.
        table[:low] = table[low]
        table[high:] = table[high - 1]
        return table

    def _varying(self, first: int, count: int) -> tuple[int, int]:
        """Between which places of such a table the greys change; all of it where that is not a matter of a window."""
        window, slope = self.window, self.slope
        if window is None or self.modality or slope == 0 or window.function is VoiLutFunction.SIGMOID:
            return 0, count
        ends = [window.window_center - window.window_width / 2 - 1, window.window_center + window.window_width / 2 + 1]
        low, high = sorted((end - self.intercept) / slope for end in ends)
        low_place = int(np.clip(np.floor(low) - first - 1, 0, count - 1))
        return low_place, int(np.clip(np.ceil(high) - first + 2, low_place + 1, count))


def grey_transform(header: Dataset, pixels: PixelFormat, window: Window | None) -> GreyTransform:
    """The object's own steps, with that window; without one its VOI LUT."""
    slope, intercept = rescale(header)
    return GreyTransform(
        slope,
        intercept,
        lut_of(header.get("ModalityLUTSequence")),
        window,
        None if window else lut_of(header.get("VOILUTSequence")),
        lut_of(header.get("PresentationLUTSequence")),
        is_inverse(header, pixels),
    )


def stored_values(samples: NDArray[Any], pixels: PixelFormat) -> Stored | Wide:
    """The samples as the numbers they stand for: Bits Stored below High Bit, sign extended (PS3.5 8.1.1).

    16 bits where they fit, else 32-bit integers or floating point as stored.
    """
    if pixels.is_float:
        return samples
    if pixels.bits_allocated == 32:
        up, down = 31 - pixels.high_bit, 32 - pixels.bits_stored
        words = np.left_shift(samples.view(np.uint32), up)
        return np.right_shift(words.view(np.int32 if pixels.is_signed else np.uint32), down)
    words = samples.astype(np.uint16 if samples.dtype.itemsize > 1 else samples.dtype, copy=False)
    spare = pixels.bits_allocated - pixels.bits_stored
    if samples.dtype.itemsize == 1:
        words = _sign_extended_bytes(words, pixels)
    elif spare and not _is_clean(words, pixels):
        # Up until the stored bits meet the top, then down again: with the sign where there is one.
        up = 15 - pixels.high_bit if pixels.bits_allocated == 16 else 0
        down = 16 - pixels.bits_stored
        words = np.left_shift(words, up) if up else words
        return cast("Stored", np.right_shift(words.view(np.int16 if pixels.is_signed else np.uint16), down))
    return cast("Stored", words.view(np.int16) if pixels.is_signed else words)


def _is_clean(words: NDArray[np.uint16], pixels: PixelFormat) -> bool:
    """Whether the words are the values already, as they nearly always are: to look is faster than to move all bits."""
    if pixels.high_bit != pixels.bits_stored - 1 or words.dtype.itemsize != 2:
        return False
    if not pixels.is_signed:
        return int(words.max(initial=0)) < 1 << pixels.bits_stored
    values, most = words.view(np.int16), 1 << (pixels.bits_stored - 1)
    return -most <= int(values.min(initial=0)) and int(values.max(initial=0)) < most


def _sign_extended_bytes(samples: NDArray[Any], pixels: PixelFormat) -> NDArray[np.uint16]:
    # A codestream of 8 bits may stand for more of them: then its samples are the values.
    up, down = max(0, 7 - pixels.high_bit), max(0, 8 - pixels.bits_stored)
    shifted = np.left_shift(samples.view(np.uint8), up)
    is_signed = pixels.is_signed and pixels.bits_stored <= 8
    values = np.right_shift(shifted.view(np.int8 if is_signed else np.uint8), down)
    return cast("NDArray[np.uint16]", values.astype(np.int16).view(np.uint16))


def modality_values(header: Dataset, values: Numbers) -> Numbers:
    """Stored values in the modality's unit: by Modality LUT Sequence, else by rescale (PS3.3 C.11.1)."""
    if table := lut_of(header.get("ModalityLUTSequence")):
        return table.apply(values)
    slope, intercept = rescale(header)
    return values * slope + intercept


def rescale(header: Dataset) -> tuple[float, float]:
    """Rescale Slope and Intercept, 1 and 0 where absent."""
    return number_of(header, "RescaleSlope", 1.0) or 1.0, number_of(header, "RescaleIntercept", 0.0)


def number_of(header: Dataset, keyword: str, otherwise: float) -> float:
    """The attribute's first value as a finite number."""
    value = header.get(keyword)
    try:
        first = float(value[0] if isinstance(value, list | tuple) or hasattr(value, "__getitem__") else value)
    except (TypeError, ValueError, IndexError):
        return otherwise
    return first if np.isfinite(first) else otherwise


def window_of(header: Dataset) -> Window | None:
    """The first window of the object that can be used."""
    if header.get("WindowWidth") is None or header.get("WindowCenter") is None:
        return None
    center, width = number_of(header, "WindowCenter", np.nan), number_of(header, "WindowWidth", np.nan)
    stated = str(header.get("VOILUTFunction") or "LINEAR").strip().upper()
    function = VoiLutFunction(stated) if stated in VoiLutFunction.__members__ else VoiLutFunction.LINEAR
    least = 1.0 if function is VoiLutFunction.LINEAR else np.finfo(float).tiny
    return Window(center, width, function) if np.isfinite(center) and width >= least else None


def windowed(values: Numbers, window: Window) -> Numbers:
    """Modality values spread over 0 to 1 (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    center, width = window.window_center, window.window_width
    if window.function is VoiLutFunction.SIGMOID:
        return 1 / (1 + np.exp(np.clip(-4 * (values - center) / width, -700, 700)))
    if window.function is VoiLutFunction.LINEAR_EXACT:
        return np.clip((values - center) / width + 0.5, 0, 1)
    if width == 1:
        return (values > center - 0.5).astype(np.float64)
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1)


def is_inverse(header: Dataset, pixels: PixelFormat) -> bool:
    """Whether the lowest value is white: MONOCHROME1, or Presentation LUT Shape INVERSE, which says the same."""
    shape = str(header.get("PresentationLUTShape") or "").strip().upper()
    return pixels.photometric_interpretation == "MONOCHROME1" or shape == "INVERSE"


def shade(stored: Stored | Wide, transform: GreyTransform, pixels: PixelFormat) -> NDArray[np.uint8]:
    """The stored values' greys, by one table where 16 bits hold them."""
    if pixels.is_wide:
        return transform.greys(stored.astype(np.float64))
    return np.take(_by_pattern(transform, pixels.is_signed), stored.view(np.uint16), mode="clip")


def shade_words(words: NDArray[np.uint16], transform: GreyTransform, pixels: PixelFormat) -> NDArray[np.uint8]:
    """The greys of words of 16 bits as they are stored: what lies beside the stored bits plays no part."""
    bits, spare_below = pixels.bits_stored, pixels.high_bit + 1 - pixels.bits_stored
    values = transform.table(-(1 << (bits - 1)) if pixels.is_signed else 0, 1 << bits)
    if pixels.is_signed:
        values = np.concatenate([values[1 << (bits - 1) :], values[: 1 << (bits - 1)]])
    by_word = np.tile(np.repeat(values, 1 << spare_below), 1 << (15 - pixels.high_bit))
    return np.take(by_word, words, mode="clip")  # every word is a place: no check is needed


def _by_pattern(transform: GreyTransform, is_signed: bool) -> NDArray[np.uint8]:  # noqa: FBT001 - a fact of the pixels
    """The greys by the pattern of a value of 16 bits."""
    if not is_signed:
        return transform.table(0, 65536)
    values = transform.table(-32768, 65536)
    return np.concatenate([values[32768:], values[:32768]])
