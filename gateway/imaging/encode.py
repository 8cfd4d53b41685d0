"""Pixels become a picture file: progressive JPEG for every line, PNG where every grey counts."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gateway.dicom.rendering import MediaType

FULL_COLOR_FROM_QUALITY = 90
Image.MAX_IMAGE_PIXELS = None  # only our own arrays are encoded here; nothing is opened


def encode(pixels: NDArray[np.uint8], media_type: MediaType, quality: int) -> bytes:
    """The picture's bytes; colour keeps its full resolution from quality 90 on, below it is halved (4:2:0)."""
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    written = io.BytesIO()
    if media_type is MediaType.PNG:
        picture.save(written, "PNG", compress_level=3)
        return written.getvalue()
    options: dict[str, Any] = {"quality": quality, "progressive": True}
    if picture.mode == "RGB":
        options["subsampling"] = 0 if quality >= FULL_COLOR_FROM_QUALITY else 2
    picture.save(written, "JPEG", **options)
    return written.getvalue()
