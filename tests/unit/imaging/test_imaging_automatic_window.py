"""The window of an object that brings none (docs/conformance.md), and a table of the presentation (PS3.3 C.11.6)."""

import numpy as np
import pytest
from hostile_objects import image, lut, written
from rendered_pictures import shown
from syntax_objects import described

from gateway.dicom.window import Window

VALUES = np.arange(10_000, dtype="<u2").reshape(100, 100)


def window_of(values=VALUES, **changes):
    truth, found = shown(written(image(PixelData=values.tobytes(), **described(values, **changes))))
    assert truth["window_origin"] == "automatic"
    return truth["window"][:2], found


def ends(window):
    return window[0] - window[1] / 2, window[0] + window[1] / 2


@pytest.mark.parametrize(
    ("modality", "low", "high"),
    [("MR", 0.5, 99.5), ("NM", 0, 99.8), ("PT", 0, 99.8), ("MG", 1, 99.9), ("OT", 0.5, 99.5)],
)
def test_each_modality_leaves_out_its_share(modality, low, high):
    first, last = ends(window_of(Modality=modality)[0])
    assert first == pytest.approx(low * 100, abs=2)
    assert last == pytest.approx(high * 100, abs=2)


def test_ct_in_its_unit_has_the_usual_window():
    usual = window_of(Modality="CT", RescaleSlope=1, RescaleIntercept=-1024)[0]
    assert usual == [40, 400]
    assert window_of(Modality="CT")[0] != [40, 400], "without a rescale the unit is not known"


def test_eight_bits_are_shown_from_end_to_end():
    values = np.linspace(100, 130, 400).astype(np.uint8).reshape(20, 20)
    assert np.array_equal(window_of(values)[1], values)
    signed = values.astype(np.int8) - np.int8(100)
    assert np.array_equal(window_of(signed)[1], signed.astype(int) + 128)


@pytest.mark.parametrize(
    ("padding", "limit", "stored"),
    [
        (0, None, [0]),
        (60_000, 65_535, [60_000, 63_000, 65_535]),
        (65_535, 60_000, [60_000, 65_535]),
        (0, 50, [0, 25, 50]),
    ],
)
def test_padding_has_no_say(padding, limit, stored):
    values = (VALUES // 10 + 1000).astype("<u2")
    padded = values.copy()
    padded[:60] = np.resize(stored, (60, 100))
    expected = ends(window_of(values[60:])[0])
    found = ends(window_of(padded, PixelPaddingValue=padding, PixelPaddingRangeLimit=limit)[0])
    assert found == pytest.approx(expected, abs=5)
    assert ends(window_of(padded)[0]) != pytest.approx(expected, abs=50)


def test_padding_of_signed_pixels_may_be_told_unsigned():
    values = (VALUES // 10 - 500).astype("<i2")
    values[:60] = -2000
    made = image(PixelData=values.tobytes(), **described(values))
    made.add_new(0x00280120, "US", 65536 - 2000)
    low, _ = ends(shown(written(made))[0]["window"])
    assert low > 0


def test_a_picture_of_padding_alone_is_a_picture():
    assert window_of(np.full((20, 20), 7, "<u2"), PixelPaddingValue=7)[1].shape == (20, 20)


def test_the_window_is_in_the_modalitys_unit():
    plain, scaled = window_of(), window_of(RescaleSlope=2, RescaleIntercept=-100)
    assert ends(scaled[0]) == pytest.approx([2 * end - 100 for end in ends(plain[0])], abs=2)
    assert np.abs(scaled[1] - plain[1]).max() <= 1


@pytest.mark.parametrize(("depth", "count"), [(8, 256), (12, 4096), (16, 1000)])
def test_a_presentation_table_bends_the_greys(depth, count):
    """Its entries spread over the whole range of what the window gives."""
    entries = [round((n / (count - 1)) ** 2 * ((1 << depth) - 1)) for n in range(count)]
    made = image(
        PixelData=VALUES.tobytes(), **described(VALUES), PresentationLUTSequence=lut([count, 0, depth], entries)
    )
    _, found = shown(written(made), window=Window(5000, 10_000))
    spread = np.clip((VALUES - 4999.5) / 9999 + 0.5, 0, 1)
    assert np.abs(found - spread**2 * 255).max() <= 255 * 2 / count + 1
