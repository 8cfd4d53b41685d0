"""What lies over the pixels: overlays against dcmtk, shutters by their geometry (PS3.3 C.9.2, C.7.6.11, C.7.6.15)."""

import subprocess

import numpy as np
import pytest
import syntax_objects as objects
from hostile_objects import image, written
from lightbox import PYDICOM_FILES
from PIL import Image
from rendered_pictures import shown
from syntax_objects import described, native

from gateway.dicom.rendering import Viewport
from gateway.dicom.window import Window

ROWS, COLUMNS = 40, 60
VALUES = (np.arange(ROWS * COLUMNS, dtype="<u2").reshape(ROWS, COLUMNS) % 1000) + 100
WINDOW = Window(600, 1200)
MARK = np.random.default_rng(3).integers(0, 2, (12, 20), np.uint8)
MARK[0, 0] = MARK[-1, -1] = 1


def with_overlay(made, bits, *, origin=(1, 1), group=0x6000, frames=None, first=None):
    """The object with an overlay plane, or several of them in frames."""
    made.add_new((group, 0x10), "US", bits.shape[-2])
    made.add_new((group, 0x11), "US", bits.shape[-1])
    made.add_new((group, 0x40), "CS", "G")
    made.add_new((group, 0x50), "SS", list(origin))
    made.add_new((group, 0x100), "US", 1)
    made.add_new((group, 0x102), "US", 0)
    if frames:
        made.add_new((group, 0x15), "IS", str(frames))
    if first:
        made.add_new((group, 0x51), "US", first)
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    made.add_new((group, 0x3000), "OW", packed + b"\0" * (len(packed) % 2))
    return made


def plain(**changes):
    return image(PixelData=VALUES.tobytes(), **described(VALUES, **changes))


def theirs(whole, folder, frame_number=1):
    (folder / "it.dcm").write_bytes(whole)
    command = ["dcm2pnm", "-q", "+on", "+Ww", "600", "1200", "+F", str(frame_number)]
    subprocess.run([*command, str(folder / "it.dcm"), str(folder / "it.png")], check=True, capture_output=True)
    return np.asarray(Image.open(folder / "it.png").convert("L")).astype(int)


def is_theirs(whole, folder, frame_number=1):
    """The picture, which is the same as dcmtk's and not the one without overlays."""
    found = shown(whole, frame_number, window=WINDOW)[1]
    assert np.abs(found - theirs(whole, folder, frame_number)).max() <= 1
    assert np.abs(found - shown(native(VALUES), window=WINDOW)[1]).max() > 100
    return found


@pytest.mark.parametrize("origin", [(1, 1), (10, 25), (29, 41), (-5, -8), (35, 50)])
def test_an_overlay_lies_where_its_origin_says(origin, tmp_path):
    is_theirs(written(with_overlay(plain(), MARK, origin=origin)), tmp_path)


def test_an_overlay_beyond_the_picture_leaves_it_as_it_is():
    found = shown(written(with_overlay(plain(), MARK, origin=(41, 61))), window=WINDOW)[1]
    assert np.array_equal(found, shown(native(VALUES), window=WINDOW)[1])


def test_two_overlays_are_both_drawn(tmp_path):
    made = with_overlay(with_overlay(plain(), MARK), MARK, origin=(20, 30), group=0x601E)
    is_theirs(written(made), tmp_path)


def test_an_overlay_may_lie_in_unused_bits_of_the_pixels(tmp_path):
    whole_mark = np.zeros((ROWS, COLUMNS), np.uint16)
    whole_mark[5:17, 20:40] = MARK
    words = VALUES | (whole_mark << 13)
    made = image(PixelData=words.tobytes(), **described(words, BitsStored=12, HighBit=11))
    made.add_new((0x6000, 0x10), "US", ROWS)
    made.add_new((0x6000, 0x11), "US", COLUMNS)
    made.add_new((0x6000, 0x40), "CS", "G")
    made.add_new((0x6000, 0x50), "SS", [1, 1])
    made.add_new((0x6000, 0x100), "US", 16)
    made.add_new((0x6000, 0x102), "US", 13)
    found = is_theirs(written(made), tmp_path)
    assert np.all(found[whole_mark == 1] == 255)
    made[0x6000, 0x102].value = 3
    assert np.array_equal(shown(written(made), window=WINDOW)[1], shown(native(VALUES), window=WINDOW)[1])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_frame_has_its_own_overlay(number, tmp_path):
    marks = np.stack([np.roll(MARK, 3 * n, axis=1) for n in range(3)])
    made = with_overlay(plain(NumberOfFrames="3"), marks, frames=3, first=1)
    made.PixelData = VALUES.tobytes() * 3
    found = is_theirs(written(made), tmp_path, number)
    assert np.array_equal(found[:12, :20] == 255, marks[number - 1] == 1)


def test_an_overlay_of_later_frames_begins_at_its_own():
    made = with_overlay(plain(NumberOfFrames="3"), np.stack([MARK, MARK[::-1]]), frames=2, first=2)
    made.PixelData = VALUES.tobytes() * 3
    marks = [shown(written(made), n, window=WINDOW)[1][:12, :20] == 255 for n in (1, 2, 3)]
    assert not marks[0].any()
    assert np.array_equal(marks[1], MARK == 1)
    assert np.array_equal(marks[2], MARK[::-1] == 1)


def test_the_overlay_of_a_scanner_is_drawn(tmp_path):
    """The package's MR brings one of its own."""
    path = PYDICOM_FILES / "examples_overlay.dcm"
    command = ["dcm2pnm", "-q", "+on", "+Ww", "300", "600", str(path), str(tmp_path / "it.png")]
    subprocess.run(command, check=True, capture_output=True)
    found = shown(path.read_bytes(), window=Window(300, 600))[1]
    assert np.abs(found - np.asarray(Image.open(tmp_path / "it.png")).astype(int)).max() <= 1
    subprocess.run([*command[:3], "-O", *command[3:]], check=True, capture_output=True)
    assert np.abs(found - np.asarray(Image.open(tmp_path / "it.png")).astype(int)).max() > 100


def test_a_small_view_shows_the_overlay_in_its_place():
    made = with_overlay(plain(), np.ones((20, 30), np.uint8), origin=(1, 1))
    _, found = shown(written(made), window=WINDOW, viewport=Viewport(30, 20))
    assert found.shape == (20, 30)
    assert np.all(found[:10, :15] == 255)
    assert np.all(found[10:, 15:] < 255)


DOWN, ACROSS = np.ogrid[1 : ROWS + 1, 1 : COLUMNS + 1]
RECTANGLE = {
    "ShutterShape": "RECTANGULAR",
    "ShutterLeftVerticalEdge": 11,
    "ShutterRightVerticalEdge": 50,
    "ShutterUpperHorizontalEdge": 6,
    "ShutterLowerHorizontalEdge": 30,
}
CIRCLE = {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [20, 30], "RadiusOfCircularShutter": 15}
TRIANGLE = {"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [5, 30, 35, 55, 35, 5]}
IN_RECTANGLE = (ACROSS >= 11) & (ACROSS <= 50) & (DOWN >= 6) & (DOWN <= 30)
IN_CIRCLE = (DOWN - 20) ** 2 + (ACROSS - 30) ** 2 <= 15**2
IN_TRIANGLE = (DOWN <= 35) & (np.abs(ACROSS - 30) <= (DOWN - 5) * 25 / 30)


def edge(inside):
    """Pixels at whose side the shape ends: of those either is right."""
    grown, shrunk = inside.copy(), inside.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            grown |= np.roll(inside, step, axis)
            shrunk &= np.roll(inside, step, axis)
    return grown & ~shrunk


@pytest.mark.parametrize(
    ("shutter", "inside", "exact"),
    [(RECTANGLE, IN_RECTANGLE, True), (CIRCLE, IN_CIRCLE, True), (TRIANGLE, IN_TRIANGLE, False)],
)
@pytest.mark.parametrize("value", [None, 0, 0x8000])
def test_what_lies_outside_the_shutter_is_covered(shutter, inside, exact, value):
    grey = 0 if value is None else value >> 8
    found = shown(written(plain(**shutter, ShutterPresentationValue=value)), window=WINDOW)[1]
    open_view = shown(native(VALUES), window=WINDOW)[1]
    sure = np.ones(inside.shape, bool) if exact else ~edge(inside)
    assert np.array_equal(found[inside & sure], open_view[inside & sure])
    assert np.all(found[~inside & sure] == grey)


def test_several_shutters_leave_what_lies_in_all_of_them():
    both = RECTANGLE | CIRCLE | {"ShutterShape": ["RECTANGULAR", "CIRCULAR"]}
    found = shown(written(plain(**both)), window=WINDOW)[1]
    inside = IN_RECTANGLE & IN_CIRCLE
    assert np.array_equal(found > 0, inside)


def test_a_bitmap_shutter_covers_where_its_overlay_has_bits():
    hidden = np.zeros((ROWS, COLUMNS), np.uint8)
    hidden[:, 30:] = 1
    made = with_overlay(plain(ShutterShape="BITMAP", ShutterOverlayGroup=0x6002), hidden, group=0x6002)
    found = shown(written(made), window=WINDOW)[1]
    assert np.array_equal(found[:, :30], shown(native(VALUES), window=WINDOW)[1][:, :30])
    assert not found[:, 30:].any()


def test_colour_pictures_have_shutters_too():
    color = objects.color8()[:ROWS, :COLUMNS] // 2 + 60
    made = image(PixelData=np.ascontiguousarray(color).tobytes(), **described(color), **RECTANGLE)
    found = shown(written(made))[1]
    assert np.array_equal(found[IN_RECTANGLE], color[IN_RECTANGLE])
    assert not found[~IN_RECTANGLE].any()


def test_an_overlay_is_never_hidden_by_the_shutter():
    made = with_overlay(plain(**RECTANGLE), MARK, origin=(1, 1))
    found = shown(written(made), window=WINDOW)[1]
    assert np.array_equal(found[:5, :10] == 255, MARK[:5, :10] == 1)
