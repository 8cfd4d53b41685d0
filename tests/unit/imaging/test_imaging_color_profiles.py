"""Colour profiles: what is shown and embedded, against the formulas of the spaces (primaries and gamma)."""

import io

import imagecodecs
import numpy as np
import pytest
import syntax_objects as objects
from hostile_objects import image, written
from PIL import Image, ImageCms
from rendered_pictures import pixels, rendered, shown
from syntax_objects import described, native

from gateway.dicom.rendering import IccProfile, MediaType

CUBE = np.stack(np.meshgrid(*[np.arange(0, 256, 51)] * 3), axis=-1).reshape(36, 6, 3).astype(np.uint8)
ADOBE = {"primaries": [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)], "gamma": 563 / 256}
SRGB = {"primaries": [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)], "gamma": None}
P3 = [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)]
ROMM = [(0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)]
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
D50 = np.array([0.9642, 1, 0.8249])
D65 = np.array([0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329])


def to_xyz(primaries):
    """The matrix from linear RGB to XYZ, white at D65."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    return columns * np.linalg.solve(columns, D65)


def linear(values, gamma):
    values = values / 255
    if gamma:
        return values**gamma
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def to_srgb(rgb, space):
    """An RGB picture of the space in sRGB, by the formula."""
    matrix = np.linalg.inv(to_xyz(SRGB["primaries"])) @ to_xyz(space["primaries"])
    found = np.clip(linear(rgb.astype(float), space["gamma"]) @ matrix.T, 0, 1)
    return np.where(found <= 0.0031308, found * 12.92, 1.055 * found ** (1 / 2.4) - 0.055) * 255


def adobe_profile():
    flat = [value for x, y in ADOBE["primaries"] for value in (x, y, 1.0)]
    return bytes(imagecodecs.cms_profile("rgb", whitepoint=(0.3127, 0.329, 1.0), primaries=flat, gamma=ADOBE["gamma"]))


def with_profile(array, profile=None):
    made = image(PixelData=array.tobytes(), **described(array))
    made.ICCProfile = profile if profile is not None else adobe_profile()
    return written(made)


def embedded(body):
    """The profile in a picture, read by Little CMS; None where there is none."""
    found = Image.open(io.BytesIO(body)).info.get("icc_profile")
    return ImageCms.ImageCmsProfile(io.BytesIO(found)) if found else None


@pytest.mark.parametrize("asked", ["", "no", "srgb"])
def test_colors_of_an_object_with_a_profile_become_srgb(asked):
    _, body = rendered(with_profile(CUBE), icc_profile=IccProfile(asked))
    assert np.abs(pixels(body) - to_srgb(CUBE, ADOBE)).max() <= 3
    assert np.abs(CUBE - to_srgb(CUBE, ADOBE)).max() > 20
    profile = embedded(body)
    assert (profile is not None) == (asked == "srgb")
    assert profile is None or "sRGB" in ImageCms.getProfileDescription(profile)


def test_white_stays_white_whatever_white_the_profile_has():
    """Relative colorimetric: the paper of a D50 profile is no yellow on the screen."""
    flat = [value for x, y in ROMM for value in (x, y, 1.0)]
    romm = bytes(imagecodecs.cms_profile("rgb", whitepoint=(0.3457, 0.3585, 1.0), primaries=flat, gamma=1.8))
    assert np.all(shown(with_profile(np.full((4, 4, 3), 255, np.uint8), romm))[1] >= 254)
    assert np.ptp(shown(with_profile(np.full((4, 4, 3), 120, np.uint8), romm))[1]) <= 1


def test_yes_embeds_the_objects_own_profile_and_leaves_its_values():
    _, body = rendered(with_profile(CUBE), icc_profile=IccProfile.YES)
    assert np.array_equal(pixels(body), CUBE)
    assert Image.open(io.BytesIO(body)).info["icc_profile"] == adobe_profile()


def test_yes_embeds_srgb_where_the_object_has_none():
    _, body = rendered(native(CUBE), icc_profile=IccProfile.YES)
    assert np.array_equal(pixels(body), CUBE)
    assert "sRGB" in ImageCms.getProfileDescription(embedded(body))


@pytest.mark.parametrize("media_type", [MediaType.PNG, MediaType.JPEG, MediaType.WEBP])
@pytest.mark.parametrize(
    ("asked", "primaries"), [("adobergb", ADOBE["primaries"]), ("displayp3", P3), ("rommrgb", ROMM)]
)
def test_other_spaces_are_embedded_as_what_they_are(asked, primaries, media_type):
    profile = embedded(rendered(native(CUBE), icc_profile=IccProfile(asked), media_type=media_type, quality=100)[1])
    stored = [getattr(profile.profile, f"{color}_primary")[0] for color in ("red", "green", "blue")]
    # A profile holds its primaries as seen under D50 (ICC.1 annex E).
    white = D50 if asked == "rommrgb" else D65
    seen = np.array(stored) @ BRADFORD.T * ((BRADFORD @ white) / (BRADFORD @ D50)) @ np.linalg.inv(BRADFORD).T
    assert np.abs(seen[:, :2] / seen.sum(axis=1, keepdims=True) - np.array(primaries)).max() < 0.002


@pytest.mark.parametrize("asked", ["adobergb", "displayp3", "rommrgb"])
def test_values_and_embedded_profile_mean_the_same_colors(asked):
    """Read back by Little CMS with the profile that the picture brings."""
    _, body = rendered(native(CUBE), icc_profile=IccProfile(asked))
    srgb = ImageCms.createProfile("sRGB")
    back = ImageCms.profileToProfile(Image.fromarray(pixels(body)), embedded(body), srgb)
    assert np.abs(np.asarray(back).astype(int) - CUBE).mean() < 2
    assert np.abs(pixels(body).astype(int) - CUBE).max() > 20


def test_adobe_rgb_by_the_formula():
    _, body = rendered(native(CUBE), icc_profile=IccProfile.ADOBE_RGB)
    assert np.abs(to_srgb(pixels(body), ADOBE) - CUBE).max() <= 5


def test_display_p3_has_the_curve_of_srgb():
    """Then what is neutral keeps its values."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    _, body = rendered(native(ramp), icc_profile=IccProfile.DISPLAY_P3)
    assert np.abs(pixels(body).astype(int) - ramp).max() <= 1


def test_greys_have_no_profile():
    grey = objects.grey8()
    _, body = rendered(native(grey), icc_profile=IccProfile.YES)
    assert embedded(body) is None


def test_the_profile_of_an_optical_path_counts():
    made = image(PixelData=CUBE.tobytes(), **described(CUBE))
    path = objects.dataset(OpticalPathIdentifier="1", ICCProfile=adobe_profile())
    made.OpticalPathSequence = [path]
    assert np.abs(shown(written(made))[1] - to_srgb(CUBE, ADOBE)).max() <= 3


@pytest.mark.parametrize("profile", [bytes(400), b"no profile at all" * 20])
def test_a_damaged_profile_leaves_the_colors_as_they_are(profile):
    assert np.array_equal(shown(with_profile(CUBE, profile))[1], CUBE)
