"""Run lengths (PS3.5 annex G), JPEG-LS (ISO 14495), JPEG XL (ISO 18181) and deflated frames (PS3.5 A.4.13)."""

from __future__ import annotations

import zlib

import imagecodecs
import numpy as np
from rle.rle import decode_frame as decode_rle

from gateway.errors import Unreadable
from gateway.imaging import codestream_jpeg_xl
from gateway.imaging.codestream import must_be_whole, read_jpeg
from gateway.imaging.samples import Samples
from gateway.imaging.source import Source


def run_length(frame: bytes, source: Source, _shrink: int) -> Samples:
    """A frame of RLE Lossless: a segment for each byte of each sample."""
    pixels = source.format
    wanted = pixels.samples_per_pixel * pixels.bits_allocated // 8
    if len(frame) < 64 or int.from_bytes(frame[:4], "little") != wanted:
        raise Unreadable("The RLE frame has another number of segments than its format needs (PS3.5 G.5).")
    planes = np.frombuffer(decode_rle(frame, pixels.rows * pixels.columns, pixels.bits_allocated, "<"), np.uint8)
    flat = planes.view(f"<{'i' if pixels.is_signed else 'u'}{pixels.bits_allocated // 8}")
    if pixels.samples_per_pixel == 1:
        return Samples(flat.reshape(pixels.rows, pixels.columns), pixels.photometric_interpretation)
    by_pixel = flat.reshape(3, pixels.rows, pixels.columns).transpose(1, 2, 0)
    return Samples(by_pixel, pixels.photometric_interpretation)


def jpeg_ls(frame: bytes, source: Source, _shrink: int) -> Samples:
    """A frame of JPEG-LS."""
    read_jpeg(frame).must_agree(source.format)
    must_be_whole(frame)
    return Samples(imagecodecs.jpegls_decode(frame), source.format.photometric_interpretation)


def jpeg_xl(frame: bytes, source: Source, _shrink: int) -> Samples:
    """A frame of JPEG XL; a recompressed JPEG comes out in the colours of the JPEG it was."""
    codestream_jpeg_xl.must_agree(frame, source.format)
    decoded = imagecodecs.jpegxl_decode(frame, numthreads=1)
    return Samples(decoded, "RGB" if decoded.ndim == 3 else source.format.photometric_interpretation)


def inflated(frame: bytes, source: Source) -> bytes:
    """The bytes of a deflated frame, no more than the format has room for."""
    pixels = source.format
    wanted = -(-pixels.rows * pixels.columns // 8) if pixels.bits_allocated == 1 else pixels.frame_bytes
    found = zlib.decompressobj(-zlib.MAX_WBITS).decompress(frame, wanted)
    if len(found) < wanted:
        raise Unreadable("The deflated frame is shorter than rows and columns say.")
    return found
