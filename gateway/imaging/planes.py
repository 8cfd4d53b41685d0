"""Stored values for windowing where they are shown: exact, and small enough for a phone (docs/api.md, Planes)."""

from __future__ import annotations

import zlib
from typing import Any, BinaryIO

import numpy as np

from gateway.errors import NotFound
from gateway.imaging.color import is_color
from gateway.imaging.decode import decode
from gateway.imaging.grayscale import Numbers, Stored, is_inverse, lut_of, modality_values, rescale, stored_values
from gateway.imaging.region import resize
from gateway.imaging.source import Source

UNITS = {"HU", "OD", "US"}


def plane(arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """The frame's values as raw deflate of delta-coded byte planes, and what is needed to read them.

    `arguments`: `frame_number` from 1, `reduce` 1, 2 or 4. Raises NotFound for colour, where windows do not apply.
    """
    source = Source.from_file(files[0])
    if is_color(source.format):
        raise NotFound("A colour picture has no values to window.")
    values = stored_values(decode(source, arguments["frame_number"]).array, source.format)
    facts = _facts(source)
    if facts["lut"]:
        modality = np.rint(modality_values(source.header, values.astype(np.float64)))
        facts["signed"] = bool(modality.min() < 0)
        values = _clipped(modality, is_signed=facts["signed"])
    step = arguments["reduce"]
    if step > 1:
        rows, columns = values.shape
        values = resize(values, max(1, rows // step), max(1, columns // step))
    return facts | {"rows": values.shape[0], "columns": values.shape[1]}, _packed(values)


def _facts(source: Source) -> dict[str, Any]:
    header = source.header
    has_lut = lut_of(header.get("ModalityLUTSequence")) is not None
    slope, intercept = (1.0, 0.0) if has_lut else rescale(header)
    stated = str(header.get("RescaleType") or "").strip().upper()
    unit = stated if stated in UNITS else ("HU" if header.get("Modality") == "CT" and not stated else "")
    return {
        "signed": source.format.is_signed,
        "slope": slope,
        "intercept": intercept,
        "unit": unit,
        "invert": is_inverse(header, source.format),
        "bits": source.format.bits_stored,
        "lut": has_lut,
    }


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
