"""Pixels that no table of 65,536 entries holds, and pixels of a single bit: by the formula of the window."""

import numpy as np
import pydicom
import pytest
import syntax_objects as objects
from hostile_objects import image, written
from lightbox import PYDICOM_FILES
from pydicom.encaps import encapsulate
from rendered_pictures import shown
from syntax_objects import dcmtk, described, native, whole_file, wide

from gateway.dicom.rendering import Viewport
from gateway.dicom.window import VoiLutFunction, Window

RAMP = np.linspace(-1, 1, 48 * 64).reshape(48, 64)
EXACT = VoiLutFunction.LINEAR_EXACT


def by_window(values, center, width):
    """C.11.2.1.3.2 with ymin 0 and ymax 255."""
    return np.clip((values - center) / width + 0.5, 0, 1) * 255


@pytest.mark.parametrize(
    ("array", "keyword"),
    [
        (RAMP.astype("<f4") * 1e-3, "FloatPixelData"),
        (RAMP.astype("<f8") * 1e-3, "DoubleFloatPixelData"),
        ((RAMP * 2**30).astype("<i4"), "PixelData"),
        ((RAMP * 2**31 + 2**31 - 1).clip(0, 2**32 - 1).astype("<u4"), "PixelData"),
    ],
)
def test_wide_values_follow_the_window(array, keyword):
    middle, extent = float(np.median(array)), float(array.max()) - float(array.min())
    _, found = shown(wide(array, keyword), window=Window(middle, extent / 2, EXACT))
    assert np.abs(found - by_window(array.astype(float), middle, extent / 2)).max() <= 0.51
    assert len(np.unique(found)) == 256


@pytest.mark.parametrize(("name", "keyword"), [("<f4", "FloatPixelData"), ("<i4", "PixelData")])
def test_wide_values_without_a_window_use_all_greys(name, keyword):
    truth, found = shown(wide((RAMP * 1e6).astype(name), keyword))
    assert truth["window_origin"] == "automatic"
    assert (found.min(), found.max()) == (0, 255)
    assert np.all(np.diff(found.ravel()) >= 0)


def test_what_is_no_number_is_black_and_spoils_nothing():
    holes = RAMP.astype("<f4").copy()
    holes[:4] = np.nan
    holes[4] = np.inf
    truth, found = shown(wide(holes, "FloatPixelData"))
    assert -1 <= truth["window"][0] <= 1.1
    assert not found[:4].any()
    assert found[5:].std() > 50


def test_a_region_of_wide_values_is_that_of_the_whole():
    whole = wide((RAMP * 2**30).astype("<i4"))
    asked = Window(0, 2**31, EXACT)
    _, part = shown(whole, window=asked, viewport=Viewport(20, 10, 30, 20, 20, 10))
    assert np.array_equal(part, shown(whole, window=asked)[1][20:30, 30:50])


@pytest.mark.parametrize("name", ["rtdose", "rtdose_expb", "rtdose_rle"])
def test_dose_of_32_bits_follows_the_window(name):
    read = pydicom.dcmread(PYDICOM_FILES / f"{name}.dcm")
    values = pydicom.dcmread(PYDICOM_FILES / "rtdose.dcm").pixel_array[6].astype(float)
    middle, extent = float(values.mean()), float(np.ptp(values))
    _, found = shown((PYDICOM_FILES / f"{name}.dcm").read_bytes(), 7, window=Window(middle, extent, EXACT))
    assert int(read.NumberOfFrames) == 15
    assert np.abs(found - by_window(values, middle, extent)).max() <= 0.51


@pytest.mark.parametrize("name", ["liver_1frame", "liver_expb_1frame"])
def test_single_bits_are_black_and_white(name):
    expected = pydicom.dcmread(PYDICOM_FILES / "liver_1frame.dcm").pixel_array.astype(int) * 255
    _, found = shown((PYDICOM_FILES / f"{name}.dcm").read_bytes())
    assert np.array_equal(found, expected)
    assert 0 < expected.mean() < 255


BITS = np.random.default_rng(7).integers(0, 2, (3, 5, 7), np.uint8)
OF_BITS = {"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_frames_of_single_bits_begin_within_a_byte(number):
    packed = np.packbits(BITS.ravel(), bitorder="little").tobytes()
    made = image(PixelData=packed, NumberOfFrames="3", **described(BITS[0], **OF_BITS))
    made["PixelData"].VR = "OB"
    assert np.array_equal(shown(written(made), number)[1], BITS[number - 1] * 255)


@pytest.mark.parametrize("number", [1, 3])
def test_deflated_frames_of_single_bits_begin_anew(number):
    """PS3.5 A.4.13: each frame is a stream of its own, padded to a byte."""
    frames = [objects.deflated(np.packbits(one.ravel(), bitorder="little")) for one in BITS]
    made = image(
        objects.DEFLATED_FRAMES,
        PixelData=encapsulate(frames),
        NumberOfFrames="3",
        **described(BITS[0], **OF_BITS),
    )
    assert np.array_equal(shown(whole_file(made), number)[1], BITS[number - 1] * 255)


def test_colour_of_16_and_32_bits_keeps_its_upper_eight(tmp_path):
    color = objects.color8()
    for kind, shift in (("<u2", 8), ("<u4", 24)):
        deep = (color.astype(np.uint64) << shift | 0x5A).astype(kind)
        assert np.array_equal(shown(native(deep))[1], color)
    runs = dcmtk("dcmcrle", whole=native(color.astype(np.uint16) << 8), folder=tmp_path)
    assert np.array_equal(shown(runs)[1], color)
