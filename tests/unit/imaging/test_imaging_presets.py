"""Windows to choose from: the file's own first, then those of the modality."""

import pytest

from gateway.dicom.attributes import element
from gateway.dicom.model import Instance, Series
from gateway.dicom.window import VoiLutFunction, Window
from gateway.imaging.presets import USUAL, default_window, file_windows, presets_for


def an_image(**attributes):
    merged = {}
    for keyword, value in {"PhotometricInterpretation": "MONOCHROME2", **attributes}.items():
        merged |= element(keyword, *(value if isinstance(value, tuple | list) else (value,)))
    return Instance("1", "1.1", "1.2", merged)


def a_series(modality):
    return Series("1", "1.1", element("Modality", modality))


def offered(modality, **attributes):
    found = presets_for(a_series(modality), an_image(**attributes))
    return {preset.name: (preset.window.window_center, preset.window.window_width) for preset in found}


def test_all_windows_of_the_file_with_their_explanations_the_first_is_the_default():
    image = an_image(
        WindowCenter=(40, -600), WindowWidth=(400, 1500), WindowCenterWidthExplanation=("ABDOMEN", "LUNGS")
    )
    assert file_windows(image) == [
        Window(40, 400, explanation="ABDOMEN"),
        Window(-600, 1500, explanation="LUNGS"),
    ]
    assert default_window(image) == Window(40, 400, explanation="ABDOMEN")


@pytest.mark.parametrize(
    ("stated", "function"),
    [("SIGMOID", VoiLutFunction.SIGMOID), ("LINEAR_EXACT", VoiLutFunction.LINEAR_EXACT), ("?", VoiLutFunction.LINEAR)],
)
def test_the_voi_lut_function_goes_with_the_window(stated, function):
    assert default_window(an_image(WindowCenter=1, WindowWidth=10, VOILUTFunction=stated)).function is function


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"WindowCenter": 40},
        {"WindowCenter": 40, "WindowWidth": 0},
        {"WindowCenter": "nan", "WindowWidth": 400},
        {"WindowCenter": "x", "WindowWidth": 400},
        {"WindowCenter": 40, "WindowWidth": 400, "PhotometricInterpretation": "RGB"},
    ],
)
def test_windows_without_sense_are_no_windows(attributes):
    assert file_windows(an_image(**attributes)) == []
    assert default_window(an_image(**attributes)) is None


def test_a_bad_window_does_not_hide_the_good_one_after_it_nor_shift_its_name():
    image = an_image(WindowCenter=(1, 2), WindowWidth=(0, 50), WindowCenterWidthExplanation=("BAD", "GOOD"))
    assert file_windows(image) == [Window(2, 50, explanation="GOOD")]


def test_ct_offers_the_files_windows_before_the_usual_ones_and_none_twice():
    found = offered("CT", WindowCenter=(35, 40), WindowWidth=(350, 80), WindowCenterWidthExplanation=("THORAX", ""))
    assert list(found)[:2] == ["THORAX", "Brain"]
    assert found["THORAX"] == (35, 350)
    assert len(set(found.values())) == len(found) == 1 + len(USUAL["CT"])


def test_the_usual_ct_windows():
    found = offered("CT")
    assert found["Brain"] == (40, 80)
    assert found["Lung"] == (-600, 1500)
    assert found["Stroke"] == (40, 40)
    assert found["Soft tissue"] == (50, 400)


def test_a_map_that_is_not_in_hounsfield_units_gets_no_hounsfield_windows():
    assert offered("CT", RescaleType="Z_EFF") == {}
    assert "Brain" in offered("CT", RescaleType="HU")


def test_other_modalities_have_the_files_windows_alone():
    assert offered("MR", WindowCenter=(300, 200), WindowWidth=(600, 300)) == {
        "From file 1": (300, 600),
        "From file 2": (200, 300),
    }
    assert offered("US", PhotometricInterpretation="YBR_FULL_422") == {}


def test_one_window_told_twice_is_one_window():
    assert offered("MR", WindowCenter=(300, 300), WindowWidth=(600, 600)) == {"From file": (300, 600)}
    found = offered("MR", WindowCenter=(300, 50, 300), WindowWidth=(600, 60, 600))
    assert list(found.values()) == [(300, 600), (50, 60)]


def test_no_name_stands_for_two_windows():
    found = offered(
        "CT", WindowCenter=(-500, 40, 90), WindowWidth=(1400, 90, 91), WindowCenterWidthExplanation=("LUNG", "W", "W")
    )
    assert list(found.items())[:3] == [("LUNG", (-500, 1400)), ("W", (40, 90)), ("W 3", (90, 91))]
    assert "Lung" not in found
