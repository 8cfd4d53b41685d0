"""From an open file to a finished picture, in the order of PS3.18 8.3.5.1 and PS3.4 N.2.

Runs in the sandbox's child: only the finished picture leaves it. For grey pictures the values are cut and shrunk before
they are looked up, because there are fewer of them then; all pixel-wise steps are in the one table.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from gateway.dicom.rendering import MediaType, Viewport
from gateway.dicom.window import VoiLutFunction, Window
from gateway.imaging.color import is_color, to_rgb
from gateway.imaging.decode import Samples, decode
from gateway.imaging.encode import encode
from gateway.imaging.grayscale import automatic_window, grey_table, look_up, lut_of, stored_values, window_of
from gateway.imaging.region import cut, fitted, resize
from gateway.imaging.source import Source

Truth = dict[str, Any]


def render(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The frame as a picture, and the truth about it (gateway/dicom/rendering.py, Picture).

    `arguments`: `frame_number` from 1, `media_type`, `quality`, and `window` and `viewport` as lists or None.
    """
    window = _window(arguments["window"])
    viewport = Viewport(*arguments["viewport"]) if arguments["viewport"] else None
    media_type, quality = MediaType(arguments["media_type"]), arguments["quality"]

    source = Source.from_file(files[0])
    samples = decode(source, arguments["frame_number"])
    shown, truth = (
        _colors(source, samples, viewport) if is_color(source.format) else _greys(source, samples, viewport, window)
    )
    body = encode(shown, media_type, quality)
    return truth | _what_was_done(source, shown, media_type, quality, len(body)), body


def _greys(
    source: Source, samples: Samples, viewport: Viewport | None, window: Window | None
) -> tuple[NDArray[np.uint8], Truth]:
    header, pixels = source.header, source.format
    stored = stored_values(samples.array, pixels)
    origin = "asked" if window else "object"
    if window is None:
        window = window_of(header)
    if window is None and lut_of(header.get("VOILUTSequence")) is None:
        window, origin = automatic_window(header, pixels, stored), "automatic"
    table = grey_table(header, pixels, window)
    region = cut(stored, viewport)
    small = resize(region, *fitted(region, viewport))
    described = [window.window_center, window.window_width, window.function.value] if window else None
    return look_up(small, table), {"window": described, "window_origin": origin if window else "table"}


def _colors(source: Source, samples: Samples, viewport: Viewport | None) -> tuple[NDArray[np.uint8], Truth]:
    region = cut(to_rgb(samples, source.header, source.format), viewport)
    return resize(region, *fitted(region, viewport)), {"window": None, "window_origin": "color"}


def _what_was_done(source: Source, shown: NDArray[np.uint8], media_type: MediaType, quality: int, length: int) -> Truth:
    rows, columns = shown.shape[:2]
    pixels, header = source.format, source.header
    lossy = media_type is MediaType.JPEG
    return {
        "width": columns,
        "height": rows,
        "source_rows": pixels.rows,
        "source_columns": pixels.columns,
        "downsized": rows < pixels.rows or columns < pixels.columns,
        "lossy": {"method": "ISO_10918_1", "quality": quality, "ratio": round(pixels.frame_bytes / length, 1)}
        if lossy
        else None,
        "stored_lossy": str(header.get("LossyImageCompression") or "") == "01",
    }


def _window(given: list[Any] | None) -> Window | None:
    return Window(given[0], given[1], VoiLutFunction(given[2])) if given else None
