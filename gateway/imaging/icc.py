"""ICC profiles (PS3.3 C.11.15): pictures become sRGB, or what `iccprofile` asks for (PS3.18 8.3.5.1.6)."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from pydicom.dataset import Dataset

from gateway.dicom.rendering import IccProfile

Rgb = NDArray[np.uint8]
_ADOBE = {"primaries": (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), "gamma": 563 / 256, "white": (0.3127, 0.329, 1.0)}
_ROMM = {"primaries": (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001), "gamma": 1.8, "white": (0.3457, 0.3585, 1.0)}
_P3 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def profile_of(header: Dataset) -> bytes | None:
    """The profile that the colours are in: the object's own, else that of its first optical path."""
    found = header.get("ICCProfile")
    if not found:
        wanted = str(header.get("OpticalPathIdentifier") or "")
        paths = header.get("OpticalPathSequence") or []
        chosen = [path for path in paths if not wanted or str(path.get("OpticalPathIdentifier") or "") == wanted]
        found = (chosen or paths or [Dataset()])[0].get("ICCProfile")
    return bytes(found) if isinstance(found, bytes | bytearray) and len(found) > 128 else None


def converted(rgb: Rgb, own: bytes | None, wanted: IccProfile) -> tuple[Rgb, bytes | None]:
    """The picture in the colours asked for, and the profile to embed; what cannot be read counts as sRGB."""
    if wanted is IccProfile.YES:
        return rgb, own or _named(IccProfile.SRGB)
    target = _named(IccProfile.SRGB if wanted in (IccProfile.UNSAID, IccProfile.NO) else wanted)
    shown = rgb
    if own is not None or wanted not in (IccProfile.UNSAID, IccProfile.NO, IccProfile.SRGB):
        shown = _transformed(rgb, own or _named(IccProfile.SRGB), target)
    return shown, None if wanted in (IccProfile.UNSAID, IccProfile.NO) else target


def _transformed(rgb: Rgb, source: bytes, target: bytes) -> Rgb:
    try:
        profiles = [ImageCms.ImageCmsProfile(io.BytesIO(one)) for one in (source, target)]
        picture: Any = ImageCms.profileToProfile(
            Image.fromarray(np.ascontiguousarray(rgb)),
            profiles[0],
            profiles[1],
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return rgb
    return np.asarray(picture)


@cache
def _named(name: IccProfile) -> bytes:
    if name is IccProfile.SRGB:
        return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if name is IccProfile.DISPLAY_P3:
        # Display P3 has the curve of sRGB (IEC 61966-2-1), which no single gamma is.
        steps = np.linspace(0, 1, 256)
        curve = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
        words, white = np.rint(curve * 65535).astype(np.uint16), (0.3127, 0.329, 1.0)
        return bytes(imagecodecs.cms_profile("rgb", whitepoint=white, primaries=_p3(), transferfunction=words))
    space: dict[str, Any] = _ADOBE if name is IccProfile.ADOBE_RGB else _ROMM
    primaries = _with_luminance(space["primaries"])
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=space["white"], primaries=primaries, gamma=space["gamma"]))


def _p3() -> tuple[float, ...]:
    return _with_luminance(_P3)


def _with_luminance(primaries: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(value for x, y in zip(primaries[::2], primaries[1::2], strict=True) for value in (x, y, 1.0))
