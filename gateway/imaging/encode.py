"""Pixels become a picture file: JPEG for every line, PNG where every grey counts, WebP, and GIF that moves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image, Jpeg2KImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from gateway.dicom.rendering import MediaType, Rendering

# Pillow looks for its formats at the first picture; here they are there before children are forked.
Image.preinit()
FORMATS = (GifImagePlugin, Jpeg2KImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
FULL_COLOR_FROM_QUALITY = 90


def encode(pixels: NDArray[np.uint8], rendering: Rendering, icc_profile: bytes | None = None) -> bytes:
    """The picture's bytes; colour keeps its full resolution from quality 90 on, below it is halved (4:2:0)."""
    whole = np.ascontiguousarray(pixels)
    is_jpeg = rendering.media_type is MediaType.JPEG
    if is_jpeg and not rendering.progressive and icc_profile is None:
        sampling = "444" if rendering.quality >= FULL_COLOR_FROM_QUALITY else "420"
        return bytes(imagecodecs.jpeg8_encode(whole, level=rendering.quality, subsampling=sampling))
    picture = Image.fromarray(whole)
    written = io.BytesIO()
    options: dict[str, Any] = {"icc_profile": icc_profile} if icc_profile else {}
    if is_jpeg:
        options |= {"quality": rendering.quality, "progressive": rendering.progressive}
        if picture.mode == "RGB":
            options["subsampling"] = 0 if rendering.quality >= FULL_COLOR_FROM_QUALITY else 2
    elif rendering.media_type is MediaType.PNG:
        options["compress_level"] = 3
    elif rendering.media_type is MediaType.WEBP:
        options["quality"] = rendering.quality
    picture.save(written, rendering.media_type.name, **options)
    return written.getvalue()


def encode_moving(frames: Sequence[NDArray[np.uint8]], milliseconds: Sequence[float]) -> bytes:
    """An animated GIF of the frames, each shown for its time, over and over."""
    pictures = [Image.fromarray(np.ascontiguousarray(frame)) for frame in frames]
    written = io.BytesIO()
    durations = [max(20, round(duration)) for duration in milliseconds]
    pictures[0].save(written, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0)
    return written.getvalue()
