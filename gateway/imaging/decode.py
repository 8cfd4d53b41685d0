"""A stored frame becomes samples: the decoder is chosen by transfer syntax, never by what is installed first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from gateway.dicom.transfer_syntax import VIDEO
from gateway.errors import GatewayError, Unreadable
from gateway.imaging import decode_jpeg, decode_jpeg_2000, decode_other
from gateway.imaging.pixel_format import SUBSAMPLED, PixelFormat
from gateway.imaging.samples import Array, Samples
from gateway.imaging.source import Source
from gateway.imaging.video import decode_video_frame

Decoder = Callable[[bytes, Source, int], Samples]
DECODERS: dict[str, Decoder] = {
    "1.2.840.10008.1.2.5": decode_other.run_length,
    "1.2.840.10008.1.2.4.50": decode_jpeg.lossy,
    "1.2.840.10008.1.2.4.51": decode_jpeg.lossy,
    "1.2.840.10008.1.2.4.53": decode_jpeg.lossy,
    "1.2.840.10008.1.2.4.55": decode_jpeg.lossy,
    "1.2.840.10008.1.2.4.57": decode_jpeg.lossless,
    "1.2.840.10008.1.2.4.70": decode_jpeg.lossless,
    "1.2.840.10008.1.2.4.80": decode_other.jpeg_ls,
    "1.2.840.10008.1.2.4.81": decode_other.jpeg_ls,
    "1.2.840.10008.1.2.4.90": decode_jpeg_2000.wavelet,
    "1.2.840.10008.1.2.4.91": decode_jpeg_2000.wavelet,
    "1.2.840.10008.1.2.4.92": decode_jpeg_2000.wavelet,
    "1.2.840.10008.1.2.4.93": decode_jpeg_2000.wavelet,
    "1.2.840.10008.1.2.4.110": decode_other.jpeg_xl,
    "1.2.840.10008.1.2.4.111": decode_other.jpeg_xl,
    "1.2.840.10008.1.2.4.112": decode_other.jpeg_xl,
    "1.2.840.10008.1.2.4.201": decode_jpeg_2000.high_throughput,
    "1.2.840.10008.1.2.4.202": decode_jpeg_2000.high_throughput,
    "1.2.840.10008.1.2.4.203": decode_jpeg_2000.high_throughput,
}
# Frames that are stored without compression of their samples, each in an item of its own (PS3.5 A.4.11, A.4.12).
DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
UNCOMPRESSED_IN_ITEMS = "1.2.840.10008.1.2.1.98"


def decode(source: Source, frame_number: int, shrink: int = 1) -> Samples:
    """The frame's samples in the type that Bits Allocated and Pixel Representation name; Unreadable with the reason.

    A decoder that can may make the picture smaller, by no more than `shrink` (1, 2, 4 or 8): Samples say by how much.
    """
    if source.is_native:
        return _native(source, frame_number)
    syntax = source.transfer_syntax_uid
    try:
        if syntax in VIDEO:
            return decode_video_frame(source, frame_number)
        frame = source.frame(frame_number)
        if syntax in (DEFLATED_FRAMES, UNCOMPRESSED_IN_ITEMS):
            raw = decode_other.inflated(frame, source) if syntax == DEFLATED_FRAMES else frame
            return _packed_bits(raw, source.format) if source.format.bits_allocated == 1 else _whole(raw, source, "<")
        with _no_error_swallowed():
            return _checked(_decoder(syntax)(frame, source, shrink), source.format)
    except (GatewayError, MemoryError):
        raise
    except Exception as error:  # the codecs raise classes of their own for every kind of damage
        raise Unreadable("The compressed frame is damaged.") from error


@contextmanager
def _no_error_swallowed() -> Iterator[None]:
    """Raises Unreadable for what a codec noticed and went on from: rows that it left out show memory as it was."""
    swallowed: list[bool] = []
    usual, sys.unraisablehook = sys.unraisablehook, lambda _: swallowed.append(True)
    try:
        yield
    finally:
        sys.unraisablehook = usual
    if swallowed:
        raise Unreadable("The compressed frame is damaged.")


def _decoder(transfer_syntax_uid: str) -> Decoder:
    found = DECODERS.get(transfer_syntax_uid)
    if found is None:
        raise Unreadable(f"Pictures in transfer syntax {transfer_syntax_uid[:64]} cannot be shown.")
    return found


def decode_rows(source: Source, frame_number: int, first_row: int, end_row: int) -> Samples | None:
    """Some rows of the frame, where they can be read without the others; None where they cannot."""
    pixels = source.format
    is_plain = source.is_native and source.is_little_endian and pixels.bits_allocated > 1 and not pixels.is_planar
    if not is_plain or pixels.photometric_interpretation in SUBSAMPLED:
        return None
    flat = np.frombuffer(source.frame_rows(frame_number, first_row, end_row), stored_type(pixels, "<"))
    samples = (pixels.samples_per_pixel,) if pixels.samples_per_pixel > 1 else ()
    shaped = flat.reshape(end_row - first_row, pixels.columns, *samples)
    return Samples(shaped, pixels.photometric_interpretation)


def stored_type(pixels: PixelFormat, order: str) -> np.dtype[np.generic]:
    """The type of one sample as it is stored, `order` < or >."""
    kind = "f" if pixels.is_float else ("i" if pixels.is_signed else "u")
    return np.dtype(f"{order}{kind}{pixels.bits_allocated // 8}")


def _native(source: Source, frame_number: int) -> Samples:
    pixels = source.format
    if pixels.bits_allocated == 1:
        packed, first = source.single_bits(frame_number)
        return _packed_bits(packed, pixels, first)
    return _whole(source.native_frame(frame_number), source, "<" if source.is_little_endian else ">")


def _packed_bits(packed: bytes, pixels: PixelFormat, first: int = 0) -> Samples:
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    plane = bits[first : first + pixels.rows * pixels.columns].reshape(pixels.rows, pixels.columns)
    return Samples(plane, pixels.photometric_interpretation)


def _whole(raw: bytes | memoryview, source: Source, order: str) -> Samples:
    pixels = source.format
    if len(raw) < pixels.frame_bytes:
        raise Unreadable("The pixel data are shorter than rows, columns and frames say.")
    flat = np.frombuffer(raw[: pixels.frame_bytes], stored_type(pixels, order))
    if pixels.photometric_interpretation in SUBSAMPLED:
        whole = "YBR_FULL" if pixels.photometric_interpretation == "YBR_FULL_422" else "YBR_PARTIAL"
        return Samples(_interpolated(flat, pixels), whole)
    return Samples(_shaped(flat, pixels), pixels.photometric_interpretation)


def _shaped(flat: Array, pixels: PixelFormat) -> Array:
    shaped: Array
    if pixels.samples_per_pixel == 1:
        shaped = flat.reshape(pixels.rows, pixels.columns)
    elif pixels.is_planar:
        shaped = flat.reshape(3, pixels.rows, pixels.columns).transpose(1, 2, 0)
    else:
        shaped = flat.reshape(pixels.rows, pixels.columns, 3)
    return shaped.astype(shaped.dtype.newbyteorder("="), copy=False)


def _interpolated(flat: Array, pixels: PixelFormat) -> Array:
    """YBR_FULL_422 as it lies: Y1 Y2 Cb Cr for each two pixels of a row (PS3.3 C.7.6.3.1.2)."""
    if pixels.columns % 2:
        raise Unreadable("A subsampled picture needs an even number of columns.")
    pairs = flat.reshape(pixels.rows, pixels.columns // 2, 4)
    full = np.empty((pixels.rows, pixels.columns, 3), flat.dtype)
    full[:, :, 0] = pairs[:, :, :2].reshape(pixels.rows, pixels.columns)
    full[:, :, 1:] = np.repeat(pairs[:, :, 2:], 2, axis=1)
    return full


def _checked(samples: Samples, pixels: PixelFormat) -> Samples:
    rows, columns = (-(-extent // samples.shrunk) for extent in (pixels.rows, pixels.columns))
    wanted = (rows, columns) if pixels.samples_per_pixel == 1 else (rows, columns, 3)
    if samples.array.shape != wanted:
        raise Unreadable("The compressed frame decodes to another size than the object says.")
    return samples
