"""Stacks in reading order, letters at the edges, millimetres per pixel."""

import math
import random

import pytest

from gateway.dicom.attributes import element
from gateway.dicom.model import MOST_FRAMES, Instance, Series
from gateway.imaging.geometry import (
    Spacing,
    cine_rate,
    laterality,
    orientation_letters,
    slice_location,
    spacing,
)
from gateway.imaging.stack_order import reading_order

AXIAL = (1, 0, 0, 0, 1, 0)
CORONAL = (1, 0, 0, 0, 0, -1)
SAGITTAL = (0, 1, 0, 0, 0, -1)


def an_instance(uid="1.2.3", **attributes):
    told = {"Rows": 8, **attributes}
    merged = {}
    for keyword, value in told.items():
        merged |= element(keyword, *(value if isinstance(value, tuple | list) else (value,)))
    return Instance("1", "1.1", uid, merged)


def a_series(**attributes):
    merged = {}
    for keyword, value in attributes.items():
        merged |= element(keyword, value)
    return Series("1", "1.1", merged)


def a_slice(z, number, orientation=AXIAL, **more):
    return an_instance(
        f"1.2.{number}",
        ImageOrientationPatient=orientation,
        ImagePositionPatient=(0, 0, z),
        InstanceNumber=number,
        **more,
    )


def places(instances):
    return [instance.sop_instance_uid for instance in instances]


def ordered(instances):
    return [frame.instance for frame in reading_order(instances)]


def shuffled(instances):
    mixed = list(instances)
    random.Random(7).shuffle(mixed)
    return mixed


class TestStackOrder:
    def test_slices_follow_their_normal_and_not_their_numbers(self):
        slices = [a_slice(z, number) for z, number in ((-30.5, 1), (-20, 30), (10, 7), (200, 31))]
        assert ordered(shuffled(slices)) == slices

    def test_the_stack_begins_where_the_scanner_began(self):
        from_the_head = [a_slice(-3 * n, n) for n in range(1, 9)]
        from_the_feet = [a_slice(3 * n, n) for n in range(1, 9)]
        assert ordered(shuffled(from_the_head)) == from_the_head
        assert ordered(shuffled(from_the_feet)) == from_the_feet

    def test_without_numbers_the_normals_own_direction_holds(self):
        slices = [
            an_instance(f"1.2.{9 - z}", ImageOrientationPatient=AXIAL, ImagePositionPatient=(0, 0, z)) for z in range(9)
        ]
        assert ordered(shuffled(slices)) == slices

    def test_an_oblique_stack_is_ordered_along_its_own_normal_and_not_along_the_body(self):
        sagittal = [
            an_instance(f"1.2.{n}", ImageOrientationPatient=SAGITTAL, ImagePositionPatient=(x, n, -n), InstanceNumber=n)
            for n, x in ((2, 30), (1, 10), (3, -20))
        ]
        assert ordered(shuffled(sagittal)) == sagittal  # the normal of P\F points to the patient's right

    def test_a_scout_of_another_orientation_comes_after_the_slices_in_any_file_order(self):
        scout = a_slice(0, 1, CORONAL)
        slices = [a_slice(z, z + 2) for z in range(6)]
        for seed in range(5):
            mixed = [scout, *slices]
            random.Random(seed).shuffle(mixed)
            assert ordered(mixed) == [*slices, scout]

    def test_without_a_main_orientation_the_numbers_decide(self):
        planes = [a_slice(9, 1, AXIAL), a_slice(0, 2, CORONAL), a_slice(5, 3, SAGITTAL), a_slice(1, 10, AXIAL)]
        assert ordered(shuffled(planes)) == planes

    def test_without_geometry_acquisition_then_instance_number_then_uid_decide(self):
        images = [
            an_instance("1.9", AcquisitionNumber=1, InstanceNumber=2),
            an_instance("1.1", AcquisitionNumber=2, InstanceNumber=1),
            an_instance("1.5", AcquisitionNumber=2, InstanceNumber=10),
            an_instance("1.6", AcquisitionNumber=2, InstanceNumber=10),
            an_instance("1.0"),
        ]
        assert ordered(shuffled(images)) == images

    def test_a_second_pass_over_the_same_places_is_a_second_volume(self):
        volumes = [a_slice(z, 10 * phase + z, AcquisitionNumber=phase) for phase in (1, 2) for z in range(4)]
        assert ordered(shuffled(volumes)) == volumes

    def test_repeats_that_no_acquisition_tells_apart_stay_together_by_number(self):
        echoes = [a_slice(z, 2 * z + echo) for z in range(3) for echo in (0, 1)]
        assert ordered(shuffled(echoes)) == echoes

    def test_slices_that_differ_by_a_rounding_of_the_cosines_are_one_stack(self):
        slices = [a_slice(z, z, (1, 1e-5 * z, 0, -1e-5 * z, 1, 0)) for z in range(5)]
        assert ordered(shuffled(slices)) == slices

    @pytest.mark.parametrize("orientation", [(0, 0, 0, 0, 0, 0), (1, 0, 0, 1, 0, 0), (1, 0, 0), ("x", 0, 0, 0, 1, 0)])
    def test_an_impossible_orientation_leaves_the_order_to_the_numbers(self, orientation):
        images = [a_slice(9 - n, n, orientation) for n in range(1, 5)]
        assert ordered(shuffled(images)) == images


class TestFrames:
    def test_frames_of_all_instances_are_one_stack_numbered_from_one(self):
        single, multi, document = an_instance("1.1"), an_instance("1.2", NumberOfFrames=3), an_instance("1.3", Rows=0)
        stack = reading_order([single, document, multi])
        assert [(f.n, f.instance.sop_instance_uid, f.frame_number) for f in stack] == [
            (1, "1.1", 1),
            (2, "1.2", 1),
            (3, "1.2", 2),
            (4, "1.2", 3),
        ]

    def test_a_header_that_claims_a_billion_frames_is_not_believed(self):
        assert len(reading_order([an_instance(NumberOfFrames=1_000_000_000)])) == MOST_FRAMES

    def test_a_number_of_frames_that_is_no_number_counts_one(self):
        assert len(reading_order([an_instance(NumberOfFrames="inf")])) == 1


class TestLetters:
    @pytest.mark.parametrize(
        ("orientation", "letters"),
        [
            (AXIAL, "RLAP"),
            (CORONAL, "RLHF"),
            (SAGITTAL, "APHF"),
            ((-1, 0, 0, 0, -1, 0), "LRPA"),
            ((0, -1, 0, 0, 0, -1), "PAHF"),
        ],
    )
    def test_plain_planes(self, orientation, letters):
        found = orientation_letters(an_instance(ImageOrientationPatient=orientation))
        assert "".join(found[edge] for edge in ("left", "right", "top", "bottom")) == letters

    def test_an_oblique_plane_names_the_stronger_axis_first(self):
        c, s = math.cos(math.radians(30)), math.sin(math.radians(30))
        found = orientation_letters(an_instance(ImageOrientationPatient=(c, s, 0, 0, 0, -1)))
        assert found == {"left": "RA", "right": "LP", "top": "H", "bottom": "F"}

    def test_a_tie_goes_to_the_first_axis(self):
        found = orientation_letters(an_instance(ImageOrientationPatient=(0.70711, 0.7071, 0, 0, 0, -1)))
        assert found["right"] == "LP"
        found = orientation_letters(an_instance(ImageOrientationPatient=(0.7071, 0.70711, 0, 0, 0, -1)))
        assert found["right"] == "LP"

    def test_a_tilt_too_small_to_see_adds_no_letter(self):
        c, s = math.cos(math.radians(3)), math.sin(math.radians(3))
        assert orientation_letters(an_instance(ImageOrientationPatient=(1, 0, 0, 0, c, s)))["bottom"] == "P"

    def test_a_radiograph_says_it_in_patient_orientation(self):
        found = orientation_letters(an_instance(PatientOrientation=("L", "FR")))
        assert found == {"left": "R", "right": "L", "top": "HL", "bottom": "FR"}

    @pytest.mark.parametrize("stated", [(), ("L",), ("L", ""), ("LE", "V"), ("LR", "F"), ("X", "F"), (None, "F")])
    def test_nothing_is_guessed(self, stated):
        assert orientation_letters(an_instance(PatientOrientation=stated)) is None


class TestSpacing:
    def test_pixel_spacing_is_row_then_column(self):
        assert spacing(an_instance(PixelSpacing=(0.5, 0.25))) == Spacing(0.5, 0.25, "pixel")

    def test_detector_spacing_is_divided_by_the_magnification(self):
        image = an_instance(ImagerPixelSpacing=(0.2, 0.1), EstimatedRadiographicMagnificationFactor=2)
        assert spacing(image) == Spacing(0.1, 0.05, "imager")

    def test_pixel_spacing_copied_from_the_detector_is_not_called_calibrated(self):
        image = an_instance(PixelSpacing=(0.2, 0.2), ImagerPixelSpacing=(0.2, 0.2))
        assert spacing(image) == Spacing(0.2, 0.2, "imager")

    @pytest.mark.parametrize("stated", [(), (0.5,), (0, 0.5), (-1, 1), ("a", "b"), ("nan", 1), ("inf", "inf")])
    def test_nothing_is_measured_without_spacing(self, stated):
        assert spacing(an_instance(PixelSpacing=stated)) is None


class TestLateralityCineLocation:
    def test_the_image_speaks_before_its_series(self):
        assert laterality(an_instance(ImageLaterality="L"), a_series(Laterality="R")) == "L"
        assert laterality(an_instance(), a_series(Laterality="R")) == "R"
        assert laterality(an_instance(ImageLaterality="left"), a_series()) == "L"
        assert laterality(an_instance(ImageLaterality="?"), a_series()) == ""

    @pytest.mark.parametrize(
        ("attributes", "rate"),
        [
            ({"CineRate": 25, "FrameTime": 100}, 25),
            ({"RecommendedDisplayFrameRate": 15}, 15),
            ({"FrameTime": 40}, 25),
            ({"FrameTimeVector": (0, 50, 50, 400)}, 20),
            ({"CineRate": 0, "FrameTime": 0}, None),
            ({}, None),
        ],
    )
    def test_frames_per_second(self, attributes, rate):
        assert cine_rate(an_instance(**attributes)) == rate

    def test_location_as_stated_else_along_the_normal(self):
        assert slice_location(a_slice(12.3456, 1, SliceLocation=-7.5)) == -7.5
        assert slice_location(a_slice(12.3456, 1)) == 12.346
        assert slice_location(an_instance()) is None
