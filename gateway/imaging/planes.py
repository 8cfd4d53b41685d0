"""Stored values for windowing where they are shown: exact, and small enough for a phone (docs/api.md, Planes)."""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.errors import NotFound
from gateway.imaging.color import is_color
from gateway.imaging.decode import decode
from gateway.imaging.grayscale import Stored, is_inverse, modality_values, rescale, stored_values
from gateway.imaging.lut import Numbers, lut_of
from gateway.imaging.pipeline import SOURCES
from gateway.imaging.pixel_format import PixelFormat
from gateway.imaging.placement import resize

UNITS = {"HU", "OD", "US"}


def plane(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The frame's values as raw deflate of delta-coded byte planes, and what is needed to read them.

    `arguments`: `frame_number` from 1, `reduce` 1, 2 or 4. Raises NotFound for colour, where windows do not apply.
    """
    source = SOURCES.open(files[0])
    if is_color(source.format):
        raise NotFound("A colour picture has no values to window.")
    header = source.header_of(arguments["frame_number"])
    values = stored_values(decode(source, arguments["frame_number"]).array, source.format)
    facts = _facts(header, source.format)
    if facts["lut"]:
        modality = np.rint(modality_values(header, values.astype(np.float64)))
        facts["signed"] = bool(modality.min() < 0)
        values = _clipped(modality, is_signed=facts["signed"])
    elif source.format.is_wide:
        values, scale, least = _in_steps(values)
        facts |= {"signed": False, "bits": 16, "intercept": least * facts["slope"] + facts["intercept"]}
        facts["slope"] *= scale
    step = arguments["reduce"]
    if step > 1:
        rows, columns = values.shape
        values = resize(values, max(1, rows // step), max(1, columns // step))
    return facts | {"rows": values.shape[0], "columns": values.shape[1]}, _packed(values)


def _facts(header: Dataset, pixels: PixelFormat) -> dict[str, Any]:
    has_lut = lut_of(header.get("ModalityLUTSequence")) is not None
    slope, intercept = (1.0, 0.0) if has_lut else rescale(header)
    stated = str(header.get("RescaleType") or "").strip().upper()
    unit = stated if stated in UNITS else ("HU" if header.get("Modality") == "CT" and not stated else "")
    return {
        "signed": pixels.is_signed,
        "slope": slope,
        "intercept": intercept,
        "unit": unit,
        "invert": is_inverse(header, pixels),
        "bits": pixels.bits_stored,
        "lut": has_lut,
    }


def _in_steps(values: NDArray[Any]) -> tuple[Stored, float, float]:
    """Values beyond 16 bits as 65,536 even steps between the least and the greatest, with the step and the least."""
    finite = values[np.isfinite(values)].astype(np.float64)
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    step = (most - least) / 65535 or 1.0
    steps = np.rint((np.nan_to_num(values.astype(np.float64), nan=least) - least) / step)
    return np.clip(steps, 0, 65535).astype(np.uint16), step, least


def _clipped(values: Numbers, *, is_signed: bool) -> Stored:
    if is_signed:
        return np.clip(values, -32768, 32767).astype(np.int16)
    return np.clip(values, 0, 65535).astype(np.uint16)


def _packed(values: Stored) -> bytes:
    words = np.ascontiguousarray(values).view(np.uint16)
    difference = np.empty_like(words)
    difference[:, 1:] = words[:, 1:] - words[:, :-1]
    difference[1:, 0] = words[1:, 0] - words[:-1, 0]
    difference[0, 0] = words[0, 0]
    split = np.concatenate([(difference & 0xFF).astype(np.uint8).ravel(), (difference >> 8).astype(np.uint8).ravel()])
    deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return deflater.compress(split.tobytes()) + deflater.flush()
