"""SOP classes that are more than a picture of their own (PS3.4 B.5)."""

from __future__ import annotations

_STORAGE = "1.2.840.10008.5.1.4.1.1"
KEY_OBJECT_SELECTION = f"{_STORAGE}.88.59"
WHOLE_SLIDE = f"{_STORAGE}.77.1.6"
# Grayscale, colour and pseudo-colour softcopy presentation states; blending and volumetric ones need several images.
PRESENTATION_STATES = frozenset(f"{_STORAGE}.11.{number}" for number in (1, 2, 3))
