"""Frames in pieces, with tables and without, of odd length and with bytes behind: each frame is still the right one."""

import struct

import imagecodecs
import numpy as np
import pytest
import syntax_objects as objects
from hostile_objects import image, written
from pydicom.encaps import encapsulate, encapsulate_extended
from rendered_pictures import shown
from syntax_objects import described, form, native, whole_file

from gateway.dicom.window import Window
from gateway.errors import NotFound

GREYS = [np.roll(objects.grey12(), 40 * n, axis=1)[:96, 100:228] for n in range(3)]
FRAMES = [objects.j2k(np.ascontiguousarray(grey)) for grey in GREYS]
JPEGS = [imagecodecs.jpeg8_encode(np.ascontiguousarray(np.minimum(grey // 4, 255)).astype(np.uint8)) for grey in GREYS]
WINDOW = Window(300, 700)
EXPECTED = [shown(native(np.ascontiguousarray(grey)), window=WINDOW)[1] for grey in GREYS]


def of(frames, syntax="90", source=None, **changes):
    """The frames as pixel data that are encapsulated already."""
    described_as = described(np.ascontiguousarray(GREYS[0]) if source is None else source)
    return whole_file(image(form(syntax), PixelData=frames, NumberOfFrames="3", **described_as, **changes))


def item(body):
    return b"\xfe\xff\x00\xe0" + struct.pack("<I", len(body)) + body


def items(*bodies, table=()):
    """The basic offset table and fragments, as PS3.5 A.4 lays them."""
    end = b"\xfe\xff\xdd\xe0" + bytes(4)
    return item(struct.pack(f"<{len(table)}I", *table)) + b"".join(map(item, bodies)) + end


def halves(frame):
    middle = len(frame) // 4 * 2
    return frame[:middle], frame[middle:]


def even(frame):
    return frame + b"\0" * (len(frame) % 2)


ODD = [frame if len(frame) % 2 else frame + b"\0" for frame in FRAMES]
PIECES = [piece for frame in FRAMES for piece in halves(even(frame))]
OFFSETS = [sum(8 + len(piece) for piece in PIECES[: 2 * n]) for n in range(3)]
LAID = {
    "one item each, no table": items(*map(even, FRAMES)),
    "one item each, with table": encapsulate(FRAMES, has_bot=True),
    "in pieces with table": items(*PIECES, table=OFFSETS),
    "in pieces without table": items(*PIECES),
    "in pieces with a table of zeros": items(*PIECES, table=[0, 0, 0]),
    "items of odd length": items(*ODD),
    "without an end": items(*map(even, FRAMES))[:-8],
}


@pytest.mark.parametrize("name", LAID)
def test_each_frame_is_the_one_asked_for(name):
    for number in (3, 1, 2):
        _, found = shown(of(LAID[name]), number, window=WINDOW)
        assert np.array_equal(found, EXPECTED[number - 1]), number
    assert not np.array_equal(EXPECTED[0], EXPECTED[2])


def test_the_extended_offset_table_finds_frames_in_one_long_row():
    data, offsets, lengths = encapsulate_extended(FRAMES)
    whole = of(data, ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths)
    for number in (2, 3, 1):
        assert np.array_equal(shown(whole, number, window=WINDOW)[1], EXPECTED[number - 1])


@pytest.mark.parametrize("number", [4, 0])
def test_a_frame_that_is_not_there_is_said_to_be_missing(number):
    with pytest.raises(NotFound):
        shown(of(LAID["one item each, no table"]), number, window=WINDOW)


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 13, b"\xff"])
def test_bytes_behind_the_end_of_a_jpeg_do_no_harm(padding):
    grey = np.zeros(GREYS[0].shape, np.uint8)
    whole = of(items(*(even(frame + padding) for frame in JPEGS)), "50", grey)
    for number in (1, 3):
        expected = imagecodecs.jpeg8_decode(JPEGS[number - 1]).astype(int)
        assert np.array_equal(shown(whole, number)[1], expected)


def test_a_single_frame_may_lie_in_many_pieces():
    pieces = [FRAMES[0][start : start + 500] for start in range(0, len(FRAMES[0]), 500)]
    made = image(form("90"), PixelData=items(*pieces), **described(np.ascontiguousarray(GREYS[0])))
    assert len(pieces) > 5
    assert np.array_equal(shown(whole_file(made), window=WINDOW)[1], EXPECTED[0])


@pytest.mark.parametrize("left_out", ["BitsStored", "HighBit", "PixelRepresentation", "SamplesPerPixel"])
def test_what_may_be_missing_is_missing_without_harm(left_out):
    made = image(PixelData=np.ascontiguousarray(GREYS[0]).tobytes(), **described(np.ascontiguousarray(GREYS[0])))
    delattr(made, left_out)
    assert np.array_equal(shown(written(made), window=WINDOW)[1], EXPECTED[0])


def test_pixels_longer_than_their_frame_are_cut():
    made = image(PixelData=np.ascontiguousarray(GREYS[0]).tobytes() + bytes(200), **described(GREYS[0].copy()))
    assert np.array_equal(shown(written(made), window=WINDOW)[1], EXPECTED[0])
