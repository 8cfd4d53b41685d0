"""Each frame of an enhanced object by what its own groups say, in the picture and in what the app is told."""

import numpy as np
import pytest
from enhanced_objects import VALUES, enhanced, group, indexed
from hostile_objects import written
from rendered_pictures import plane_of_bytes, shown
from syntax_objects import dataset

from gateway.dicom.attributes import numbers
from gateway.dicom.model import Series
from gateway.dicom.rendering import Viewport
from gateway.imaging.geometry import laterality, orientation_letters, pixel_aspect, slice_location, spacing
from gateway.imaging.presets import file_windows

AXIAL, CORONAL = (1, 0, 0, 0, 1, 0), (1, 0, 0, 0, 0, -1)


def linear(values, center, width):
    return np.clip((values - (center - 0.5)) / (width - 1) + 0.5, 0, 1) * 255


def stored(number):
    return VALUES.astype(float) + 1000 * (number - 1)


WINDOWS = [(400, 800), (1300, 300), (2500, 90)]


@pytest.mark.parametrize("number", [3, 1, 2])
def test_each_frame_has_its_own_window(number):
    whole = written(enhanced([group(window=window) for window in WINDOWS]))
    truth, found = shown(whole, number)
    assert np.abs(found - linear(stored(number), *WINDOWS[number - 1])).max() <= 0.51
    assert tuple(truth["window"][:2]) == WINDOWS[number - 1]


@pytest.mark.parametrize("number", [1, 2])
def test_each_frame_has_its_own_unit(number):
    rescales = [(1, -100), (0.5, 20)]
    made = enhanced([group(rescale=rescale) for rescale in rescales], group(window=(300, 600)))
    slope, intercept = rescales[number - 1]
    expected = linear(stored(number) * slope + intercept, 300, 600)
    assert np.abs(shown(written(made), number)[1] - expected).max() <= 0.51
    facts, _ = plane_of_bytes(written(made), number)
    assert (facts["slope"], facts["intercept"]) == (slope, intercept)


def test_what_is_shared_holds_where_a_frame_says_nothing():
    made = enhanced([group(window=(1300, 300)), group()], group(window=(1500, 700)))
    assert tuple(shown(written(made), 1)[0]["window"][:2]) == (1300, 300)
    assert tuple(shown(written(made), 2)[0]["window"][:2]) == (1500, 700)


def test_oblong_pixels_of_a_frame_fill_a_viewport_as_in_the_patient():
    whole = written(enhanced([group(spacing=(1, 1)), group(spacing=(2, 1))]))
    assert shown(whole, 1, viewport=Viewport(96, 96))[1].shape == (72, 96)
    assert shown(whole, 2, viewport=Viewport(96, 96))[1].shape == (96, 64)


def test_a_frames_shutter_covers_that_frame():
    shut = group()
    shut.FrameDisplayShutterSequence = [
        dataset(
            ShutterShape="RECTANGULAR",
            ShutterLeftVerticalEdge=1,
            ShutterRightVerticalEdge=16,
            ShutterUpperHorizontalEdge=1,
            ShutterLowerHorizontalEdge=24,
        )
    ]
    whole = written(enhanced([group(), shut], group(window=(-5000, 10))))
    assert np.all(shown(whole, 1)[1] == 255)
    assert np.all(shown(whole, 2)[1][:, :16] == 255)
    assert not shown(whole, 2)[1][:, 16:].any()


@pytest.fixture(scope="module")
def instance():
    frames = [
        group(window=(400, 800), position=(0, 0, 10), orientation=AXIAL, spacing=(2, 1), laterality="L"),
        group(window=(1300, 300), position=(0, 7, 0), orientation=CORONAL, spacing=(0.5, 0.5), laterality="R"),
    ]
    return indexed(enhanced(frames, group(rescale=(2, -1))))[0]


def test_the_index_gives_each_frame_back_with_its_place(instance):
    first, second = instance.of_frame(1), instance.of_frame(2)
    assert orientation_letters(first) == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert orientation_letters(second) == {"left": "R", "right": "L", "top": "H", "bottom": "F"}
    assert numbers(first.attributes, "ImagePositionPatient") == [0, 0, 10]
    assert numbers(second.attributes, "ImagePositionPatient") == [0, 7, 0]
    assert (slice_location(first), slice_location(second)) == (10, 7)


def test_the_index_gives_each_frame_back_with_its_size_and_side(instance):
    found = [(spacing(one).row, spacing(one).column, pixel_aspect(one)) for one in map(instance.of_frame, (1, 2))]
    assert found == [(2, 1, 2), (0.5, 0.5, 1)]


def test_the_index_gives_each_frame_back_with_its_window_and_unit(instance):
    for number, window in ((1, (400, 800)), (2, (1300, 300))):
        one = instance.of_frame(number)
        found = file_windows(one)[0]
        assert (found.window_center, found.window_width) == window
        assert numbers(one.attributes, "RescaleSlope") == [2]


def test_sides_differ_by_frame(instance):
    series = Series("1", "2", {})
    assert [laterality(instance.of_frame(number), series) for number in (1, 2)] == ["L", "R"]


def test_frames_that_are_all_alike_are_the_object_itself():
    alike = indexed(enhanced([group(window=(5, 9))] * 3, group(orientation=AXIAL)))[0]
    assert not alike.has_frame_groups
    assert alike.of_frame(2) is alike
    assert numbers(alike.attributes, "WindowCenter") == [5]
    assert orientation_letters(alike)["top"] == "A"


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_frame_beyond_the_groups_is_the_object_itself(instance, number):
    assert instance.of_frame(number) is instance


def test_fewer_groups_than_frames_never_cost_the_picture():
    made = enhanced([group(window=(400, 800)), group(window=(1300, 300))])
    del made.PerFrameFunctionalGroupsSequence[1]
    assert shown(written(made), 2)[1].shape == VALUES.shape
