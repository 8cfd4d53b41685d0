"""The order in which frames of enhanced objects are read: by place, then by time (PS3.3 C.7.6.16.2.2)."""

import pytest
from enhanced_objects import enhanced, group, indexed

from gateway.imaging.stack_order import reading_order

AXIAL, SAGITTAL = (1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1)


def order(*objects):
    return [(frame.instance.text("InstanceNumber"), frame.frame_number) for frame in reading_order(indexed(*objects))]


def at(*places, times=None):
    """Frames at the places along the patient's axis, of the times."""
    contents = [{"TemporalPositionIndex": time} for time in times] if times else [None] * len(places)
    return [group(position=(0, 0, z), content=content) for z, content in zip(places, contents, strict=True)]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([0, 5, 10, 15], [1, 2, 3, 4]),
        ([15, 10, 5, 0], [1, 2, 3, 4]),
        ([0, 10, 5, 15], [1, 3, 2, 4]),
        ([10, 5, 15, 0, 20], [4, 2, 1, 3, 5]),
    ],
)
def test_frames_are_read_along_their_normal(places, expected):
    found = order(enhanced(at(*places), group(orientation=AXIAL)))
    assert found == [("1", number) for number in expected]


@pytest.mark.parametrize(
    ("places", "times", "expected"),
    [
        ([0, 5, 10, 0, 5, 10], [1, 1, 1, 2, 2, 2], [1, 2, 3, 4, 5, 6]),
        ([0, 0, 5, 5, 10, 10], [1, 2, 1, 2, 1, 2], [1, 3, 5, 2, 4, 6]),
        ([0, 0, 5, 5, 10, 10], [2, 1, 2, 1, 2, 1], [2, 4, 6, 1, 3, 5]),
    ],
)
def test_a_later_time_is_the_next_volume(places, times, expected):
    found = order(enhanced(at(*places, times=times), group(orientation=AXIAL)))
    assert [number for _, number in found] == expected


def test_frames_of_two_objects_are_one_stack():
    first = enhanced(at(0, 10), group(orientation=AXIAL))
    second = enhanced(at(5, 15), group(orientation=AXIAL), SOPInstanceUID="1.2.3.5")
    second.InstanceNumber = 2
    assert order(first, second) == [("1", 1), ("2", 1), ("1", 2), ("2", 2)]


def test_frames_of_another_orientation_come_last():
    frames = [group(position=(3, 0, 0), orientation=SAGITTAL)]
    frames += [group(position=(0, 0, z), orientation=AXIAL) for z in (10, 0, 5)]
    found = [number for _, number in order(enhanced(frames))]
    assert found[-1] == 1
    assert found[:3] in ([2, 4, 3], [3, 4, 2])


def test_without_places_frames_keep_their_order():
    assert [number for _, number in order(enhanced([group(window=(n, 10)) for n in (1, 2, 3)]))] == [1, 2, 3]


def test_each_frame_of_the_stack_brings_its_own_attributes():
    stack = reading_order(indexed(enhanced(at(10, 0, 5), group(orientation=AXIAL))))
    assert [frame.n for frame in stack] == [1, 2, 3]
    places = [frame.instance.attributes["00200032"]["Value"][2] for frame in stack]
    assert places in ([0, 5, 10], [10, 5, 0])
