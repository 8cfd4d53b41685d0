"""The path of an IIIF image request: region, size, rotation, quality and format (IIIF Image API 3.0, chapter 4)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from gateway.dicom.rendering import Fit, MediaType, Rendering, Viewport
from gateway.errors import BadRequest, GatewayError

MAX_AREA = 16_777_216
MAX_EDGE = 8192
FORMATS = {"jpg": MediaType.JPEG, "png": MediaType.PNG, "webp": MediaType.WEBP, "gif": MediaType.GIF}
_KNOWN_FORMATS = frozenset({*FORMATS, "tif", "jp2", "pdf"})
_QUALITIES = frozenset({"default", "color", "gray", "bitonal"})
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_DECIMAL = re.compile(r"([0-9]{1,9}(\.[0-9]{1,10})?|\.[0-9]{1,10})\Z")
Region = tuple[int, int, int, int]


class NotSupported(GatewayError):
    """A request as the specification has it, for a feature that this server does not have."""

    status = 501
    title = "This is not supported"


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """The five parts of the path, as they came."""

    region: str
    size: str
    rotation: str
    quality: str
    format: str

    def rendering(self, width: int, height: int) -> Rendering:
        """The rendering of a picture of that extent; BadRequest and NotSupported as the specification says."""
        mirror, turns = _rotation(self.rotation)
        left, top, region_width, region_height = _region(self.region, width, height)
        wide, high = _size(self.size, region_width, region_height)
        return Rendering(
            media_type=_format(self.format),
            viewport=Viewport(wide, high, left, top, region_width, region_height, Fit.EXACT),
            quality=85,
            mirror=mirror,
            turns=turns,
            gray=_is_gray(self.quality),
        )


def _region(text: str, width: int, height: int) -> Region:
    """Left, top, width and height within the picture (4.1)."""
    if text == "full":
        return 0, 0, width, height
    if text == "square":
        edge = min(width, height)
        return (width - edge) // 2, (height - edge) // 2, edge, edge
    if text.startswith("pct:"):
        parts = _decimals(text[4:], "region")
        across, down = width / 100, height / 100
        x, y, w, h = (round(part * unit) for part, unit in zip(parts, (across, down, across, down), strict=True))
    else:
        parts_given = text.split(",")
        if len(parts_given) != 4 or not all(_WHOLE.match(part) for part in parts_given):
            raise BadRequest("The region is full, square, x,y,w,h or pct:x,y,w,h.")
        x, y, w, h = (int(part) for part in parts_given)
    if w <= 0 or h <= 0 or x >= width or y >= height:
        raise BadRequest("The region lies outside the picture or is empty.")
    return x, y, min(w, width - x), min(h, height - y)


def _size(text: str, width: int, height: int) -> tuple[int, int]:
    """Width and height of the answer (4.2)."""
    may_enlarge = text.startswith("^")
    wanted = text[1:] if may_enlarge else text
    wide, high = _wanted_size(wanted, width, height, may_enlarge=may_enlarge)
    if wide < 1 or high < 1:
        raise BadRequest("The size is less than one pixel.")
    if not may_enlarge and (wide > width or high > height):
        raise BadRequest("The size is larger than the region; with ^ before it, it may be.")
    if wide * high > MAX_AREA or max(wide, high) > MAX_EDGE:
        raise BadRequest(f"No more than {MAX_AREA} pixels, and {MAX_EDGE} a side, can be had at once.")
    return wide, high


def _wanted_size(text: str, width: int, height: int, *, may_enlarge: bool) -> tuple[int, int]:
    if text == "max":
        return _confined(width, height, (MAX_EDGE, MAX_EDGE), may_enlarge=may_enlarge)
    if text.startswith("pct:"):
        percent = _decimal(text[4:], "size")
        return round(width * percent / 100), round(height * percent / 100)
    is_confined = text.startswith("!")
    parts = (text[1:] if is_confined else text).split(",")
    if len(parts) != 2 or parts == ["", ""] or not all(part == "" or _WHOLE.match(part) for part in parts):
        raise BadRequest("The size is max, w, or ,h or w,h or !w,h or pct:n, with ^ before it to enlarge.")
    wide, high = (int(part) if part else None for part in parts)
    if wide is not None and high is not None:
        if not is_confined:
            return wide, high
        return _confined(width, height, (wide, high), may_enlarge=may_enlarge) if wide and high else (0, 0)
    if is_confined:
        raise BadRequest("The size !w,h needs both.")
    if wide is not None:
        return wide, max(1, round(height * wide / width)) if wide else 0
    return (max(1, round(width * (high or 0) / height)) if high else 0), high or 0


def _confined(width: int, height: int, box: tuple[int, int], *, may_enlarge: bool) -> tuple[int, int]:
    """As large as the box and our own limits allow, in the region's own shape."""
    scale = min(min(box[0], MAX_EDGE) / width, min(box[1], MAX_EDGE) / height, math.sqrt(MAX_AREA / (width * height)))
    scale = scale if may_enlarge else min(1.0, scale)
    wide, high = round(width * scale), round(height * scale)
    if wide * high > MAX_AREA:
        wide, high = math.floor(width * scale), math.floor(height * scale)
    return max(1, wide), max(1, high)


def _rotation(text: str) -> tuple[bool, int]:
    """Whether to mirror first, and clockwise quarter turns (4.3)."""
    mirror = text.startswith("!")
    degrees = _decimal(text[1:] if mirror else text, "rotation")
    if degrees > 360:
        raise BadRequest("The rotation is 0 to 360 degrees.")
    if degrees % 90:
        raise NotSupported("Pictures are turned by 90, 180 and 270 degrees alone.")
    return mirror, int(degrees) // 90 % 4


def _is_gray(text: str) -> bool:
    if text not in _QUALITIES:
        raise BadRequest("The quality is default, color or gray.")
    if text == "bitonal":
        raise NotSupported("Pictures of black and white alone are not made.")
    return text == "gray"


def _format(text: str) -> MediaType:
    if text not in _KNOWN_FORMATS:
        raise BadRequest("The format is jpg, png, webp or gif.")
    if text not in FORMATS:
        raise NotSupported("The format is jpg, png, webp or gif.")
    return FORMATS[text]


def _decimals(text: str, what: str) -> list[float]:
    parts = text.split(",")
    if len(parts) != 4:
        raise BadRequest(f"The {what} has four numbers.")
    return [_decimal(part, what) for part in parts]


def _decimal(text: str, what: str) -> float:
    if not _DECIMAL.match(text):
        raise BadRequest(f"The {what} holds something that is not a number.")
    return float(text)
