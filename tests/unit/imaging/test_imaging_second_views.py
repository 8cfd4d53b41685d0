"""A view out of what an earlier one left, at another size or of another region, is the picture that it was."""

import io

import imagecodecs
import numpy as np
import pydicom
import pytest
from hostile_objects import compressed, eight_bits, frame_of, image, written
from presentation_states import COLOR, file_of, state_of
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2KLossless, JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless
from rendered_pictures import open_files, pixels, shown

from gateway.dicom.rendering import Fit, MediaType, Rendering, Viewport
from gateway.dicom.window import Window
from gateway.imaging.pipeline import render
from gateway.store.sealed import sealed

SMALL = Viewport(32, 32, fit=Fit.SHRINK)
NOISE = np.random.default_rng(3)


def small_views(whole, window):
    """The same small view twice: as it is decoded, and out of the frame that the first whole view left behind."""
    asked = {"frame_number": 1, "files": ["object"], "keep": True}
    with open_files(whole) as files:
        large = Rendering(MediaType.PNG, window).as_arguments()
        *_, later = render(asked | {"rendering": large}, files)
        assert later is not None, "slow to decode, so worth keeping"
        kept = later()
    views = []
    rendering = Rendering(MediaType.PNG, window, SMALL).as_arguments()
    for named in (["object"], ["object", "decoded"]):
        with open_files(*[whole, sealed(kept)][: len(named)]) as files:
            views.append(pixels(render(asked | {"rendering": rendering, "files": named}, files)[1]).astype(int))
    return views


@pytest.mark.parametrize("bits", [12, 16])
@pytest.mark.parametrize("codec", ["JPEG-LS", "JPEG 2000"])
def test_signed_values_keep_their_means(bits, codec):
    """Values about zero: as patterns of words their mean would be half the range away."""
    values = NOISE.integers(-20, 21, (64, 64)).astype(np.int16)
    stored = values.view(np.uint16) & ((1 << bits) - 1)
    if codec == "JPEG-LS":
        syntax, frame = JPEGLSLossless, imagecodecs.jpegls_encode(stored)
    else:
        syntax, frame = JPEG2000Lossless, imagecodecs.jpeg2k_encode(stored, level=0, codecformat="j2k")
    signed = {"PixelRepresentation": 1, "BitsStored": bits, "HighBit": bits - 1}
    for view in small_views(compressed(syntax, frame, **signed), Window(0, 400)):
        assert np.abs(view - 128).max() < 20


@pytest.mark.parametrize("syntax", [JPEG2000Lossless, HTJ2KLossless])
def test_indices_of_a_palette_are_not_averaged(syntax):
    """Index 0 is red and 255 blue, what lies between is green: no green may appear where none is."""
    indices = (NOISE.integers(0, 2, (64, 64)) * 255).astype(np.uint8)
    encode = imagecodecs.htj2k_encode if syntax == HTJ2KLossless else imagecodecs.jpeg2k_encode
    how = {"reversible": True} if syntax == HTJ2KLossless else {"level": 0, "codecformat": "j2k"}
    tables = {
        "Red": bytes([255] + [0] * 255),
        "Green": bytes([0] + [255] * 254 + [0]),
        "Blue": bytes([0] * 255 + [255]),
    }
    colors = {f"{color}PaletteColorLookupTableDescriptor": [256, 0, 8] for color in tables}
    colors |= {f"{color}PaletteColorLookupTableData": data for color, data in tables.items()}
    whole = compressed(
        syntax, encode(indices, **how), PhotometricInterpretation="PALETTE COLOR", **eight_bits(), **colors
    )
    _, picture = shown(whole, viewport=SMALL)
    assert picture[:, :, 1].max() == 0


def baseline():
    frame = frame_of("SC_rgb_jpeg_dcmtk.dcm")
    color = eight_bits(SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation="YBR_FULL_422")
    return compressed(JPEGBaseline8Bit, frame, Rows=100, Columns=100, **color)


def test_a_region_as_large_as_the_picture_is_that_region():
    """A stored JPEG is passed on only where all of it is shown."""
    asked = {"viewport": Viewport(100, 100, 0, 0, 50, 50), "quality": 95}
    jpeg = shown(baseline(), media_type=MediaType.JPEG, **asked)[1]
    png = shown(baseline(), **asked)[1]
    assert np.abs(jpeg - png).mean() < 3


def test_a_state_without_a_name_is_applied_to_stored_jpeg():
    made = pydicom.dcmread(io.BytesIO(baseline()))
    turned = state_of(made, COLOR, ImageRotation=180, ImageHorizontalFlip="N", ContentLabel="")
    plain = shown(baseline())[1]
    jpeg = shown(baseline(), state=file_of(turned), media_type=MediaType.JPEG)[1]
    assert np.abs(jpeg - plain[::-1, ::-1]).mean() < 3


def test_an_unsigned_palette_may_begin_high():
    values = np.arange(40_000, 40_004, dtype=np.uint16).repeat(1024).reshape(64, 64)
    colors = {}
    for place, color in enumerate(("Red", "Green", "Blue")):
        colors[f"{color}PaletteColorLookupTableDescriptor"] = [4, 40_000, 8]
        colors[f"{color}PaletteColorLookupTableData"] = bytes([10, 20, 30, 40 + place])
    _, picture = shown(written(image(PhotometricInterpretation="PALETTE COLOR", PixelData=values.tobytes(), **colors)))
    assert [picture[row, 0, 0] for row in (0, 16, 32, 48)] == [10, 20, 30, 40]


def test_an_overlay_beside_the_picture_leaves_it_alone():
    made = image(WindowCenter=2048, WindowWidth=4096)
    plain = shown(written(made))[1]
    for origin in ([70, 1], [-70, 1], [1, 70]):
        made.add_new((0x6000, 0x0010), "US", 8)
        made.add_new((0x6000, 0x0011), "US", 8)
        made.add_new((0x6000, 0x0040), "CS", "G")
        made.add_new((0x6000, 0x0050), "SS", origin)
        made.add_new((0x6000, 0x0100), "US", 1)
        made.add_new((0x6000, 0x0102), "US", 0)
        made.add_new((0x6000, 0x3000), "OW", b"\xff" * 8)
        assert (shown(written(made))[1] == plain).all()


def test_a_codestream_of_fewer_bits_than_are_stored_keeps_its_values():
    values = (np.arange(64 * 64) // 16).reshape(64, 64).astype(np.uint8)
    frame = imagecodecs.jpeg2k_encode(values, level=0, codecformat="j2k")
    for signed in (0, 1):
        stored = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": signed}
        whole = written(image(JPEG2000Lossless, PixelData=encapsulate([frame]), **stored))
        assert (shown(whole, window=Window(128, 256))[1] == values).all()
