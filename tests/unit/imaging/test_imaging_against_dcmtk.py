"""Pictures against an independent renderer: DCMTK, the same object, the same window."""

import subprocess

import numpy as np
import pytest
from lightbox import PYDICOM_FILES
from PIL import Image
from rendered_pictures import of_files, pixels

from gateway.dicom.window import Window

GREY = [
    ("CT_small", "dcm2pnm", (40, 400)),
    ("CT_small", "dcm2pnm", (1000.5, 1)),
    ("MR_small", "dcm2pnm", (600, 1600)),
    ("MR_small_implicit", "dcm2pnm", (600, 1600)),
    ("MR_small_bigendian", "dcm2pnm", (600, 1600)),
    ("MR_small_expb", "dcm2pnm", (300.5, 77)),
    ("MR_small_RLE", "dcm2pnm", (600, 1600)),
    ("MR_small_padded", "dcm2pnm", (600, 1600)),
    ("ExplVR_BigEnd", "dcm2pnm", (128, 256)),
    ("image_dfl", "dcm2pnm", (128, 256)),
    ("examples_overlay", "dcm2pnm", (300, 600)),
    ("JPGExtended", "dcmj2pnm", (130, 260)),
    ("MR_small_jpeg_ls_lossless", "dcml2pnm", (600, 1600)),
    ("JPEGLSNearLossless_08", "dcml2pnm", (128, 256)),
    ("JPEGLSNearLossless_16", "dcml2pnm", (600, 1600)),
]
COLOR = [
    ("SC_rgb_rle", "dcm2pnm"),
    ("SC_rgb_small_odd", "dcm2pnm"),
    ("SC_rgb_small_odd_big_endian", "dcm2pnm"),
    ("SC_ybr_full_422_uncompressed", "dcm2pnm"),
    ("SC_rgb_rle_16bit", "dcm2pnm"),
    ("examples_rgb_color", "dcm2pnm"),
    ("examples_palette", "dcm2pnm"),
    ("SC_rgb_dcmtk_+eb+cr", "dcmj2pnm"),
    ("SC_rgb_dcmtk_+eb+cy+np", "dcmj2pnm"),
    ("SC_rgb_dcmtk_+eb+cy+n1", "dcmj2pnm"),
    ("SC_rgb_jpeg_dcmtk", "dcmj2pnm"),
    ("SC_rgb_jpeg_gdcm", "dcmj2pnm"),
    ("SC_rgb_jls_lossy_line", "dcml2pnm"),
    ("SC_rgb_jls_lossy_sample", "dcml2pnm"),
]


def ours(name, window, frame_number=1):
    with (PYDICOM_FILES / f"{name}.dcm").open("rb") as file:
        _, body = of_files([file], frame_number, window=Window(*window) if window else None)
    return pixels(body).astype(int)


def theirs(name, program, target, *options):
    command = [program, "-q", "+on", *options, str(PYDICOM_FILES / f"{name}.dcm"), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with Image.open(target) as picture:
        return np.asarray(picture).astype(int)


@pytest.mark.parametrize(("name", "program", "window"), GREY)
def test_greys_are_within_one_level(name, program, window, tmp_path):
    expected = theirs(name, program, tmp_path / "it.png", "+Ww", *map(str, window))
    shown = ours(name, window)
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 1
    assert expected.max() - expected.min() > 50, "a picture of one grey would prove nothing"


@pytest.mark.parametrize(("name", "program"), COLOR)
def test_colors_are_within_three_levels(name, program, tmp_path):
    expected = theirs(name, program, tmp_path / "it.png")
    shown = ours(name, None)
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).max() <= 3
    assert len(np.unique(expected.reshape(-1, 3), axis=0)) > 2


def test_every_frame_is_the_one_asked_for(tmp_path):
    first, last = (theirs("examples_ybr_color", "dcmj2pnm", tmp_path / "it.png", "+F", str(n)) for n in (1, 30))
    assert np.abs(ours("examples_ybr_color", None, 1) - first).max() <= 3
    assert np.abs(ours("examples_ybr_color", None, 30) - last).max() <= 3
    assert np.abs(first - last).max() > 50


def test_jpeg_2000_lossless_is_its_lossless_sibling():
    assert np.array_equal(ours("MR_small_jp2klossless", (600, 1600)), ours("MR_small", (600, 1600)))
