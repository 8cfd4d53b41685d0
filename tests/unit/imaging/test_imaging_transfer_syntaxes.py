"""Every transfer syntax that has a decoder, each with an object in it: the picture is that of the source."""

import subprocess

import imagecodecs
import numpy as np
import pytest
import syntax_objects as objects
from lightbox import PYDICOM_FILES
from PIL import Image
from rendered_pictures import shown
from syntax_objects import dcmtk, form, in_fragments, native

from gateway.dicom.transfer_syntax import NATIVE
from gateway.dicom.window import Window
from gateway.imaging.decode import DECODERS, DEFLATED_FRAMES, UNCOMPRESSED_IN_ITEMS

GREY16, GREY12, GREY8, COLOR = objects.grey16(), objects.grey12(), objects.grey8(), objects.color8()
TWELVE = {"BitsStored": 12, "HighBit": 11}
ICT = {"mct": True, "reversible": False, "level": 60}


def _in(syntax, array, encoder, **changes):
    return lambda _folder: in_fragments(syntax, array, [encoder(array)], **changes)


def _by(program, array, *options, **changes):
    return lambda folder: dcmtk(program, *options, whole=native(array, **changes), folder=folder)


def _jpeg_of_xl(array):
    return imagecodecs.jpegxl_encode_jpeg(imagecodecs.jpeg8_encode(array, level=95, subsampling="444"))


# Transfer syntax, what makes the object, and the source.
LOSSLESS = {
    "implicit": (objects.IMPLICIT, lambda _: objects.as_syntax(GREY16, objects.IMPLICIT), GREY16),
    "explicit": (objects.EXPLICIT, lambda _: objects.as_syntax(COLOR, objects.EXPLICIT), COLOR),
    "big endian": (objects.BIG_ENDIAN, lambda _: objects.as_syntax(GREY16, objects.BIG_ENDIAN), GREY16),
    "deflated": (objects.DEFLATED, lambda _: objects.as_syntax(GREY16, objects.DEFLATED), GREY16),
    "in items": (objects.IN_ITEMS, _in(objects.IN_ITEMS, GREY16, np.ndarray.tobytes), GREY16),
    "deflated frames": (objects.DEFLATED_FRAMES, _in(objects.DEFLATED_FRAMES, GREY16, objects.deflated), GREY16),
    "RLE": (objects.RLE, _by("dcmcrle", GREY16), GREY16),
    "RLE colour": (objects.RLE, _by("dcmcrle", COLOR), COLOR),
    **{f"57 selection {n}": (form(57), _by("dcmcjpeg", GREY12, "+el", "+sv", str(n)), GREY12) for n in range(1, 8)},
    "57 colour": (form(57), _by("dcmcjpeg", COLOR, "+el", "+sv", "4"), COLOR),
    "70": (form(70), _by("dcmcjpeg", GREY12, "+e1"), GREY12),
    "70 signed": (form(70), _by("dcmcjpeg", GREY16, "+e1"), GREY16),
    "80": (form(80), _by("dcmcjpls", GREY16, "+el"), GREY16),
    "80 colour": (form(80), _by("dcmcjpls", COLOR, "+el"), COLOR),
    "90": (form(90), _in(form(90), GREY12, objects.j2k), GREY12),
    "90 signed": (form(90), _in(form(90), GREY16, objects.j2k), GREY16),
    "90 RCT": (
        form(90),
        _in(form(90), COLOR, lambda a: objects.j2k(a, mct=True), PhotometricInterpretation="YBR_RCT"),
        COLOR,
    ),
    "90 RCT that is called YBR": (
        form(90),
        _in(form(90), COLOR, lambda a: objects.j2k(a, mct=True), PhotometricInterpretation="YBR_FULL"),
        COLOR,
    ),
    "90 RGB": (form(90), _in(form(90), COLOR, lambda a: objects.j2k(a, mct=False)), COLOR),
    "92": (form(92), _in(form(92), GREY12, objects.j2k), GREY12),
    "201": (form(201), _in(form(201), GREY12, objects.htj2k), GREY12),
    "201 signed": (form(201), _in(form(201), GREY16, objects.htj2k), GREY16),
    "201 RCT": (form(201), _in(form(201), COLOR, objects.htj2k, PhotometricInterpretation="YBR_RCT"), COLOR),
    "202": (form(202), _in(form(202), GREY12, objects.htj2k), GREY12),
    "203 of JPEG 2000": (form(203), _in(form(203), GREY12, objects.j2k), GREY12),
    "110": (form(110), _in(form(110), GREY12, objects.jpeg_xl), GREY12),
    "110 colour": (form(110), _in(form(110), COLOR, objects.jpeg_xl), COLOR),
}
LOSSY = {
    "81": (form(81), _by("dcmcjpls", GREY12, "+en", "+md", "2"), GREY12),
    "91": (form(91), _in(form(91), GREY12, lambda a: objects.j2k(a, reversible=False, level=96)), GREY12),
    "91 ICT": (
        form(91),
        _in(form(91), COLOR, lambda a: objects.j2k(a, **ICT), PhotometricInterpretation="YBR_ICT"),
        COLOR,
    ),
    "93": (form(93), _in(form(93), GREY12, lambda a: objects.j2k(a, reversible=False, level=96)), GREY12),
    "203": (form(203), _in(form(203), GREY12, lambda a: objects.htj2k(a, reversible=False, level=0.00005)), GREY12),
    "112": (form(112), _in(form(112), COLOR, lambda a: objects.jpeg_xl(a, lossless=False, distance=0.1)), COLOR),
}
JPEG = {
    "50": (form(50), _by("dcmcjpeg", GREY8, "+eb", "+q", "95")),
    "50 colour": (form(50), _by("dcmcjpeg", COLOR, "+eb", "+q", "95", "+cr")),
    "51": (form(51), _by("dcmcjpeg", GREY12, "+ee", **TWELVE)),
    "51 of 8 bits": (form(51), _by("dcmcjpeg", GREY8, "+ee")),
    "53": (form(53), _by("dcmcjpeg", GREY8, "+es")),
    "53 of 12 bits": (form(53), _by("dcmcjpeg", GREY12, "+es", **TWELVE)),
    "55": (form(55), _by("dcmcjpeg", GREY8, "+ep")),
    "55 of 12 bits": (form(55), _by("dcmcjpeg", GREY12, "+ep", **TWELVE)),
}
WINDOWS = (Window(300, 700), Window(120, 90))


def pictures_of(whole, array):
    """The picture in a wide and in a narrow window; of colour there is one."""
    asked = WINDOWS if array.ndim == 2 else (None,)
    return [shown(whole, window=window)[1] for window in asked]


@pytest.mark.parametrize("name", LOSSLESS)
def test_what_lost_nothing_looks_like_its_source(name, tmp_path):
    syntax, make, array = LOSSLESS[name]
    whole = make(tmp_path)
    assert objects.syntax_of(whole) == syntax
    for found, expected in zip(pictures_of(whole, array), pictures_of(native(array), array), strict=True):
        assert found.std() > 10, "a picture of one grey would prove nothing"
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("name", LOSSY)
def test_what_lost_a_little_is_near_its_source(name, tmp_path):
    syntax, make, array = LOSSY[name]
    whole = make(tmp_path)
    assert objects.syntax_of(whole) == syntax
    found, expected = pictures_of(whole, array)[0], pictures_of(native(array), array)[0]
    assert 0 < ((found - expected) ** 2).mean() < 255**2 / 10**4, "40 dB"


@pytest.mark.parametrize("name", JPEG)
def test_jpeg_of_each_process_is_what_dcmtk_shows(name, tmp_path):
    syntax, make = JPEG[name]
    whole = make(tmp_path)
    assert objects.syntax_of(whole) == syntax
    options = [] if "colour" in name else ["+Ww", "300", "700"]
    command = ["dcmj2pnm", "-q", "+on", *options, str(tmp_path / "target.dcm"), str(tmp_path / "it.png")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    expected = np.asarray(Image.open(tmp_path / "it.png")).astype(int)
    found = shown(whole, window=None if "colour" in name else WINDOWS[0])[1]
    assert expected.std() > 10
    assert np.abs(found - expected).max() <= 1


def test_a_recompressed_jpeg_is_the_jpeg_that_it_was():
    jpeg = imagecodecs.jpeg8_encode(COLOR, level=90, subsampling="444")
    whole = in_fragments(form(111), COLOR, [_jpeg_of_xl(COLOR)], PhotometricInterpretation="YBR_FULL")
    assert whole.find(jpeg[:100]) < 0, "the JPEG itself is not in the file"
    _, found = shown(whole)
    expected = imagecodecs.jpeg8_decode(imagecodecs.jpegxl_decode_jpeg(_jpeg_of_xl(COLOR))).astype(int)
    assert np.abs(found - expected).mean() < 1
    assert np.abs(found - expected).max() <= 16
    assert found.std() > 10


@pytest.mark.parametrize("name", ["JPEG2000", "693_J2KI", "J2K_pixelrep_mismatch", "examples_jpeg2k", "SC_rgb_gdcm_KY"])
def test_jpeg_2000_of_other_makers_is_what_gdcm_shows(name, tmp_path):
    """gdcm decompresses, dcmtk shows."""
    path, plain = PYDICOM_FILES / f"{name}.dcm", tmp_path / "plain.dcm"
    subprocess.run(["gdcmconv", "--raw", str(path), str(plain)], check=True, capture_output=True, timeout=60)
    window = None if "MONOCHROME" not in str(path.read_bytes()[:8000]) else Window(300, 700)
    options = ["+Ww", "300", "700"] if window else []
    command = ["dcm2pnm", "-q", "-O", "+on", *options, str(plain), str(tmp_path / "it.png")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    expected = np.asarray(Image.open(tmp_path / "it.png")).astype(int)
    found = shown(path.read_bytes(), window=window)[1]
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1
    assert expected.std() > 5


def test_every_syntax_of_the_table_has_an_object_here():
    tested = {syntax for syntax, *_ in (*LOSSLESS.values(), *LOSSY.values(), *JPEG.values())} | {form(111)}
    assert tested >= set(DECODERS) | NATIVE | {DEFLATED_FRAMES, UNCOMPRESSED_IN_ITEMS}
