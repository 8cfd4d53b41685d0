"""JPEG (ISO 10918-1): baseline, extended and progressive in 8 and 12 bits, and lossless of every predictor."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
from PIL import Image

from gateway.imaging.codestream import Codestream, must_be_whole, must_have_few_scans, read_jpeg
from gateway.imaging.samples import Samples
from gateway.imaging.source import Source


def lossy(frame: bytes, source: Source, shrink: int) -> Samples:
    """A frame of processes 1 to 12, three components as RGB, smaller by scaling its cosines where that is allowed."""
    stream = read_jpeg(frame)
    stream.must_agree(source.format)
    must_be_whole(frame)
    must_have_few_scans(frame)
    stated = source.format.photometric_interpretation
    if stream.components == 3:
        is_ybr = holds_ybr(stream, stated)
        if shrink > 1 and stream.bits == 8 and is_ybr == reads_as_ybr(stream):
            return _scaled(frame, stream, shrink, "RGB")
        space = "YCBCR" if is_ybr else "RGB"
        return Samples(imagecodecs.jpeg8_decode(frame, colorspace=space, outcolorspace="RGB"), "RGB")
    if shrink > 1 and stream.bits == 8 and stated != "PALETTE COLOR":
        return _scaled(frame, stream, shrink, stated)
    return Samples(imagecodecs.jpeg8_decode(frame), stated)


def lossless(frame: bytes, source: Source, _shrink: int) -> Samples:
    """A frame of process 14."""
    read_jpeg(frame).must_agree(source.format)
    must_be_whole(frame)
    must_have_few_scans(frame)
    try:
        decoded = imagecodecs.jpeg8_decode(frame)
    except imagecodecs.Jpeg8Error:
        # Selections of process 14 that this library leaves out are read by the slower one.
        decoded = imagecodecs.jpegsof3_decode(frame)
    return Samples(decoded, source.format.photometric_interpretation)


def holds_ybr(stream: Codestream, stated: str) -> bool:
    """Which colours a JPEG holds: what its Adobe marker says, else the object, whose word alone a bare stream has."""
    if stream.adobe_transform is not None:
        return stream.adobe_transform == 1
    if stated.startswith("YBR"):
        return True
    return stream.has_jfif and stream.component_ids != (0x52, 0x47, 0x42)


def reads_as_ybr(stream: Codestream) -> bool:
    """What a reader without the object takes the three components for, browsers among them."""
    if stream.has_jfif:
        return True
    if stream.adobe_transform is not None:
        return stream.adobe_transform == 1
    return stream.component_ids != (0x52, 0x47, 0x42)


def _scaled(frame: bytes, stream: Codestream, shrink: int, space: str) -> Samples:
    picture = Image.open(io.BytesIO(frame), formats=["JPEG"])
    # Pillow takes the smallest scale that leaves at least this size (libjpeg: 1, 1/2, 1/4, 1/8).
    wanted = -(-stream.columns // shrink), -(-stream.rows // shrink)
    picture.draft(None, wanted)
    array = np.asarray(picture)
    shrunk = next(scale for scale in (1, 2, 4, 8) if -(-stream.columns // scale) == array.shape[1])
    return Samples(array, space, shrunk)
