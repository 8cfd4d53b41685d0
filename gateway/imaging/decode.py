"""A stored frame becomes samples: the decoder is chosen by transfer syntax, never by what is installed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from rle.rle import decode_frame as decode_rle

from gateway.errors import GatewayError, Unreadable
from gateway.imaging.codestream import Codestream, read_jpeg, read_jpeg_2000
from gateway.imaging.source import SUBSAMPLED, PixelFormat, Source

Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Samples:
    """Decoded samples: rows x columns, or rows x columns x 3, with the colour space that they are in now."""

    array: Array
    photometric_interpretation: str


def decode(source: Source, frame_number: int) -> Samples:
    """The frame's samples in the type that Bits Allocated and Pixel Representation name; Unreadable with the reason."""
    if source.is_native:
        return _native(source, frame_number)
    decoder = DECODERS.get(source.transfer_syntax_uid)
    if decoder is None:
        raise Unreadable(f"Pictures in transfer syntax {source.transfer_syntax_uid[:64]} cannot be shown yet.")
    frame = source.frame(frame_number)
    try:
        samples = decoder(frame, source)
    except (GatewayError, MemoryError):
        raise
    except Exception as error:  # the codecs raise classes of their own for every kind of damage
        raise Unreadable("The compressed frame is damaged.") from error
    return _checked(samples, source.format)


def _native(source: Source, frame_number: int) -> Samples:
    pixels = source.format
    if pixels.bits_allocated == 1:
        packed, first = source.single_bits(frame_number)
        bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
        plane = bits[first : first + pixels.rows * pixels.columns].reshape(pixels.rows, pixels.columns)
        return Samples(plane, pixels.photometric_interpretation)
    raw = source.frame(frame_number)
    flat = np.frombuffer(raw, _stored_type(pixels, "<" if source.is_little_endian else ">"))
    if pixels.photometric_interpretation in SUBSAMPLED:
        return Samples(_interpolated(flat, pixels), "YBR_FULL")
    return Samples(_shaped(flat, pixels), pixels.photometric_interpretation)


def _stored_type(pixels: PixelFormat, order: str) -> np.dtype[np.generic]:
    return np.dtype(f"{order}{'i' if pixels.is_signed else 'u'}{pixels.bits_allocated // 8}")


def _shaped(flat: Array, pixels: PixelFormat) -> Array:
    shaped: Array
    if pixels.samples_per_pixel == 1:
        shaped = flat.reshape(pixels.rows, pixels.columns)
    elif pixels.is_planar:
        shaped = _interleaved(flat, pixels)
    else:
        shaped = flat.reshape(pixels.rows, pixels.columns, 3)
    return shaped.astype(shaped.dtype.newbyteorder("="), copy=False)


def _interleaved(flat: Array, pixels: PixelFormat) -> Array:
    interleaved: Array = flat.reshape(3, pixels.rows, pixels.columns).transpose(1, 2, 0)
    return interleaved


def _interpolated(flat: Array, pixels: PixelFormat) -> Array:
    """YBR_FULL_422 as it lies: Y1 Y2 Cb Cr for each two pixels of a row (PS3.3 C.7.6.3.1.2)."""
    if pixels.columns % 2:
        raise Unreadable("A subsampled picture needs an even number of columns.")
    pairs = flat.reshape(pixels.rows, pixels.columns // 2, 4)
    full = np.empty((pixels.rows, pixels.columns, 3), flat.dtype)
    full[:, :, 0] = pairs[:, :, :2].reshape(pixels.rows, pixels.columns)
    full[:, :, 1:] = np.repeat(pairs[:, :, 2:], 2, axis=1)
    return full


def _jpeg(frame: bytes, source: Source) -> Samples:
    stream = read_jpeg(frame)
    stream.must_agree(source.format)
    if stream.components == 3:
        space = "YCBCR" if _is_ybr(stream, source.format.photometric_interpretation) else "RGB"
        return Samples(imagecodecs.jpeg8_decode(frame, colorspace=space, outcolorspace="RGB"), "RGB")
    return Samples(imagecodecs.jpeg8_decode(frame), source.format.photometric_interpretation)


def _is_ybr(stream: Codestream, stated: str) -> bool:
    """Which colours a JPEG holds: what its Adobe marker says, else the object, whose word alone a bare stream has."""
    if stream.adobe_transform is not None:
        return stream.adobe_transform == 1
    if stated.startswith("YBR"):
        return True
    return stream.has_jfif and stream.component_ids != (0x52, 0x47, 0x42)


def _jpeg_lossless(frame: bytes, source: Source) -> Samples:
    read_jpeg(frame).must_agree(source.format)
    return Samples(imagecodecs.jpegsof3_decode(frame), source.format.photometric_interpretation)


def _jpeg_ls(frame: bytes, source: Source) -> Samples:
    read_jpeg(frame).must_agree(source.format)
    # The decoder spends seconds on a scan without its end (EOI, ISO 14495-1 C.1.1).
    if not frame.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise Unreadable("The compressed frame is cut short.")
    return Samples(imagecodecs.jpegls_decode(frame), source.format.photometric_interpretation)


def _jpeg_2000(frame: bytes, source: Source) -> Samples:
    stream = read_jpeg_2000(frame)
    stream.must_agree(source.format)
    decoded = imagecodecs.jpeg2k_decode(frame, numthreads=1)
    # The decoder has undone a component transformation; without one the components are what the object says.
    undone = stream.uses_color_transform or source.format.photometric_interpretation in {"YBR_RCT", "YBR_ICT"}
    return Samples(decoded, "RGB" if undone and stream.components == 3 else source.format.photometric_interpretation)


def _run_length(frame: bytes, source: Source) -> Samples:
    pixels = source.format
    wanted = pixels.samples_per_pixel * pixels.bits_allocated // 8
    if len(frame) < 64 or int.from_bytes(frame[:4], "little") != wanted:
        raise Unreadable("The RLE frame has another number of segments than its format needs (PS3.5 G.5).")
    planes = np.frombuffer(decode_rle(frame, pixels.rows * pixels.columns, pixels.bits_allocated, "<"), np.uint8)
    flat = planes.view(_stored_type(pixels, "<"))
    if pixels.samples_per_pixel == 1:
        return Samples(flat.reshape(pixels.rows, pixels.columns), pixels.photometric_interpretation)
    return Samples(_interleaved(flat, pixels), pixels.photometric_interpretation)


DECODERS: dict[str, Callable[[bytes, Source], Samples]] = {
    "1.2.840.10008.1.2.5": _run_length,
    "1.2.840.10008.1.2.4.50": _jpeg,
    "1.2.840.10008.1.2.4.51": _jpeg,
    "1.2.840.10008.1.2.4.57": _jpeg_lossless,
    "1.2.840.10008.1.2.4.70": _jpeg_lossless,
    "1.2.840.10008.1.2.4.80": _jpeg_ls,
    "1.2.840.10008.1.2.4.81": _jpeg_ls,
    "1.2.840.10008.1.2.4.90": _jpeg_2000,
    "1.2.840.10008.1.2.4.91": _jpeg_2000,
    "1.2.840.10008.1.2.4.201": _jpeg_2000,
    "1.2.840.10008.1.2.4.202": _jpeg_2000,
    "1.2.840.10008.1.2.4.203": _jpeg_2000,
}


def _checked(samples: Samples, pixels: PixelFormat) -> Samples:
    wanted = (pixels.rows, pixels.columns) if pixels.samples_per_pixel == 1 else (pixels.rows, pixels.columns, 3)
    if samples.array.shape != wanted:
        raise Unreadable("The compressed frame decodes to another size than the object says.")
    return samples
