"""JPEG 2000 (ISO 15444-1) and its high-throughput form (ISO 15444-15), whole or at a fraction of the resolution."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
from PIL import Image

from gateway.imaging.codestream import Codestream, read_jpeg_2000
from gateway.imaging.samples import Array, Samples
from gateway.imaging.source import Source

Image.MAX_IMAGE_PIXELS = None  # the codestream's extent is checked against the object's before it is opened
THREADS = 2


def wavelet(frame: bytes, source: Source, shrink: int) -> Samples:
    """A frame of JPEG 2000; a small view takes fewer resolution levels."""
    stream = read_jpeg_2000(frame)
    stream.must_agree(source.format)
    shrink = min(shrink, 1 << stream.decompositions) if _may_shrink(stream, source) else 1
    if shrink > 1 and (reduced := _reduced(frame, stream, shrink)) is not None:
        return Samples(reduced, _colors(stream, source), shrink)
    return Samples(imagecodecs.jpeg2k_decode(frame, numthreads=THREADS), _colors(stream, source))


def high_throughput(frame: bytes, source: Source, shrink: int) -> Samples:
    """A frame of HTJ2K; a small view skips resolution levels."""
    stream = read_jpeg_2000(frame)
    stream.must_agree(source.format)
    levels = min(shrink.bit_length() - 1, stream.decompositions) if _may_shrink(stream, source) else 0
    try:
        decoded = imagecodecs.htj2k_decode(frame, skipres=levels or None, planar=False)
        return Samples(decoded, _colors(stream, source), 1 << levels)
    except imagecodecs.Htj2kError:
        # OpenJPH leaves out some forms of JPEG 2000, JP2 wrappers among them, that OpenJPEG reads.
        return Samples(imagecodecs.jpeg2k_decode(frame, numthreads=THREADS), _colors(stream, source))


def _may_shrink(stream: Codestream, source: Source) -> bool:
    """Whether means of samples mean anything: not those of palette indices, nor of signed values held as patterns."""
    pixels = source.format
    return stream.is_signed == pixels.is_signed and pixels.photometric_interpretation != "PALETTE COLOR"


def _reduced(frame: bytes, stream: Codestream, shrink: int) -> Array | None:
    """The picture at a power of two of its size; None where this reader cannot, which is no fault of the frame."""
    if stream.components not in (1, 3) or stream.bits > 16 or (stream.components == 3 and stream.bits != 8):
        return None
    picture = Image.open(io.BytesIO(frame), formats=["JPEG2000"])
    picture.reduce = shrink.bit_length() - 1  # type: ignore[method-assign,assignment]  # Pillow's documented way
    try:
        array = np.asarray(picture)
    except OSError:
        return None
    if stream.components == 3:
        return array
    # Pillow moves the samples up to the top of 8 or 16 bits, and signed ones to above zero.
    spare = 8 * array.dtype.itemsize - stream.bits
    values = array >> spare if spare else array
    if not stream.is_signed:
        return values
    return (values.astype(np.int32) - (1 << (stream.bits - 1))).astype(f"i{array.dtype.itemsize}")


def _colors(stream: Codestream, source: Source) -> str:
    """What the components are once decoded: a transformation is undone by the decoder, else as the object says."""
    stated = source.format.photometric_interpretation
    undone = stream.uses_color_transform or stated in {"YBR_RCT", "YBR_ICT"}
    return "RGB" if undone and stream.components == 3 else stated
