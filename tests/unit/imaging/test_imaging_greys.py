"""Greys by the formulas of PS3.3 C.11 and C.7.6.3, computed here a second time, value by value."""

import io
import math

import numpy as np
import pytest
import rendered_pictures as pictures
from hostile_objects import image, lut, written
from PIL import Image

from gateway.dicom.rendering import MediaType, Viewport
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import BadRequest

VALUES = np.arange(0, 64 * 64, dtype=np.uint16).reshape(64, 64)


def shown(dataset, *, window=None, viewport=None):
    """The truth and the greys; the window as centre, width and function, the viewport as its six numbers."""
    return pictures.shown(
        written(dataset),
        window=Window(window[0], window[1], VoiLutFunction(window[2])) if window else None,
        viewport=Viewport(*viewport) if viewport else None,
    )


def of(values, **changes):
    return image(PixelData=np.ascontiguousarray(values).tobytes(), **changes)


def linear(x, center, width):
    """C.11.2.1.2.1, with ymin 0 and ymax 255."""
    if x <= center - 0.5 - (width - 1) / 2:
        return 0
    if x > center - 0.5 + (width - 1) / 2:
        return 255
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * 255


def linear_exact(x, center, width):
    """C.11.2.1.3.2."""
    if x <= center - width / 2:
        return 0
    if x > center + width / 2:
        return 255
    return ((x - center) / width + 0.5) * 255


def sigmoid(x, center, width):
    """C.11.2.1.3.1."""
    return 255 / (1 + math.exp(min(700, -4 * (x - center) / width)))


FORMULAS = {"LINEAR": linear, "LINEAR_EXACT": linear_exact, "SIGMOID": sigmoid}


def by(formula, values, window):
    return np.vectorize(lambda x: formula(float(x), *window), otypes=[float])(values)


@pytest.mark.parametrize("window", [(2048, 4096), (1000.5, 1), (700, 33.3), (4000, 8000)])
@pytest.mark.parametrize("name", FORMULAS)
def test_windows_follow_their_formula(name, window):
    _, grey = shown(of(VALUES, WindowCenter=window[0], WindowWidth=window[1], VOILUTFunction=name))
    assert np.abs(grey - by(FORMULAS[name], VALUES, window)).max() <= 0.51


def test_a_window_asked_for_stands_before_the_objects_own():
    own = of(VALUES, WindowCenter=100, WindowWidth=50)
    truth, grey = shown(own, window=[2048, 4096, "SIGMOID"])
    assert np.abs(grey - by(sigmoid, VALUES, (2048, 4096))).max() <= 0.51
    assert (truth["window"], truth["window_origin"]) == ([2048, 4096, "SIGMOID"], "asked")


def test_windows_are_in_the_modalitys_unit_and_signed_values_keep_their_sign():
    stored = VALUES.astype(np.int16) - 2048
    made = of(stored, PixelRepresentation=1, RescaleSlope=0.5, RescaleIntercept=-100)
    _, grey = shown(made, window=[-100, 1000, "LINEAR"])
    assert np.abs(grey - by(linear, stored * 0.5 - 100, (-100, 1000))).max() <= 0.51


@pytest.mark.parametrize("signed", [False, True])
def test_twelve_bits_high_in_their_words_mean_the_same(signed):
    """Bits Stored 12, High Bit 15: what lies in the low four bits is no part of the value."""
    values = VALUES.astype(np.int16) - (2048 if signed else 0)
    words = (values.view(np.uint16) << 4) | 0xB
    made = of(words, BitsStored=12, HighBit=15, PixelRepresentation=int(signed))
    _, grey = shown(made, window=[100, 3000, "LINEAR"])
    assert np.abs(grey - by(linear, values, (100, 3000))).max() <= 0.51


def test_bits_above_the_high_bit_are_no_part_of_the_value():
    made = of(VALUES | 0xA000, BitsStored=12, HighBit=11)
    _, grey = shown(made, window=[2048, 4096, "LINEAR"])
    assert np.abs(grey - by(linear, VALUES, (2048, 4096))).max() <= 0.51


@pytest.mark.parametrize("inverse", [{"PhotometricInterpretation": "MONOCHROME1"}, {"PresentationLUTShape": "INVERSE"}])
def test_inverse_is_white_where_values_are_lowest(inverse):
    _, grey = shown(of(VALUES, **inverse), window=[2048, 4096, "LINEAR"])
    assert np.abs(255 - grey - by(linear, VALUES, (2048, 4096))).max() <= 0.51


def test_a_modality_lut_stands_before_the_window():
    """Entries for 100 to 355, first descending; below and above, the end's entry (C.11.1.1)."""
    entries = list(range(10_255, 9_999, -1))
    made = of(VALUES, ModalityLUTSequence=lut([256, 100, 16], entries))
    _, grey = shown(made, window=[10_128, 256, "LINEAR"])
    expected = np.asarray(entries)[np.clip(VALUES.astype(int) - 100, 0, 255)]
    assert np.abs(grey - by(linear, expected, (10_128, 256))).max() <= 0.51


def test_a_voi_lut_is_used_where_there_is_no_window():
    entries = [min(4095, n * n // 100) for n in range(640)]
    truth, grey = shown(of(VALUES, VOILUTSequence=lut([640, 1000, 12], entries)))
    expected = np.asarray(entries)[np.clip(VALUES.astype(int) - 1000, 0, 639)] / 4095 * 255
    assert np.abs(grey - expected).max() <= 0.51
    assert truth["window_origin"] == "table"


def test_padding_is_left_out_of_the_automatic_window():
    values = 1000 + VALUES // 32
    values[:40] = 63_000
    plain, _ = shown(of(values))
    padded, _ = shown(of(values, PixelPaddingValue=63_000))
    assert plain["window"][1] > 60_000
    assert padded["window"][1] < 200
    assert padded["window_origin"] == "automatic"


CORNERS = np.zeros((64, 64), np.uint16)
CORNERS[:32, :32], CORNERS[:32, 32:], CORNERS[32:, :32], CORNERS[32:, 32:] = 0, 80, 160, 255


def corners(viewport):
    _, grey = shown(of(CORNERS), window=[128, 256, "LINEAR"], viewport=viewport)
    return grey.shape, [int(grey[y, x]) for y in (1, -2) for x in (1, -2)]


@pytest.mark.parametrize(
    ("viewport", "shape", "greys"),
    [
        ([32, 128, 0, 0, None, None], (32, 32), [0, 80, 160, 255]),
        ([128, 100, 0, 0, None, None], (100, 100), [0, 80, 160, 255]),
        ([64, 64, 32, 0, 32, 32], (64, 64), [80, 80, 80, 80]),
        ([64, 64, 0, 0, -64, 64], (64, 64), [80, 0, 255, 160]),
        ([64, 64, 0, 0, 64, -64], (64, 64), [160, 255, 0, 80]),
        ([40, 40, 0, 16, 64, 32], (20, 40), [0, 80, 160, 255]),
        ([64, 64, 32, 32, 500, 500], (64, 64), [255, 255, 255, 255]),
    ],
)
def test_the_viewport_fits_cuts_and_flips(viewport, shape, greys):
    assert corners(viewport) == (shape, greys)


def test_a_region_outside_the_picture_is_a_fault_of_the_request():
    with pytest.raises(BadRequest):
        corners([64, 64, 64, 0, 10, 10])


def test_jpeg_is_progressive_says_its_loss_and_obeys_quality():
    sizes = []
    for quality in (30, 95):
        whole = written(of(VALUES))
        truth, body = pictures.rendered(whole, media_type=MediaType.JPEG, quality=quality, progressive=True)
        assert Image.open(io.BytesIO(body)).info["progressive"]
        assert (truth["lossy"]["method"], truth["lossy"]["quality"]) == ("ISO_10918_1", quality)
        sizes.append(len(body))
    assert sizes[0] < sizes[1]
    assert shown(of(VALUES))[0]["lossy"] is None
