"""What lies over the pixels: shutters first, then overlay planes (PS3.4 N.2.4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.imaging.graphics import layer_greys
from gateway.imaging.overlays import has_overlays, overlays_of
from gateway.imaging.presentation_state import PresentationState
from gateway.imaging.samples import Samples
from gateway.imaging.shutters import bitmap_group, covered, has_shutter, shutter_grey

Picture = NDArray[np.uint8]


def has_layers(header: Dataset) -> bool:
    """Whether the object itself brings anything that is drawn over its pixels."""
    return has_overlays(header) or has_shutter(header)


def paint_layers(
    picture: Picture, header: Dataset, state: PresentationState | None, frame_number: int, samples: Samples
) -> Picture:
    """The picture, at its stored size, with its shutter and overlays; a state's replace those of the image."""
    picture = np.array(picture)
    rows, columns = picture.shape[:2]
    shutters = header if state is None else state.header
    if has_shutter(shutters):
        picture[covered(shutters, rows, columns)] = shutter_grey(shutters)
    if state is None:
        for overlay in overlays_of(header, frame_number, samples.array):
            if overlay.group != bitmap_group(header):
                picture[overlay.mask(rows, columns)] = 255
        return picture
    greys = layer_greys(state)
    own = {overlay.group: overlay for overlay in overlays_of(state.header, frame_number)}
    of_image = {overlay.group: overlay for overlay in overlays_of(header, frame_number, samples.array)}
    for group, layer in _activated(state.header):
        shown = own.get(group) or of_image.get(group)
        if shown is not None:
            picture[shown.mask(rows, columns)] = greys.get(layer, 255)
    return picture


def _activated(state: Dataset) -> list[tuple[int, str]]:
    """Groups of overlays that the state shows, with their layer (PS3.3 C.11.7)."""
    found = []
    for group in range(0x6000, 0x6020, 2):
        element = state.get((group, 0x1001))
        layer = "" if element is None else str(element.value or "").strip().upper()
        if layer:
            found.append((group, layer))
    return found
