"""Real compressed frames cut at each of their markers (JPEG, JPEG 2000), boxes (JPEG XL) and segments (RLE)."""

import struct

import imagecodecs
import numpy as np
from hostile_objects import JPEG_XL, compressed, frame_of, rgb
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

GREYS = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)


def cuts():
    """Name and object of each cut; what is missing is never made up, so none can be shown."""
    color = rgb(Rows=100, Columns=100)
    for name, syntax, frame, changes in (
        ("JPEG", JPEGBaseline8Bit, frame_of("SC_rgb_jpeg_dcmtk.dcm"), color),
        ("JPEG lossless", JPEGLosslessSV1, frame_of("SC_rgb_jpeg_gdcm.dcm"), color),
        ("JPEG-LS", JPEGLSLossless, frame_of("MR_small_jpeg_ls_lossless.dcm"), {}),
        ("J2K", JPEG2000Lossless, frame_of("MR_small_jp2klossless.dcm"), {}),
        ("HTJ2K", HTJ2KLossless, bytes(imagecodecs.htj2k_encode(GREYS, reversible=True)), {}),
    ):
        for place in markers(frame):
            yield f"{name} cut at {place}", compressed(syntax, frame[:place], **changes)
    frame = imagecodecs.jpegxl_encode(GREYS, lossless=True)
    for place in boxes(frame):
        yield f"JPEG XL cut at {place}", compressed(JPEG_XL, frame[:place])
    frame = frame_of("MR_small_RLE.dcm")
    for place in segments(frame):
        yield f"RLE cut at {place}", compressed(RLELossless, frame[:place])


def markers(frame):
    """Where a marker begins that is not within coded data, and the middle of the last stretch."""
    found, place = [], 2
    while place + 4 <= len(frame) and frame[place] == 0xFF and frame[place + 1] != 0xD9:
        found.append(place)
        if frame[place + 1] in (0x93, 0xDA):
            break
        place += 2 + struct.unpack_from(">H", frame, place + 2)[0]
    return [*found, place + 14, (place + len(frame)) // 2]


def boxes(frame):
    if frame[:2] == b"\xff\x0a":
        return [2, 8, 30, len(frame) // 2, len(frame) - 20]
    found, place = [], 0
    while place + 8 <= len(frame):
        found.append(place + 8)
        place += int.from_bytes(frame[place : place + 4], "big") or len(frame)
    return [*found, len(frame) // 2, len(frame) - 20]


def segments(frame):
    count = int.from_bytes(frame[:4], "little")
    starts = struct.unpack_from(f"<{count}I", frame, 4)
    return [4, 63, *starts, *(start + 40 for start in starts)]
