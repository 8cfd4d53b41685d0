"""Rotation, flip, displayed area and viewport, and graphics that meet the pixels that they were drawn for."""

import numpy as np
import pytest
from hostile_objects import image, written
from presentation_states import area, drawn, file_of, graphic, layer, seen_by_dcmtk, state_of, voi
from rendered_pictures import open_files, shown
from syntax_objects import described, native

from gateway.archive.headers import read_headers
from gateway.dicom.model import Instance
from gateway.dicom.rendering import Fit, Viewport
from gateway.imaging.state_geometry import StateGeometry

ROWS, COLUMNS = 60, 80
# Dark, brighter to the right and to the bottom, so that no turn and no flip looks like another.
VALUES = (np.arange(COLUMNS)[None, :] + 40 * (np.arange(ROWS)[:, None] // 20)).astype(np.uint8)
TURNS = [(turns, flip) for turns in (0, 90, 180, 270) for flip in ("N", "Y")]
FLAT = {"SoftcopyVOILUTSequence": [voi(128, 256)]}


def made(values=VALUES, **changes):
    return image(PixelData=np.ascontiguousarray(values).tobytes(), **described(values, **changes))


def under(picture, state, **asked):
    return shown(written(picture), state=file_of(state), **asked)[1]


def placed(array, turns, flip):
    """The array turned clockwise, then mirrored (C.10.6)."""
    turned = np.rot90(array, -turns // 90)
    return turned[:, ::-1] if flip == "Y" else turned


@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_pictures_are_turned_and_then_flipped(turns, flip, tmp_path):
    state = state_of(made(), ImageRotation=turns, ImageHorizontalFlip=flip, **FLAT)
    found = under(made(), state)
    assert np.array_equal(found, placed(VALUES, turns, flip))
    expected = seen_by_dcmtk(made(), state, tmp_path)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1


@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_the_displayed_area_is_cut_before_it_is_turned(turns, flip):
    areas = [area(11, 6, 50, 45)]
    moved = {"ImageRotation": turns, "ImageHorizontalFlip": flip, "DisplayedAreaSelectionSequence": areas}
    state = state_of(made(), **moved, **FLAT)
    assert np.array_equal(under(made(), state), placed(VALUES[5:45, 10:50], turns, flip))


def test_an_area_beyond_the_picture_is_black_there():
    areas = [area(-9, -4, 90, 70)]
    found = under(made(), state_of(made(), DisplayedAreaSelectionSequence=areas, **FLAT))
    assert found.shape == (75, 100)
    assert np.array_equal(found[5:65, 10:90], VALUES)
    found[5:65, 10:90] = 0
    assert not found.any()


@pytest.mark.parametrize(("mode", "ratio", "shape"), [("MAGNIFY", 2.0, (80, 60)), ("MAGNIFY", 0.5, (20, 15))])
def test_magnified_areas_have_their_size(mode, ratio, shape):
    areas = [area(1, 1, 30, 40, mode, PresentationPixelMagnificationRatio=ratio)]
    assert under(made(), state_of(made(), DisplayedAreaSelectionSequence=areas, **FLAT)).shape == shape


@pytest.mark.parametrize("size", [{"PresentationPixelSpacing": [2, 1]}, {"PresentationPixelAspectRatio": [2, 1]}])
def test_oblong_pixels_of_the_area_fill_a_viewport_as_in_the_patient(size):
    item = area(1, 1, 40, 40)
    del item.PresentationPixelAspectRatio
    for keyword, value in size.items():
        setattr(item, keyword, value)
    state = state_of(made(), DisplayedAreaSelectionSequence=[item], **FLAT)
    assert under(made(), state, viewport=Viewport(100, 100)).shape == (100, 50)
    state.ImageRotation, state.ImageHorizontalFlip = 90, "N"
    assert under(made(), state, viewport=Viewport(100, 100)).shape == (50, 100)


@pytest.mark.parametrize(
    ("spacing", "shape"),
    [
        ({"PixelSpacing": [3, 1]}, (90, 40)),
        ({"PixelSpacing": [1, 2]}, (34, 90)),
        ({"ImagerPixelSpacing": [1, 2]}, (34, 90)),
        ({"PixelAspectRatio": [1, 2]}, (34, 90)),
        ({}, (68, 90)),
    ],
)
def test_oblong_pixels_of_the_image_fill_a_viewport_as_in_the_patient(spacing, shape):
    assert shown(written(made(**spacing)), viewport=Viewport(90, 90))[1].shape == shape
    assert shown(written(made(**spacing)))[1].shape == (ROWS, COLUMNS)


@pytest.mark.parametrize(
    ("fit", "box", "shape"),
    [
        (Fit.INSIDE, (200, 200), (150, 200)),
        (Fit.SHRINK, (200, 200), (60, 80)),
        (Fit.SHRINK, (40, 40), (30, 40)),
        (Fit.EXACT, (30, 50), (50, 30)),
    ],
)
def test_pictures_fit_their_viewport(fit, box, shape):
    assert shown(native(VALUES), viewport=Viewport(*box, fit=fit))[1].shape == shape


def spot(picture):
    """Column and row of the middle of what is brighter than its surroundings."""
    bright = picture - float(np.median(picture))
    assert bright.max() > 40, "nothing is drawn"
    rows, columns = np.nonzero(bright > bright.max() / 2)
    return columns.mean(), rows.mean()


VIEWS = {
    "whole": {},
    "twice as large": {"viewport": Viewport(160, 160)},
    "a region": {"viewport": Viewport(96, 96, 8, 8, 32, 32)},
    "a flipped region": {"viewport": Viewport(96, 96, 8, 8, -32, 32)},
    "upside down": {"viewport": Viewport(96, 96, 8, 8, 32, -32)},
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_graphics_meet_the_pixels_that_they_were_drawn_for(turns, flip, view):
    """One bright pixel, and a cross drawn on it: the same place, whatever happens to the picture."""
    row, column = 27, 33
    marked = np.full((ROWS, COLUMNS), 20, np.uint8)
    marked[row, column] = 255
    areas = [area(11, 6, 60, 55)]
    moved = {"ImageRotation": turns, "ImageHorizontalFlip": flip, "DisplayedAreaSelectionSequence": areas, **FLAT}
    pixel_alone = under(made(marked), state_of(made(), **moved), **VIEWS[view])
    # The middle of the pixel in column 34, row 28 lies half a pixel right of and below its corner.
    annotation = drawn(graphic("POINT", [column + 0.5, row + 0.5]))
    state = state_of(made(), GraphicLayerSequence=[layer("A")], GraphicAnnotationSequence=[annotation], **moved)
    cross = under(made(np.full((ROWS, COLUMNS), 20, np.uint8)), state, **VIEWS[view])
    assert np.allclose(spot(cross), spot(pixel_alone), atol=0.6)


@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_letters_and_extent_are_those_of_the_picture(turns, flip):
    """What gateway/imaging/state_geometry.py tells of a state, against the pixels under it."""
    picture = made(ImageOrientationPatient=[1, 0, 0, 0, 1, 0], ImagePositionPatient=[0, 0, 0], PixelSpacing=[2, 1])
    picture.StudyInstanceUID, picture.SeriesInstanceUID = "1.2.3.4.1", "1.2.3.4.2"
    areas = [area(11, 6, 50, 35, PresentationPixelSpacing=[2, 1])]
    del areas[0].PresentationPixelAspectRatio
    moved = {"ImageRotation": turns, "ImageHorizontalFlip": flip, "DisplayedAreaSelectionSequence": areas}
    state = state_of(picture, **moved, **FLAT)
    with open_files(written(picture), file_of(state)) as files:
        told = read_headers({}, files)[0]
    pairs = zip((picture, state), told, strict=True)
    found = [Instance("1", "2", str(one.SOPInstanceUID), read["attributes"]) for one, read in pairs]
    assert StateGeometry.of(found[1]).applies_to(found[0], 1)
    geometry = StateGeometry.of(found[1]).placed(found[0], 1)
    seen = under(picture, state)
    assert (geometry.rows, geometry.columns) == seen.shape
    # The patient's left is where stored columns rise (brighter), posterior where rows rise.
    sides = {"left": seen[:, 0], "right": seen[:, -1], "top": seen[0], "bottom": seen[-1]}
    at_edge = {"R": VALUES[5:35, 10], "L": VALUES[5:35, 49], "A": VALUES[5, 10:50], "P": VALUES[34, 10:50]}
    for side, letter in geometry.letters.items():
        assert sorted(sides[side].tolist()) == sorted(at_edge[letter].tolist()), side
    assert (geometry.spacing.row, geometry.spacing.column) == ((2, 1) if turns % 180 == 0 else (1, 2))
    assert geometry.pixel_aspect == (2 if turns % 180 == 0 else 0.5)


def test_display_units_are_fractions_of_what_is_shown():
    annotation = drawn(graphic("POINT", [0.25, 0.75], units="DISPLAY"))
    areas = [area(11, 6, 50, 55)]
    state = state_of(
        made(),
        ImageRotation=90,
        ImageHorizontalFlip="N",
        DisplayedAreaSelectionSequence=areas,
        GraphicLayerSequence=[layer("A")],
        GraphicAnnotationSequence=[annotation],
        **FLAT,
    )
    found = under(made(np.zeros((ROWS, COLUMNS), np.uint8)), state)
    assert found.shape == (40, 50)
    assert np.allclose(spot(found), (0.25 * 50 - 0.5, 0.75 * 40 - 0.5), atol=0.6)


def test_a_state_that_asks_for_an_area_beyond_measure_shows_the_whole():
    state = state_of(made(), DisplayedAreaSelectionSequence=[area(-60000, -60000, 60000, 60000)], **FLAT)
    assert under(made(), state).shape == (ROWS, COLUMNS)
