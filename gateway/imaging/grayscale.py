"""Grey pictures: all pixel-wise steps fold into one table from stored value to 8 bits (PS3.3 C.11, PS3.4 N.2).

Stored value -> modality LUT or rescale -> VOI LUT or window -> presentation LUT shape -> grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import Unreadable
from gateway.imaging.source import PixelFormat

Numbers = NDArray[np.float64]
Stored = NDArray[np.int16] | NDArray[np.uint16]

# Without a window in the object: by modality a usual window, or percentiles of what is in the picture.
USUAL_WINDOWS = {"CT": Window(40, 400)}
PERCENTILES = {"NM": (0.0, 99.8), "PT": (0.0, 99.8), "MR": (0.5, 99.5), "MG": (1.0, 99.9)}
USUAL_PERCENTILES = (0.5, 99.5)


@dataclass(frozen=True, slots=True)
class Lut:
    """A look-up table of the standard's kind: `first` is the input that meets the first entry."""

    first: int
    entries: Numbers
    bits: int

    def apply(self, values: Numbers) -> Numbers:
        """The entries for the values; beyond either end the end's own entry (PS3.3 C.11.1.1)."""
        places = np.clip(np.rint(values) - self.first, 0, len(self.entries) - 1).astype(np.intp)
        return cast("Numbers", self.entries[places])


def stored_values(samples: NDArray[Any], pixels: PixelFormat) -> Stored:
    """The samples as the numbers they stand for: Bits Stored below High Bit, sign extended (PS3.5 8.1.1)."""
    if pixels.bits_allocated == 32:
        raise Unreadable("Grey pictures of 32 bits cannot be shown yet.")
    words = samples.astype(np.uint16 if samples.dtype.itemsize > 1 else samples.dtype, copy=False)
    spare = pixels.bits_allocated - pixels.bits_stored
    if samples.dtype.itemsize == 1:
        words = _sign_extended_bytes(words, pixels)
    elif spare:
        # Up until the stored bits meet the top, then down again: with the sign where there is one.
        up = 15 - pixels.high_bit if pixels.bits_allocated == 16 else 0
        down = 16 - pixels.bits_stored
        words = np.left_shift(words, up) if up else words
        return cast("Stored", np.right_shift(words.view(np.int16 if pixels.is_signed else np.uint16), down))
    return cast("Stored", words.view(np.int16) if pixels.is_signed else words)


def _sign_extended_bytes(samples: NDArray[Any], pixels: PixelFormat) -> NDArray[np.uint16]:
    up, down = 7 - pixels.high_bit, 8 - pixels.bits_stored
    shifted = np.left_shift(samples.view(np.uint8), up) if up > 0 else samples.view(np.uint8)
    values = np.right_shift(shifted.view(np.int8 if pixels.is_signed else np.uint8), down)
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


def lut_of(sequence: Any) -> Lut | None:
    """The first table of a LUT sequence (PS3.3 C.11.1.1), None where there is none that can be used."""
    if not sequence:
        return None
    item = sequence[0]
    descriptor, data = item.get("LUTDescriptor"), item.get("LUTData")
    if descriptor is None or len(descriptor) != 3 or data is None:
        return None
    count, first, bits = (int(value) for value in descriptor)
    count = count or 65536
    entries = _entries(data, bits, item.is_original_encoding and item.original_encoding[1] is False)
    if not 1 <= bits <= 16 or len(entries) < count:
        raise Unreadable("A look-up table of the object is shorter than it says.")
    # LUT Descriptor's second value is signed where Pixel Representation is (C.11.1.1); read as US it may have wrapped.
    return Lut(first - 65536 if first > 32767 and count + first > 65536 else first, entries[:count], bits)


def _entries(data: Any, bits: int, is_big_endian: bool) -> Numbers:  # noqa: FBT001 - a fact of the file
    if isinstance(data, bytes | bytearray):
        kind = np.dtype(">u2" if is_big_endian else "<u2")
        found: NDArray[Any] = np.frombuffer(bytes(data[: len(data) // 2 * 2]), kind)
    else:
        found = np.asarray([data] if isinstance(data, int) else data, dtype=np.float64)
    return np.asarray(found, dtype=np.float64) % (1 << 16 if bits > 8 else 1 << max(bits, 8))


def window_of(header: Dataset) -> Window | None:
    """The first window of the object that can be used."""
    if header.get("WindowWidth") is None or header.get("WindowCenter") is None:
        return None
    center, width = number_of(header, "WindowCenter", np.nan), number_of(header, "WindowWidth", np.nan)
    stated = str(header.get("VOILUTFunction") or "LINEAR").strip().upper()
    function = VoiLutFunction(stated) if stated in VoiLutFunction.__members__ else VoiLutFunction.LINEAR
    least = 1.0 if function is VoiLutFunction.LINEAR else np.finfo(float).tiny
    return Window(center, width, function) if np.isfinite(center) and width >= least else None


def automatic_window(header: Dataset, pixels: PixelFormat, stored: Stored) -> Window:
    """A window for an object without one: all of 8 bits, the usual one for CT, else percentiles without padding."""
    modality = str(header.get("Modality") or "")
    if modality in USUAL_WINDOWS and header.get("RescaleSlope") is not None:
        return USUAL_WINDOWS[modality]
    if pixels.bits_stored <= 8 and not header.get("ModalityLUTSequence"):
        low, high = modality_values(header, np.array([0.0, float((1 << pixels.bits_stored) - 1)]))
        return Window((low + high + 1) / 2, max(1.0, high - low + 1))
    sample = stored[:: max(1, stored.shape[0] // 512), :: max(1, stored.shape[1] // 512)].ravel()
    kept = sample[~_is_padding(header, sample)]
    low, high = np.percentile(kept if kept.size else sample, PERCENTILES.get(modality, USUAL_PERCENTILES))
    ends = np.sort(modality_values(header, np.array([low, high])))
    return Window(float(ends.mean() + 0.5), float(max(1.0, ends[1] - ends[0] + 1)))


def _is_padding(header: Dataset, stored: NDArray[Any]) -> NDArray[np.bool_]:
    padding = header.get("PixelPaddingValue")
    if padding is None:
        return np.zeros(stored.shape, bool)
    limit = header.get("PixelPaddingRangeLimit", padding)
    low, high = sorted((int(padding), int(limit)))
    if low > 32767 and stored.dtype == np.int16:
        low, high = low - 65536, high - 65536
    return (stored >= low) & (stored <= high)


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


def grey_table(header: Dataset, pixels: PixelFormat, window: Window | None) -> NDArray[np.uint8]:
    """The table from the 65,536 patterns of a stored value to 8 bits; `window` None means the VOI LUT of the object."""
    patterns = np.arange(65536, dtype=np.uint16)
    values = (patterns.view(np.int16) if pixels.is_signed else patterns).astype(np.float64)
    values = modality_values(header, values)
    if window is None:
        table = lut_of(header.get("VOILUTSequence"))
        if table is None:
            raise Unreadable("The object has neither a window nor a table of greys.")
        spread = table.apply(values) / ((1 << table.bits) - 1)
    else:
        spread = windowed(values, window)
    if is_inverse(header, pixels):
        spread = 1 - spread
    return (np.clip(spread, 0, 1) * 255 + 0.5).astype(np.uint8)


def look_up(stored: Stored, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The stored values' greys."""
    return table[stored.view(np.uint16)]
