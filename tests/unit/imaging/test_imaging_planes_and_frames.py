"""Stored values come out exactly; of many frames only the one asked for is read."""

import io
import subprocess
import sys
import zlib

import numpy as np
import pytest
from lightbox import ROOT
from objects import grey_object, of_pydicom, shown
from PIL import Image
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import JPEGBaseline8Bit

from gateway.errors import NotFound, Unreadable
from gateway.imaging.planes import plane


def unpacked(facts, body):
    """The values out of a plane's body, as the app reads them."""
    rows, columns = facts["rows"], facts["columns"]
    low, high = np.frombuffer(zlib.decompress(body, wbits=-15), np.uint8).reshape(2, rows, columns).astype(np.uint16)
    difference = low | (high << 8)
    first = np.cumsum(difference[:, 0], dtype=np.uint16)
    difference[:, 0] = first
    values = np.cumsum(difference, axis=1, dtype=np.uint16)
    return values.view(np.int16) if facts["signed"] else values


def plane_of(data, frame_number=1, reduce=1):
    return plane({"frame_number": frame_number, "reduce": reduce}, [io.BytesIO(data)])


@pytest.mark.parametrize("kind", [np.uint16, np.int16])
def test_planes_are_exact(kind):
    noise = np.random.default_rng(1).integers(-32768, 32768, (61, 47)).astype(np.int16).view(kind)
    facts, body = plane_of(grey_object(noise, RescaleSlope=0.5, RescaleIntercept=-7, RescaleType="HU"))
    assert np.array_equal(unpacked(facts, body), noise)
    assert (facts["slope"], facts["intercept"], facts["unit"], facts["invert"]) == (0.5, -7, "HU", False)


def test_a_reduced_plane_is_the_mean_of_four():
    values = np.random.default_rng(2).integers(0, 4096, (64, 64)).astype(np.uint16)
    facts, body = plane_of(grey_object(values, PhotometricInterpretation="MONOCHROME1"), reduce=2)
    means = values.reshape(32, 2, 32, 2).mean(axis=(1, 3))
    assert np.abs(unpacked(facts, body) - means).max() <= 1
    assert facts["invert"] is True


def test_colors_have_no_plane():
    with pytest.raises(NotFound):
        plane_of(of_pydicom("examples_rgb_color.dcm"))


def test_each_of_many_frames_is_its_own():
    frames = np.arange(5, dtype=np.uint8).reshape(5, 1, 1) * 40 + np.zeros((5, 8, 8), np.uint8)
    data = grey_object(frames, NumberOfFrames=5)
    assert [int(shown(data, frame_number=n)[0].mean()) for n in (1, 3, 5)] == [0, 80, 160]
    for wrong in (0, 6):
        with pytest.raises(NotFound):
            shown(data, frame_number=wrong)


def jpeg(grey):
    written = io.BytesIO()
    Image.new("L", (16, 16), grey).save(written, "JPEG", quality=95)
    return written.getvalue()


@pytest.mark.parametrize("has_table", [True, False])
def test_encapsulated_frames_are_found_with_and_without_a_table(has_table):
    greys = [10, 90, 170, 250]
    pixel_data = encapsulate([jpeg(grey) for grey in greys], has_bot=has_table)
    data = grey_object(np.zeros((16, 16), np.uint8), syntax=JPEGBaseline8Bit, PixelData=pixel_data, NumberOfFrames=4)
    assert [round(shown(data, frame_number=n)[0].mean()) for n in (1, 2, 3, 4)] == greys


def test_frames_are_found_by_the_extended_table():
    greys = [20, 120, 220]
    pixel_data, offsets, lengths = encapsulate_extended([jpeg(grey) for grey in greys])
    data = grey_object(
        np.zeros((16, 16), np.uint8), syntax=JPEGBaseline8Bit, PixelData=pixel_data, NumberOfFrames=3,
        ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths,
    )  # fmt: skip
    assert [round(shown(data, frame_number=n)[0].mean()) for n in (1, 2, 3)] == greys


def test_a_frame_in_many_fragments_is_put_together():
    pixel_data = encapsulate([jpeg(77)], fragments_per_frame=3, has_bot=False)
    data = grey_object(np.zeros((16, 16), np.uint8), syntax=JPEGBaseline8Bit, PixelData=pixel_data)
    assert round(shown(data)[0].mean()) == 77


def test_a_large_multi_frame_is_not_read_whole(tmp_path):
    """300 MB on the disk, one frame in memory."""
    path = tmp_path / "large.dcm"
    head = grey_object(np.zeros((512, 512), np.uint16), NumberOfFrames=600, WindowCenter=50, WindowWidth=100)
    start, size = len(head) - 512 * 512 * 2, 512 * 512 * 2 * 600
    with path.open("wb") as file:
        file.write(head[: start - 4] + size.to_bytes(4, "little"))
        file.truncate(start + size)
    script = (
        "import resource, sys; from gateway.imaging.pipeline import render; file = open(sys.argv[1], 'rb'); "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        "asked = {'frame_number': 600, 'media_type': 'image/jpeg', 'quality': 80, 'window': None, 'viewport': None}; "
        "render(asked, [file]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", script, str(path)]
    grown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert int(grown) < 60 * 1024


def test_pixels_that_end_early_are_refused():
    whole = grey_object(np.zeros((64, 64), np.uint16))
    with pytest.raises(Unreadable, match="shorter"):
        shown(whole[:-100])


def test_a_report_holds_no_picture():
    with pytest.raises(Unreadable, match="no picture"):
        shown(of_pydicom("test-SR.dcm"))
