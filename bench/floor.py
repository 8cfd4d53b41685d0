"""The floor: the least that a picture costs in one process, by the fastest library for each step.

Decode, shrink, look up, encode. Reading the header is not counted; reading the frame's bytes is, through a memory map.
"""

from __future__ import annotations

import io
import mmap
import os
from dataclasses import dataclass
from typing import Any

import cv2
import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from objects import Kind, Stored
from PIL import Image
from pydicom.encaps import parse_basic_offsets, parse_fragments
from rle.rle import decode_frame

Image.MAX_IMAGE_PIXELS = None  # only this benchmark's own pictures are opened
VIEWPORT = 512
QUALITY = 75
PROCESSORS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Frame:
    """Where one frame's bytes are, and what the header said of them."""

    stored: Stored
    view: int
    file: mmap.mmap
    offset: int
    length: int
    rows: int
    columns: int
    samples: int

    @property
    def shown(self) -> tuple[int, int]:
        """Rows and columns of the largest picture of this aspect in the viewport."""
        scale = min(VIEWPORT / self.rows, VIEWPORT / self.columns)
        return round(self.rows * scale), round(self.columns * scale)


def find_frame(stored: Stored, view: int) -> Frame:
    """The frame of the view, ready to be drawn: its header is parsed and its place in the file is known."""
    with stored.path.open("rb") as file:
        header = pydicom.dcmread(file, stop_before_pixels=True)
        # Tag, VR and a length of four bytes stand before the value (PS3.5 7.1.2).
        start = file.tell() + 12
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    number, samples = stored.frame_number(view) - 1, int(header.SamplesPerPixel)
    if stored.syntax == "raw":
        length = int(header.Rows) * int(header.Columns) * samples * int(header.BitsAllocated) // 8
        offset = start + number * length
    else:
        offset, length = _fragment(mapped, start, number)
    return Frame(stored, view, mapped, offset, length, int(header.Rows), int(header.Columns), samples)


def draw(frame: Frame) -> bytes:
    """The frame's JPEG in the viewport, its window applied."""
    view = memoryview(frame.file)[frame.offset : frame.offset + frame.length]
    if frame.samples == 3:
        return _encode(_shrunk(_color(view, frame), frame), colorspace="RGB", subsampling="420")
    values, shift = _values(view, frame)
    small = _shrunk(values, frame)
    table = _table(frame.stored.kind, frame.stored.window(frame.view) or (0, 1), shift)
    return _encode(table.take(np.ascontiguousarray(small).view(np.uint16)))


def _encode(pixels: NDArray[Any], **options: str) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(pixels, QUALITY, **options))


def _fragment(mapped: mmap.mmap, start: int, number: int) -> tuple[int, int]:
    # One fragment for each frame, which is how all of this benchmark's objects are written.
    mapped.seek(start)
    parse_basic_offsets(mapped)
    _, offsets = parse_fragments(mapped)
    place = offsets[number]
    return place + 8, int.from_bytes(mapped[place + 4 : place + 8], "little")


def _values(view: memoryview, frame: Frame) -> tuple[NDArray[Any], int]:
    """The stored values, and by how many bits the decoder has moved them up."""
    kind, syntax = frame.stored.kind, frame.stored.syntax
    shape, dtype = (frame.rows, frame.columns), np.dtype("<i2" if kind.is_signed else "<u2")
    if syntax == "raw":
        return np.frombuffer(view, dtype).reshape(shape), 0
    if syntax == "rle":
        flat = np.frombuffer(decode_frame(bytes(view), frame.rows * frame.columns, 16, "<"), dtype)
        return flat.reshape(shape), 0
    if syntax == "jpegls":
        return imagecodecs.jpegls_decode(view).view(dtype), 0
    if syntax == "jpegl":
        return imagecodecs.jpegsof3_decode(view).view(dtype), 0
    # Wavelet levels that the viewport does not show need not be decoded; Pillow fills 16 bits from the top.
    reduce = int(np.log2(max(1, frame.rows / frame.shown[0])))
    if reduce == 0:
        return imagecodecs.jpeg2k_decode(view, numthreads=PROCESSORS), 0
    with Image.open(io.BytesIO(view)) as picture:
        picture.reduce = reduce
        return np.asarray(picture), 16 - kind.bits_stored


def _color(view: memoryview, frame: Frame) -> NDArray[np.uint8]:
    shape = (frame.rows, frame.columns, 3)
    if frame.stored.syntax == "raw":
        return np.frombuffer(view, np.uint8).reshape(shape)
    if frame.stored.syntax == "rle":
        planes = np.frombuffer(decode_frame(bytes(view), frame.rows * frame.columns, 8, "<"), np.uint8)
        return np.ascontiguousarray(planes.reshape(3, frame.rows, frame.columns).transpose(1, 2, 0))
    decoded: NDArray[np.uint8] = imagecodecs.jpeg8_decode(view, colorspace="YCBCR", outcolorspace="RGB")
    return decoded


def _shrunk(pixels: NDArray[Any], frame: Frame) -> NDArray[Any]:
    rows, columns = frame.shown
    if pixels.shape[:2] == (rows, columns):
        return pixels
    shrinks = rows < pixels.shape[0]
    return cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _table(kind: Kind, window: tuple[float, float], shift: int) -> NDArray[np.uint8]:
    """Every 16-bit pattern's grey under the LINEAR function (PS3.3 C.11.2.1.2.1)."""
    patterns = np.arange(65536, dtype=np.uint16)
    stored = patterns.view(np.int16) if kind.is_signed else patterns >> shift
    center, width = window
    values = stored.astype(np.float32) + np.float32(kind.intercept)
    greys = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    return np.clip(np.rint(greys), 0, 255).astype(np.uint8)
