"""Graphics and words of presentation states, by their geometry (PS3.3 C.10.5)."""

import numpy as np
import pytest
from hostile_objects import image, written
from presentation_states import drawn, file_of, graphic, layer, reference, state_of, voi
from rendered_pictures import shown
from syntax_objects import dataset, described

SIZE = 128
DOWN, ACROSS = np.ogrid[0.5 : SIZE + 0.5, 0.5 : SIZE + 0.5]


def made(**changes):
    grey = np.full((SIZE, SIZE), 20, np.uint8)
    return image(PixelData=grey.tobytes(), **described(grey, **changes))


def picture(*annotations, layers=None, **asked):
    """Where anything is drawn, and the picture."""
    state = state_of(
        made(),
        SoftcopyVOILUTSequence=[voi(128, 256)],
        GraphicLayerSequence=layers or [layer("A")],
        GraphicAnnotationSequence=list(annotations),
    )
    return shown(written(made()), state=file_of(state), **asked)[1]


def ink(found):
    return np.abs(found.astype(int) - 20) > 60


CIRCLE = [60, 64, 60, 94]
ELLIPSE = [20, 64, 100, 64, 60, 44, 60, 84]
SQUARE = [30, 30, 90, 30, 90, 100, 30, 100, 30, 30]
FROM_CENTER = np.hypot(ACROSS - 60, DOWN - 64)
FROM_ELLIPSE = np.hypot((ACROSS - 60) / 40, (DOWN - 64) / 20)
OF_SQUARE = np.minimum.reduce(np.broadcast_arrays(ACROSS - 30, 90 - ACROSS, DOWN - 30, 100 - DOWN))
# The kind, its data, how far each pixel is from the line (inside above zero), and what counts as near.
SHAPES = {
    "circle": ("CIRCLE", CIRCLE, 30 - FROM_CENTER, 1.5),
    "ellipse": ("ELLIPSE", ELLIPSE, (1 - FROM_ELLIPSE) * 20, 2.5),
    "closed line": ("POLYLINE", SQUARE, OF_SQUARE, 1.5),
}


@pytest.mark.parametrize("filled", ["N", "Y"])
@pytest.mark.parametrize("name", SHAPES)
def test_closed_shapes_are_drawn_along_their_line_and_filled_where_they_say_so(name, filled):
    kind, data, inside_by, near = SHAPES[name]
    found = ink(picture(drawn(graphic(kind, data, filled=filled))))
    inside, outside, on_line = inside_by > near, inside_by < -near, np.abs(inside_by) <= 0.5
    assert not found[outside].any()
    assert found[inside].all() if filled == "Y" else not found[inside].any()
    assert found[on_line].mean() > 0.6


def test_an_open_line_goes_from_point_to_point():
    found = ink(picture(drawn(graphic("POLYLINE", [10.5, 20.5, 100.5, 20.5, 100.5, 110.5]))))
    assert found[20, 11:100].all()
    assert found[21:110, 100].all()
    assert found.sum() < 400
    assert not found[60, 20:90].any(), "it is not closed"


def test_an_interpolated_line_goes_through_its_points_and_bends_between_them():
    points = [(20, 100), (64, 30), (108, 100)]
    data = [value for point in points for value in point]
    curve, straight = ink(picture(drawn(graphic("INTERPOLATED", data)))), ink(picture(drawn(graphic("POLYLINE", data))))
    for column, row in points:
        assert curve[row - 2 : row + 2, column - 2 : column + 2].any()
    assert (curve & ~straight).sum() > 30


def test_a_closed_interpolated_line_is_filled():
    data = [20, 64, 64, 20, 108, 64, 64, 108, 20, 64]
    found = ink(picture(drawn(graphic("INTERPOLATED", data, filled="Y"))))
    assert found[64, 64]
    assert found[40, 40] or found[36, 40]
    assert not found[5, 5]


def test_points_are_crosses_at_their_places():
    found = ink(picture(drawn(graphic("POINT", [30.5, 40.5]))))
    assert found[40, 27:34].all()
    assert found[37:44, 30].all()
    assert found.sum() < 30


def test_layers_have_their_grey_and_the_highest_lies_on_top():
    fill = graphic("POLYLINE", SQUARE, filled="Y")
    both = [drawn(fill, on="TOP"), drawn(fill, on="BOTTOM")]
    layers = [layer("TOP", order=2, grey=0xC000), layer("BOTTOM", order=1, grey=0x6000)]
    assert picture(*both, layers=layers)[64, 64] == 0xC0
    layers[0].GraphicLayerOrder = 0
    assert picture(*both, layers=layers)[64, 64] == 0x60


def test_graphics_of_another_frame_are_not_drawn():
    whole = made(NumberOfFrames="2")
    whole.PixelData = whole.PixelData * 2
    annotation = drawn(graphic("POLYLINE", SQUARE, filled="Y"), references=[reference(whole, 2)])
    state = state_of(whole, GraphicLayerSequence=[layer("A")], GraphicAnnotationSequence=[annotation])
    assert not ink(shown(written(whole), 1, state=file_of(state))[1]).any()
    assert ink(shown(written(whole), 2, state=file_of(state))[1]).any()


def text(words, **place):
    return dataset(UnformattedTextValue=words, **place)


def boxed(words, box, justified="LEFT", units="PIXEL", **more):
    return text(
        words,
        BoundingBoxAnnotationUnits=units,
        BoundingBoxTopLeftHandCorner=box[:2],
        BoundingBoxBottomRightHandCorner=box[2:],
        BoundingBoxTextHorizontalJustification=justified,
        **more,
    )


def columns_of(found):
    return np.nonzero(found.any(axis=0))[0]


@pytest.mark.parametrize("justified", ["LEFT", "CENTER", "RIGHT"])
def test_words_stand_in_their_box_as_it_says(justified):
    found = ink(picture(drawn(texts=[boxed("ab", [20, 40, 110, 60], justified)])))
    assert found.any()
    assert not found[:38].any()
    assert not found[64:].any()
    first, last = columns_of(found)[[0, -1]]
    middle = {"LEFT": 25, "CENTER": 65, "RIGHT": 105}[justified]
    assert abs((first + last) / 2 - middle) < 8


def test_words_in_display_units_stand_where_they_are_shown():
    found = ink(picture(drawn(texts=[boxed("ab", [0.5, 0.75, 0.9, 0.9], units="DISPLAY")])))
    rows = np.nonzero(found.any(axis=1))[0]
    assert 94 <= rows[0] < 106
    assert columns_of(found)[0] >= 62


def test_words_without_a_box_stand_at_their_anchor():
    anchor = {"AnchorPoint": [40.0, 70.0], "AnchorPointAnnotationUnits": "PIXEL", "AnchorPointVisibility": "Y"}
    found = ink(picture(drawn(texts=[text("ab", **anchor)])))
    rows = np.nonzero(found.any(axis=1))[0]
    assert 40 <= columns_of(found)[0] < 56
    assert 66 <= rows[0] < 90


def test_a_visible_anchor_is_joined_to_its_box():
    place = {"AnchorPoint": [10.0, 120.0], "AnchorPointAnnotationUnits": "PIXEL"}
    seen, unseen = (
        ink(picture(drawn(texts=[boxed("a", [60, 20, 100, 40], AnchorPointVisibility=visible, **place)])))
        for visible in ("Y", "N")
    )
    assert seen[112:122, 8:18].any()
    assert not unseen[60:].any()


def test_two_lines_of_words_stand_one_below_the_other():
    one, two = (ink(picture(drawn(texts=[boxed(words, [20, 40, 110, 60])]))) for words in ("ab", "ab\r\nab"))
    assert 1.6 < two.sum() / one.sum() < 2.4
    assert np.nonzero(two.any(axis=1))[0][-1] > np.nonzero(one.any(axis=1))[0][-1] + 8


@pytest.mark.parametrize(
    "data", [[], [1], [np.float32(1e30), 2, 3, 4], [float("nan"), 1, 2, 3], [5] * 16_000, [-70_000, -3, 70_000, 4]]
)
@pytest.mark.parametrize("kind", ["POINT", "POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE", "OVAL"])
def test_graphics_without_sense_never_cost_the_picture(kind, data):
    item = graphic(kind, [])
    if data:
        item.GraphicData = [float(value) for value in data] if len(data) > 1 else float(data[0])
    assert picture(drawn(item)).shape == (SIZE, SIZE)
