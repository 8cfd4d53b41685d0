"""Graphic annotations of a presentation state (PS3.3 C.10.5), drawn on the finished picture at its own size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.errors import Unreadable
from gateway.imaging.lettering import Lettering
from gateway.imaging.placement import Placement
from gateway.imaging.presentation_state import PresentationState

Picture = NDArray[np.uint8]
Point = tuple[float, float]
MOST_POINTS, MOST_GRAPHICS, MOST_TEXTS = 100_000, 5_000, 200
FARTHEST = 1e6
_SUBPIXEL_BITS = 4


def draw_graphics(picture: Picture, state: PresentationState, placement: Placement) -> Picture:
    """The picture with the state's lines, shapes and words, layer by layer from the lowest order up."""
    layers = sorted(state.header.get("GraphicLayerSequence") or [], key=_order)
    annotations = list(state.items("GraphicAnnotationSequence"))
    names = [str(layer.get("GraphicLayer") or "") for layer in layers]
    _must_be_few(annotations)
    for annotation in sorted(annotations, key=lambda one: _place(names, str(one.get("GraphicLayer") or ""))):
        grey = _grey_of(layers, str(annotation.get("GraphicLayer") or ""))
        for graphic in annotation.get("GraphicObjectSequence") or []:
            _draw(picture, graphic, placement, grey)
        for text in annotation.get("TextObjectSequence") or []:
            picture = _write(picture, text, placement, grey)
    return picture


def _must_be_few(annotations: list[Dataset]) -> None:
    """A part of what somebody drew could mislead: a state of more than can be drawn is refused as a whole."""
    graphics = [one for annotation in annotations for one in annotation.get("GraphicObjectSequence") or []]
    texts = sum(len(annotation.get("TextObjectSequence") or []) for annotation in annotations)
    points = sum(len(_numbers(one.get("GraphicData"))) // 2 for one in graphics)
    if points > MOST_POINTS or len(graphics) > MOST_GRAPHICS or texts > MOST_TEXTS:
        raise Unreadable("The presentation state draws more than is drawn here.")


def layer_greys(state: PresentationState) -> dict[str, int]:
    """The grey, 0 to 255, of each layer by its name."""
    layers = state.header.get("GraphicLayerSequence") or []
    return {str(layer.get("GraphicLayer") or "").strip().upper(): _layer_grey(layer) for layer in layers}


def _order(layer: Dataset) -> int:
    value = layer.get("GraphicLayerOrder")
    return int(value) if isinstance(value, int | float) else 0


def _place(names: list[str], name: str) -> int:
    return names.index(name) if name in names else len(names)


def _grey_of(layers: list[Dataset], name: str) -> int:
    return next((_layer_grey(layer) for layer in layers if str(layer.get("GraphicLayer") or "") == name), 255)


def _layer_grey(layer: Dataset) -> int:
    value = layer.get("GraphicLayerRecommendedDisplayGrayscaleValue")
    return 255 if value is None else min(255, int(value) >> 8)


def _draw(picture: Picture, graphic: Dataset, placement: Placement, grey: int) -> None:
    kind = str(graphic.get("GraphicType") or "").strip().upper()
    points = list(_points(graphic.get("GraphicData"), graphic.get("GraphicAnnotationUnits"), placement))
    is_filled = str(graphic.get("GraphicFilled") or "N").strip().upper() == "Y"
    if not points:
        return
    if kind == "POINT":
        _lines(picture, [[(x - 4, y), (x + 4, y)] for x, y in points], grey)
        _lines(picture, [[(x, y - 4), (x, y + 4)] for x, y in points], grey)
        return
    outline = _outline(kind, points)
    if is_filled and len(outline) > 2:
        cv2.fillPoly(picture, [_fixed(outline)], _color(picture, grey), cv2.LINE_AA, _SUBPIXEL_BITS)
    _line(picture, outline, grey)


def _outline(kind: str, points: list[Point]) -> list[Point]:
    """The points of a line along the shape."""
    if kind == "CIRCLE" and len(points) >= 2:
        radius = np.hypot(points[1][0] - points[0][0], points[1][1] - points[0][1])
        angles = np.linspace(0, 2 * np.pi, 97)
        return [(points[0][0] + radius * np.cos(a), points[0][1] + radius * np.sin(a)) for a in angles]
    if kind == "ELLIPSE" and len(points) >= 4:
        # The ends of the major axis, then those of the minor (C.10.5.1.2).
        ends = np.array(points[:4])
        center = ends[:2].mean(axis=0)
        major, minor = (ends[1] - ends[0]) / 2, (ends[3] - ends[2]) / 2
        angles = np.linspace(0, 2 * np.pi, 97)
        return [tuple(center + major * np.cos(a) + minor * np.sin(a)) for a in angles]
    return _curved(points) if kind == "INTERPOLATED" and len(points) > 2 else points


def _curved(points: list[Point]) -> list[Point]:
    """A smooth line through the points (Catmull-Rom); closed where the last is the first."""
    given = np.array(points)
    is_closed = bool(np.allclose(given[0], given[-1]))
    before, after = (given[-2], given[1]) if is_closed else (given[0], given[-1])
    padded = np.vstack([before, given, after])
    steps = np.linspace(0, 1, 9)[:-1, None]
    a, b, c, d = (padded[first : len(padded) - 3 + first, None] for first in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2 + (3 * b - a - 3 * c + d) * steps**3
    )
    return [*map(tuple, curve.reshape(-1, 2)), points[-1]]


def _write(picture: Picture, text: Dataset, placement: Placement, grey: int) -> Picture:
    """A text in its box, or at its anchor; a visible anchor gets a line to the box."""
    words = str(text.get("UnformattedTextValue") or "").replace("\r\n", "\n").replace("\r", "\n")
    box_units, anchor_units = text.get("BoundingBoxAnnotationUnits"), text.get("AnchorPointAnnotationUnits")
    box = [
        *_points(text.get("BoundingBoxTopLeftHandCorner"), box_units, placement),
        *_points(text.get("BoundingBoxBottomRightHandCorner"), box_units, placement),
    ]
    anchor = next(_points(text.get("AnchorPoint"), anchor_units, placement), None)
    lettering = Lettering.for_picture(*picture.shape[:2])
    if len(box) == 2:
        (left, right), (top, bottom) = (sorted((box[0][axis], box[1][axis])) for axis in (0, 1))
        middle = ((left + right) / 2, (top + bottom) / 2)
        if anchor is not None and str(text.get("AnchorPointVisibility") or "").strip().upper() == "Y":
            _line(picture, [middle, anchor], grey)
        return lettering.write(picture, words, (left, top), grey, width=right - left, align=_alignment(text))
    if anchor is None:
        return picture
    return lettering.write(picture, words, (anchor[0] + 6, anchor[1] + 2), grey)


def _alignment(text: Dataset) -> str:
    stated = str(text.get("BoundingBoxTextHorizontalJustification") or "LEFT").strip().lower()
    return stated if stated in {"left", "right", "center"} else "left"


def _points(data: Any, units: Any, placement: Placement) -> Iterator[Point]:
    numbers = _numbers(data)
    to_output = placement.point_of_display if str(units or "").strip().upper() == "DISPLAY" else placement.point
    for x, y in zip(numbers[::2], numbers[1::2], strict=False):
        yield to_output(x, y)


def _numbers(data: Any) -> list[float]:
    """The coordinates, each within what can be drawn; none where they are no numbers."""
    values = [] if data is None else [data] if isinstance(data, int | float) else data
    try:
        return list(np.clip(np.nan_to_num(np.array(values, np.float64)), -FARTHEST, FARTHEST).tolist())
    except (TypeError, ValueError):
        return []


def _line(picture: Picture, points: list[Point], grey: int) -> None:
    _lines(picture, [points], grey)


def _lines(picture: Picture, lines: list[list[Point]], grey: int) -> None:
    fixed = [_fixed(points) for points in lines]
    cv2.polylines(picture, fixed, False, _color(picture, grey), 1, cv2.LINE_AA, _SUBPIXEL_BITS)  # noqa: FBT003


def _fixed(points: list[Point]) -> NDArray[np.int32]:
    # A point lies at a pixel's corner, OpenCV's at its middle.
    scaled = (np.array(points, np.float64) - 0.5) * (1 << _SUBPIXEL_BITS)
    return np.clip(np.rint(scaled), -(2**24), 2**24).astype(np.int32)


def _color(picture: Picture, grey: int) -> tuple[int, ...]:
    return (grey,) * (picture.shape[2] if picture.ndim == 3 else 1)
