"""Greys as the standard's formulas have them (PS3.3 C.11), on objects whose every value is known."""

import numpy as np
import pytest
from objects import grey_object, shown
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)
SIGNED = (np.arange(4096, dtype=np.int32) - 2048).astype(np.int16).reshape(64, 64)


def linear(values, center, width):
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1) * 255


def close(pixels, expected):
    return np.abs(pixels - expected).max() <= 0.5 + 1e-6


def lut(first, entries, bits=16, is_signed=False):
    item = Dataset()
    item.add_new(0x00283002, "SS" if is_signed else "US", [len(entries) % 65536, first, bits])
    item.add_new(0x00283006, "OW", np.asarray(entries, "<u2").tobytes())
    return Sequence([item])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("LINEAR", linear(RAMP.astype(float), 2000, 1000)),
        ("LINEAR_EXACT", np.clip((RAMP - 2000.0) / 1000 + 0.5, 0, 1) * 255),
        ("SIGMOID", 255 / (1 + np.exp(-4 * (RAMP - 2000.0) / 1000))),
    ],
)
def test_the_objects_own_window_and_function(function, expected):
    data = grey_object(RAMP, WindowCenter=[2000, 1], WindowWidth=[1000, 2], VOILUTFunction=function)
    pixels, truth = shown(data)
    assert close(pixels, expected)
    assert truth["window"] == [2000, 1000, function]


def test_rescale_comes_before_the_window():
    data = grey_object(SIGNED, RescaleSlope=2, RescaleIntercept=-100, WindowCenter=0, WindowWidth=1000)
    assert close(shown(data)[0], linear(SIGNED * 2.0 - 100, 0, 1000))


def test_a_modality_table_takes_the_place_of_rescale():
    table = (np.arange(4096) ** 2 // 300).astype(int)
    data = grey_object(RAMP, ModalityLUTSequence=lut(0, table), WindowCenter=20000, WindowWidth=30000)
    assert close(shown(data)[0], linear(table[RAMP].astype(float), 20000, 30000))


def test_a_voi_table_is_used_where_there_is_no_window():
    table = 65535 - np.arange(2048) * 32
    data = grey_object(RAMP, VOILUTSequence=lut(1000, table))
    pixels, truth = shown(data)
    expected = table[np.clip(RAMP.astype(int) - 1000, 0, 2047)] / 65535 * 255
    assert close(pixels, expected)
    assert truth["window_origin"] == "table"


@pytest.mark.parametrize("values", [{"PhotometricInterpretation": "MONOCHROME1"}, {"PresentationLUTShape": "INVERSE"}])
def test_what_is_inverse_is_shown_inverse(values):
    data = grey_object(RAMP, WindowCenter=2000, WindowWidth=1000, **values)
    assert close(shown(data)[0], 255 - linear(RAMP.astype(float), 2000, 1000))


def test_bits_stored_lie_where_high_bit_says_and_others_are_ignored():
    dirty = (RAMP << 4) | 0x0007
    data = grey_object(dirty, BitsStored=12, HighBit=15, WindowCenter=2000, WindowWidth=1000)
    assert close(shown(data)[0], linear(RAMP.astype(float), 2000, 1000))
    low = (SIGNED.astype(np.uint16) & 0x0FFF) | 0xA000
    data = grey_object(low, BitsStored=12, HighBit=11, PixelRepresentation=1, WindowCenter=0, WindowWidth=1000)
    assert close(shown(data)[0], linear(SIGNED.astype(float), 0, 1000))


def test_padding_has_no_say_in_the_automatic_window():
    padded = SIGNED.copy()
    padded[:32] = -2000
    _, truth = shown(grey_object(np.clip(padded, -2000, 2047), PixelPaddingValue=-2000, Modality="MR"))
    center, width, _ = truth["window"]
    assert truth["window_origin"] == "automatic"
    assert center - width / 2 > -50
    assert center + width / 2 == pytest.approx(2047, rel=0.05)


def test_eight_bits_without_a_window_are_shown_as_they_are():
    plain = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(shown(grey_object(plain))[0], plain)


def test_a_viewport_fits_cuts_and_flips():
    data = grey_object(np.arange(256, dtype=np.uint8).reshape(16, 16))
    whole, _ = shown(data)
    assert shown(data, viewport=[8, 4, 0, 0, None, None])[0].shape == (4, 4)
    assert np.array_equal(shown(data, viewport=[4, 8, 2, 3, 4, 8])[0], whole[3:11, 2:6])
    assert np.array_equal(shown(data, viewport=[4, 8, 2, 3, -4, -8])[0], whole[3:11, 2:6][::-1, ::-1])
    small, truth = shown(data, viewport=[8, 8, 0, 0, None, None])
    assert np.abs(small - whole.reshape(8, 2, 8, 2).mean(axis=(1, 3))).max() <= 1
    assert truth["downsized"]
