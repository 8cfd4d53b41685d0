"""How the samples of a frame are stored: the Image Pixel attributes (PS3.3 C.7.6.3), checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset

from gateway.dicom.part10 import FLOAT_PIXEL_DATA, PIXEL_DATA, PixelDataPlace
from gateway.errors import Unreadable

MOST_PIXELS = 120_000_000
SUBSAMPLED = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """Extent, depth and kind of the samples of one frame, and how many frames there are."""

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    photometric_interpretation: str
    number_of_frames: int
    is_float: bool = False

    @property
    def frame_bytes(self) -> int:
        """Bytes of one uncompressed frame; single-bit frames are counted in bits by the caller."""
        samples = self.rows * self.columns * self.samples_per_pixel
        if self.photometric_interpretation in SUBSAMPLED:
            samples = self.rows * self.columns * 2
        return samples * self.bits_allocated // 8

    @property
    def is_wide(self) -> bool:
        """Whether the values are too many for one table: 32 bits, or floating point."""
        return self.is_float or self.bits_allocated > 16


def pixel_format(header: Dataset, place: PixelDataPlace) -> PixelFormat:
    """The format that the header states; raises Unreadable where it contradicts itself or is beyond measure."""
    is_float = place.tag != PIXEL_DATA
    try:
        found = PixelFormat(
            rows=int(header.Rows),
            columns=int(header.Columns),
            samples_per_pixel=int(header.get("SamplesPerPixel") or 1),
            bits_allocated=_float_bits(place) if is_float else int(header.BitsAllocated),
            bits_stored=_float_bits(place) if is_float else int(header.get("BitsStored") or header.BitsAllocated),
            high_bit=int(_or(header.get("HighBit"), int(header.get("BitsStored") or header.BitsAllocated) - 1)),
            is_signed=int(header.get("PixelRepresentation") or 0) == 1,
            is_planar=int(header.get("PlanarConfiguration") or 0) == 1,
            photometric_interpretation=str(header.get("PhotometricInterpretation") or "MONOCHROME2").strip().upper(),
            number_of_frames=max(1, int(header.get("NumberOfFrames") or 1)),
            is_float=is_float,
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise Unreadable("The object does not say how its pixels are stored.") from error
    _check(found)
    return found


def _float_bits(place: PixelDataPlace) -> int:
    return 32 if place.tag == FLOAT_PIXEL_DATA else 64


def _check(found: PixelFormat) -> None:
    if found.rows < 1 or found.columns < 1:
        raise Unreadable("The object has no rows or no columns.")
    if found.rows * found.columns > MOST_PIXELS:
        raise Unreadable("The picture has more pixels than are shown here.")
    if found.samples_per_pixel not in (1, 3):
        raise Unreadable(f"Pictures of {found.samples_per_pixel} samples a pixel cannot be shown.")
    if found.is_float:
        return
    if found.bits_allocated not in (1, 8, 16, 32):
        raise Unreadable(f"Pictures of {found.bits_allocated} bits a sample cannot be shown.")
    if not (1 <= found.bits_stored <= found.bits_allocated and found.bits_stored - 1 <= found.high_bit):
        raise Unreadable("Bits Stored, Bits Allocated and High Bit contradict each other.")
    if found.high_bit >= found.bits_allocated:
        raise Unreadable("High Bit lies outside Bits Allocated.")


def _or(value: Any, otherwise: int) -> Any:
    return otherwise if value is None else value
