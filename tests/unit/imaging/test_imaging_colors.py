"""Colours by the formulas of PS3.3 C.7.6.3.1.2 and C.7.9, computed here a second time."""

import io

import numpy as np
import pydicom
import pytest
import syntax_objects as objects
from hostile_objects import image, written
from lightbox import PYDICOM_FILES
from PIL import Image
from rendered_pictures import of_files, pixels, rendered, shown
from syntax_objects import described, native

from gateway.dicom.rendering import MediaType
from gateway.dicom.window import Window

COLOR = objects.color8()
# Shades without an edge: what subsampling changes is within a level or two.
SMOOTH = np.stack(np.broadcast_arrays(*np.ix_(np.arange(40, 200, 2), np.arange(30, 220))), axis=2)
SMOOTH = np.concatenate([SMOOTH, SMOOTH.sum(axis=2, keepdims=True) // 2], axis=2).astype(np.uint8)
TO_FULL = np.array([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
TO_PARTIAL = np.array([[0.2568, 0.5041, 0.0979], [-0.1482, -0.2910, 0.4392], [0.4392, -0.3678, -0.0714]])


def ybr(rgb, matrix, black):
    return np.clip(np.rint(rgb @ matrix.T + [black, 128, 128]), 0, 255).astype(np.uint8)


def halved(full):
    """Y1 Y2 Cb Cr for each two pixels of a row."""
    pairs = full.reshape(full.shape[0], -1, 2, 3)
    return np.concatenate([pairs[..., 0], pairs[:, :, :1, 1], pairs[:, :, :1, 2]], axis=2)


def colored(array, stored, photometric, **changes):
    made = described(array, PhotometricInterpretation=photometric, **changes)
    return written(image(PixelData=np.ascontiguousarray(stored).tobytes(), **made))


def test_samples_by_plane_are_the_same_picture():
    by_plane = colored(COLOR, COLOR.transpose(2, 0, 1), "RGB", PlanarConfiguration=1)
    assert np.array_equal(shown(by_plane)[1], COLOR)
    assert np.array_equal(shown(native(COLOR))[1], COLOR)


@pytest.mark.parametrize("planar", [0, 1])
def test_luminance_and_chrominance_become_rgb(planar):
    full = ybr(SMOOTH, TO_FULL, 0)
    stored = full.transpose(2, 0, 1) if planar else full
    _, found = shown(colored(SMOOTH, stored, "YBR_FULL", PlanarConfiguration=planar))
    assert np.abs(found - SMOOTH).max() <= 2
    assert np.abs(found - full).max() > 50


@pytest.mark.parametrize(
    ("photometric", "matrix", "black"), [("YBR_FULL_422", TO_FULL, 0), ("YBR_PARTIAL_422", TO_PARTIAL, 16)]
)
def test_halved_chrominance_becomes_rgb(photometric, matrix, black):
    _, found = shown(colored(SMOOTH, halved(ybr(SMOOTH, matrix, black)), photometric))
    assert np.abs(found - SMOOTH).max() <= 4
    assert found[..., 0].std() > 20


def palette_colors(count, depth):
    ramp = np.linspace(0, (1 << depth) - 1, count)
    return [np.rint(channel).astype(np.uint16) for channel in (ramp, ramp[::-1], np.abs(ramp - ramp.mean()))]


def with_palette(stored, first, depth, tables, *, segmented=0, **changes):
    """An object whose palette has the tables, as 8 bits to a byte or 16 to a word."""
    made = image(PixelData=stored.tobytes(), **described(stored, PhotometricInterpretation="PALETTE COLOR", **changes))
    for name, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        kind = "u1" if depth == 8 and not segmented else "<u2"
        count = segmented or len(tables[0])
        setattr(made, f"{name}PaletteColorLookupTableDescriptor", [count % 65536, first, depth])
        setattr(made, f"{'Segmented' * bool(segmented)}{name}PaletteColorLookupTableData", table.astype(kind).tobytes())
    return written(made)


@pytest.mark.parametrize(("count", "first", "depth"), [(256, 0, 8), (100, 50, 8), (256, 0, 16), (1000, 20, 16)])
def test_palettes_color_each_value_by_its_entry(count, first, depth):
    stored = np.arange(1200, dtype="<u2").reshape(30, 40)
    tables = palette_colors(count, depth)
    _, found = shown(with_palette(stored, first, depth, tables))
    places = np.clip(stored.astype(int) - first, 0, count - 1)
    assert np.array_equal(found, np.stack(tables, axis=1)[places] >> (depth - 8))


def test_a_palette_of_65536_entries_says_none_in_its_descriptor():
    stored = np.arange(0, 65536, 64, dtype="<u2").reshape(32, 32)
    tables = palette_colors(65536, 16)
    _, found = shown(with_palette(stored, 0, 16, tables))
    assert np.array_equal(found, np.stack(tables, axis=1)[stored] >> 8)


def test_signed_values_meet_a_palette_that_begins_below_zero():
    stored = np.arange(-64, 64, dtype="<i2").reshape(8, 16)
    tables = palette_colors(128, 16)
    _, found = shown(with_palette(stored, -64, 16, tables))
    assert np.array_equal(found, np.stack(tables, axis=1)[stored.astype(int) + 64] >> 8)


def test_segments_stand_for_the_plain_table():
    """A run of values, a line up, a line down, and the first two again (C.7.9.2)."""
    run, up, down = [0, 5, 4, 100, 7, 300, 20], [1, 60, 60_300], [1, 40, 300]
    words = np.array(run + up + down + [2, 2, 0, 0], np.uint16)
    first = [4, 100, 7, 300, 20]
    rising, falling = np.linspace(20, 60_300, 61)[1:], np.linspace(60_300, 300, 41)[1:]
    again = np.linspace(20, 60_300, 61)[1:]
    plain = np.rint(np.concatenate([first, rising, falling, first, again])).astype(np.uint16)
    stored = np.arange(176, dtype="<u2").reshape(16, 11)
    _, of_segments = shown(with_palette(stored, 0, 16, [words] * 3, segmented=len(plain)))
    _, of_plain = shown(with_palette(stored, 0, 16, [plain] * 3))
    assert np.abs(of_segments - of_plain).max() <= 1
    assert of_plain.max() > 200


def test_the_upper_values_of_a_grey_picture_may_have_colors():
    """A supplemental palette (C.7.6.19): grey by the window below its first entry, in colour from there on."""
    stored = np.arange(1024, dtype="<u2").reshape(32, 32)
    tables = palette_colors(256, 16)
    made = pydicom.dcmread(io.BytesIO(with_palette(stored, 768, 16, tables)))
    made.PhotometricInterpretation, made.PixelPresentation = "MONOCHROME2", "MIXED"
    _, found = shown(written(made), window=Window(384, 768))
    grey = np.clip((stored - 383.5) / 767 + 0.5, 0, 1) * 255
    below = stored < 768
    assert np.abs(found[below] - grey[below][:, None]).max() <= 0.51
    assert np.array_equal(found[~below], np.stack(tables, axis=1)[stored[~below] - 768] >> 8)
    made.PixelPresentation = "MONOCHROME"
    assert shown(written(made), window=Window(384, 768))[1].ndim == 2


GREY_NAMES = ["CT_small", "MR_small", "examples_overlay", "693_J2KI", "JPGExtended", "image_dfl"]
COLOR_NAMES = ["examples_rgb_color", "examples_palette", "examples_jpeg2k", "SC_ybr_full_422_uncompressed"]


@pytest.mark.parametrize("name", GREY_NAMES + COLOR_NAMES)
def test_the_usual_jpeg_is_near_to_what_it_shows(name):
    """Quality 90: at least 39 dB for greys, 34 for colours."""
    whole = (PYDICOM_FILES / f"{name}.dcm").read_bytes()
    exact, near = shown(whole)[1], pixels(rendered(whole, media_type=MediaType.JPEG)[1]).astype(int)
    error = ((exact - near) ** 2).mean()
    assert near.shape == exact.shape
    assert 10 * np.log10(255**2 / error) >= (39 if exact.ndim == 2 else 34)
    assert exact.std() > 5


def test_a_stored_jpeg_that_needs_no_change_is_not_compressed_twice():
    path = PYDICOM_FILES / "SC_rgb_dcmtk_+eb+cy+np.dcm"
    with path.open("rb") as file:
        truth, body = of_files([file], media_type=MediaType.JPEG)
    frame = next(pydicom.encaps.generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=1))
    assert truth["lossy"] is None
    assert np.array_equal(pixels(body), np.asarray(Image.open(io.BytesIO(frame))))
    assert len(body) <= len(frame)
