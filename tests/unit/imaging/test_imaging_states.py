"""The grey and colour steps of presentation states, against dcmtk's dcmp2pgm and by their formulas (PS3.4 N.2)."""

import numpy as np
import pydicom
import pytest
from hostile_objects import image, lut, written
from lightbox import PYDICOM_FILES
from presentation_states import (
    COLOR,
    PSEUDO_COLOR,
    area,
    file_of,
    layer,
    reference,
    seen_by_dcmtk,
    state_of,
    voi,
)
from rendered_pictures import rendered, shown
from syntax_objects import color8, dataset, described
from test_imaging_overlays_and_shutters import MARK, with_overlay

from gateway.dicom.window import Window
from gateway.errors import BadRequest

VALUES = np.arange(48 * 64, dtype="<u2").reshape(48, 64)


def values(**changes):
    return image(PixelData=VALUES.tobytes(), **described(VALUES, **{"BitsStored": 12, "HighBit": 11} | changes))


def scan():
    """A real CT slice, with rescale and values below zero."""
    made = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    made.PixelData = np.clip(made.pixel_array, 0, 4095).astype("<i2").tobytes()
    return made


MODALITY = {"RescaleSlope": 1, "RescaleIntercept": -1024, "RescaleType": "HU"}
TABLE = lut([1000, 500, 16], [min(65535, n * n // 15) for n in range(1000)])
BENT = lut([4096, 0, 16], [int((n / 4095) ** 2 * 65535) for n in range(4096)])


STATES = {
    "window": (scan, MODALITY | {"SoftcopyVOILUTSequence": [voi(40, 400)]}),
    "narrow window": (scan, MODALITY | {"SoftcopyVOILUTSequence": [voi(-500.5, 77)]}),
    "VOI LUT": (values, {"SoftcopyVOILUTSequence": [dataset(VOILUTSequence=TABLE)]}),
    "another rescale": (scan, MODALITY | {"RescaleSlope": 2, "SoftcopyVOILUTSequence": [voi(100, 2000)]}),
    "no modality step": (scan, {"SoftcopyVOILUTSequence": [voi(1000, 1000)]}),
    "no VOI step": (values, {}),
    "no VOI step in the modality's unit": (values, {"RescaleSlope": 2, "RescaleIntercept": -5, "RescaleType": "US"}),
    "modality LUT": (
        values,
        {"ModalityLUTSequence": lut([3072, 0, 16], [int(20 * n**0.9) for n in range(3072)])}
        | {"SoftcopyVOILUTSequence": [voi(10000, 20000)]},
    ),
    "inverse": (scan, MODALITY | {"PresentationLUTShape": "INVERSE", "SoftcopyVOILUTSequence": [voi(40, 400)]}),
    "presentation LUT": (
        values,
        {"PresentationLUTSequence": BENT, "SoftcopyVOILUTSequence": [voi(1500, 3000)]},
    ),
    "MONOCHROME1": (
        lambda: values(PhotometricInterpretation="MONOCHROME1"),
        {"SoftcopyVOILUTSequence": [voi(1500, 3000)]},
    ),
    "an image with its own steps": (
        lambda: values(WindowCenter=100, WindowWidth=10, RescaleSlope=3, RescaleIntercept=7),
        {"SoftcopyVOILUTSequence": [voi(1500, 3000)]},
    ),
}


def under(made, state, frame_number=1, **asked):
    """The truth and the pixels of the image under the state."""
    return shown(written(made), frame_number, state=file_of(state), **asked)


@pytest.mark.parametrize("name", STATES)
def test_the_grey_steps_are_those_of_dcmtk(name, tmp_path):
    make, changes = STATES[name]
    state = state_of(make(), **changes)
    if "PresentationLUTSequence" in state:
        del state.PresentationLUTShape
    expected = seen_by_dcmtk(make(), state, tmp_path)
    truth, found = under(make(), state)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1
    assert expected.std() > 10
    assert truth["presentation_state"] == "AS SEEN"


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_the_function_of_a_states_window_counts(function):
    state = state_of(values(), SoftcopyVOILUTSequence=[voi(1500, 1000, function=function)])
    x = (VALUES - 1500.0) / 1000
    expected = np.clip(x + 0.5, 0, 1) if function == "LINEAR_EXACT" else 1 / (1 + np.exp(-4 * x))
    assert np.abs(under(values(), state)[1] - expected * 255).max() <= 0.51


def test_a_window_asked_for_stands_before_the_states():
    state = state_of(values(), SoftcopyVOILUTSequence=[voi(100, 10)])
    truth, found = under(values(), state, window=Window(1500, 3000))
    assert np.array_equal(found, under(values(), state_of(values(), SoftcopyVOILUTSequence=[voi(1500, 3000)]))[1])
    assert truth["window_origin"] == "asked"


def test_each_frame_has_the_window_that_names_it():
    made = values(NumberOfFrames="3")
    made.PixelData = VALUES.tobytes() * 3
    windows = [voi(1500, 3000, reference(made, 1)), voi(500, 100, reference(made, 2, 3))]
    state = state_of(made, SoftcopyVOILUTSequence=windows)
    for number, window in ((1, (1500, 3000)), (2, (500, 100)), (3, (500, 100))):
        assert np.array_equal(under(made, state, number)[1], shown(written(made), number, window=Window(*window))[1])


@pytest.mark.parametrize("change", ["another image", "another frame", "no reference"])
def test_a_state_for_other_pictures_is_a_fault_of_the_request(change):
    made = values(NumberOfFrames="2")
    made.PixelData = VALUES.tobytes() * 2
    state = state_of(made)
    if change == "another image":
        state.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3.5"
    elif change == "another frame":
        state.ReferencedSeriesSequence[0].ReferencedImageSequence = [reference(made, 2)]
    else:
        del state.ReferencedSeriesSequence
    with pytest.raises(BadRequest):
        under(made, state)


@pytest.mark.parametrize("is_own", [True, False])
def test_overlays_are_shown_where_the_state_activates_them(is_own):
    """In the grey of their layer; the overlay is the state's own or the image's."""
    bits = np.zeros(VALUES.shape, np.uint8)
    bits[10:22, 20:40] = MARK
    window = {"SoftcopyVOILUTSequence": [voi(1500, 3000)]}
    made, state = values(), state_of(values(), **window)
    with_overlay(state if is_own else made, bits)
    assert not np.any(under(made, state)[1][bits == 1] == 0x80), "not activated, not shown"
    state.add_new((0x6000, 0x1001), "CS", "MARKS")
    state.GraphicLayerSequence = [layer("MARKS", grey=0x8080)]
    found = under(made, state)[1]
    assert np.all(found[bits == 1] == 0x80)
    assert np.array_equal(found[bits == 0], under(values(), state_of(made, **window))[1][bits == 0])


def test_the_states_shutter_stands_for_the_images():
    made = values(ShutterShape="CIRCULAR", CenterOfCircularShutter=[1, 1], RadiusOfCircularShutter=3)
    state = state_of(made, SoftcopyVOILUTSequence=[voi(1500, 3000)])
    assert np.array_equal(under(made, state)[1], under(values(), state)[1]), "the image's own is gone"
    state.ShutterShape, state.ShutterPresentationValue = "RECTANGULAR", 0x4000
    state.ShutterLeftVerticalEdge, state.ShutterRightVerticalEdge = 20, 40
    state.ShutterUpperHorizontalEdge, state.ShutterLowerHorizontalEdge = 10, 30
    found = under(made, state)[1]
    inside = np.zeros(VALUES.shape, bool)
    inside[9:30, 19:40] = True
    assert np.all(found[~inside] == 0x40)
    assert np.all(found[inside] == under(values(), state)[1][inside])


def test_a_color_state_turns_and_keeps_the_colors():
    picture = np.ascontiguousarray(color8()[:40, :60])
    made = image(PixelData=picture.tobytes(), **described(picture))
    state = state_of(made, COLOR, ImageRotation=90, ImageHorizontalFlip="N")
    assert np.array_equal(under(made, state)[1], np.rot90(picture, -1))


def pseudo_color(made, **changes):
    """A state that colours all greys: red rises, blue falls, green is a step."""
    state = state_of(made, PSEUDO_COLOR, **changes)
    tables = np.arange(256), np.arange(256) // 128 * 255, 255 - np.arange(256)
    for name, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        setattr(state, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(state, f"{name}PaletteColorLookupTableData", table.astype(np.uint8).tobytes())
    return state


def test_a_pseudo_color_state_colors_the_greys():
    state = pseudo_color(values(), SoftcopyVOILUTSequence=[voi(1500, 3000)])
    grey = shown(written(values()), window=Window(1500, 3000))[1]
    found = under(values(), state)[1]
    assert np.array_equal(found, np.stack([grey, grey // 128 * 255, 255 - grey], axis=2))


def test_the_label_of_a_state_is_told():
    truth, _ = rendered(written(values()), state=file_of(state_of(values(), ContentLabel="FRACTURE")))
    assert (truth["presentation_state"], truth["window_origin"]) == ("FRACTURE", "state")


def test_the_area_of_another_frame_does_not_count():
    made = values(NumberOfFrames="2")
    made.PixelData = VALUES.tobytes() * 2
    areas = [area(1, 1, 64, 48), area(11, 5, 30, 20)]
    for item, number in zip(areas, (1, 2), strict=True):
        item.ReferencedImageSequence = [reference(made, number)]
    state = state_of(made, DisplayedAreaSelectionSequence=areas)
    assert under(made, state, 1)[1].shape == (48, 64)
    assert np.array_equal(under(made, state, 2)[1], under(made, state, 1)[1][4:20, 10:30])
