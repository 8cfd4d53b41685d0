"""How one grey frame is shaded: with whose window, and what that was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from gateway.dicom.window import Window
from gateway.imaging.automatic_window import automatic_window
from gateway.imaging.grayscale import GreyTransform, grey_transform, shade, shade_words, stored_values, window_of
from gateway.imaging.pixel_format import PixelFormat
from gateway.imaging.presentation_state import PresentationState
from gateway.imaging.samples import Samples


@dataclass(slots=True)
class Greys:
    """The transform of a frame; one without any window finds its own when it sees the values."""

    header: Dataset
    pixels: PixelFormat
    transform: GreyTransform
    origin: str

    @classmethod
    def of(cls, header: Dataset, pixels: PixelFormat, asked: Window | None, state: PresentationState | None) -> Greys:
        """The shading: the window asked for, else the presentation state's, else the object's own."""
        if state is not None:
            transform = state.grey_transform(pixels)
            origin = "state"
            if asked is not None:
                transform, origin = replace(transform, window=asked, voi=None), "asked"
            return cls(header, pixels, transform, origin)
        transform = grey_transform(header, pixels, asked or window_of(header))
        found = "asked" if asked else ("object" if transform.window else ("table" if transform.voi else "automatic"))
        return cls(header, pixels, transform, found)

    @property
    def is_automatic(self) -> bool:
        """Whether the values themselves decide on the window."""
        return self.transform.window is None and self.transform.voi is None

    def stored(self, samples: Samples) -> NDArray[Any]:
        """The samples as stored values."""
        return stored_values(samples.array, self.pixels)

    def shade_words(self, samples: Samples) -> NDArray[np.uint8] | None:
        """The greys of samples straight from their words of 16 bits; None where their values must be known."""
        array, pixels = samples.array, self.pixels
        if self.is_automatic or pixels.bits_allocated != 16 or array.dtype.itemsize != 2:
            return None
        return shade_words(array.view(np.uint16), self.transform, pixels)

    def shade(self, stored: NDArray[Any], seen: NDArray[Any] | None = None) -> NDArray[np.uint8]:
        """The greys of the values; `seen` are those that decide on an automatic window."""
        if self.is_automatic:
            window = automatic_window(self.header, self.pixels, stored if seen is None else seen)
            self.transform = replace(self.transform, window=window)
        return shade(stored, self.transform, self.pixels)

    @property
    def truth(self) -> dict[str, Any]:
        """The window that was used, and where it came from."""
        window = self.transform.window
        described = [window.window_center, window.window_width, window.function.value] if window else None
        return {"window": described, "window_origin": self.origin}
