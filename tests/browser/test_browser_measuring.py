"""Measuring with real fingers on a phone: what is read beside the drawing, and what becomes of it."""

import re

import numpy as np
import pytest
from fingers import Fingers
from lightbox import installed
from measured import COLUMN_SPACING, COLUMNS, INTERCEPT, ROW_SPACING, ROWS, STUDIES, add_measured, values
from phone import until
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def lightbox(tmp_path_factory):
    """A Lightbox in front of the pictures to measure."""
    made = installed(tmp_path_factory.mktemp("measured"), also=lambda archive: add_measured(archive / "measured"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def calibrated(signed_in):
    """The calibrated picture with nothing drawn on it and the Measure tool in hand."""
    begin(signed_in)
    return signed_in


def begin(page):
    open_picture(page, "calibrated")
    measure(page)
    clear = chip(page, "Clear")
    if clear.is_enabled():
        clear.tap()
        chip(page, "Length").tap()
    expect(words(page)).to_have_count(0)


def open_picture(page, study):
    page.goto(f"/studies/{STUDIES[study]}?frame=1")
    page.get_by_test_id("position").wait_for()
    until(page, "document.querySelector('.badge-words')?.textContent.startsWith('Lossy')")


def measure(page):
    page.get_by_role("button", name="Measure", exact=True).tap()
    # What is kept on the server is here once the network is still.
    page.wait_for_load_state("networkidle")


def chip(page, name):
    return page.locator(".measure-panel").get_by_role("button", name=name, exact=True)


def words(page):
    return page.locator(".measure-words")


def lines(page):
    return words(page).last.locator("span").all_inner_texts()


def over(page, column, row):
    """The place on the glass over a place of the picture, which is shown as a fitted square."""
    box = page.locator(".stage").bounding_box()
    side = min(box["width"], box["height"])
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    return left + column / COLUMNS * side, top + row / ROWS * side


def draw(page, kind, *strokes):
    if chip(page, kind).get_attribute("aria-pressed") != "true":
        chip(page, kind).tap()
    for start, end in strokes:
        Fingers(page).drag(over(page, *start), over(page, *end))


def number(text):
    return float(re.search(r"[−\d][\d.]*", text)[0].replace("−", "-"))


def test_a_length_is_read_in_millimetres_along_rows_and_columns(calibrated):
    assert chip(calibrated, "Length").get_attribute("aria-pressed") == "true"
    draw(calibrated, "Length", ((40, 50), (124, 50)))
    assert lines(calibrated) == ["42.0 mm"]
    draw(calibrated, "Length", ((40, 20), (40, 62)))
    assert lines(calibrated) == ["42.0 mm"]
    expect(calibrated.locator(".measure-panel")).to_contain_text("mm: Pixel Spacing")


def test_angles_are_those_in_the_body(calibrated):
    draw(calibrated, "Angle", ((160, 50), (80, 50)))
    assert words(calibrated).count() == 0
    expect(calibrated.locator(".measure-hint")).to_contain_text("second side")
    Fingers(calibrated).drag(over(calibrated, 100, 60), over(calibrated, 160, 10))
    assert number(lines(calibrated)[0]) == pytest.approx(45, abs=0.6)
    draw(calibrated, "Cobb", ((40, 20), (160, 20)), ((40, 80), (160, 60)))
    assert number(lines(calibrated)[0].removeprefix("Cobb ")) == pytest.approx(18.4, abs=0.6)


@pytest.mark.parametrize("kind", ["Rectangle", "Ellipse"])
def test_a_regions_values_are_those_of_its_pixels(calibrated, kind):
    draw(calibrated, kind, ((110, 20), (190, 80)))
    until(calibrated, "document.querySelector('.measure-words')?.textContent.startsWith('Mean')")
    mean, deviation, bounds, area = lines(calibrated)
    rows, columns = np.mgrid[:ROWS, :COLUMNS] + 0.5
    inside = (columns > 110) & (columns < 190) & (rows > 20) & (rows < 80)
    size = 80 * COLUMN_SPACING * 60 * ROW_SPACING
    if kind == "Ellipse":
        inside = ((columns - 150) / 40) ** 2 + ((rows - 50) / 30) ** 2 < 1
        size *= np.pi / 4
    pixels = values()[inside].astype(float) + INTERCEPT
    assert "HU" in mean
    assert number(mean) == pytest.approx(pixels.mean(), abs=1.5)
    assert number(deviation) == pytest.approx(pixels.std(), abs=1)
    assert [number(each) for each in bounds.split("Max")] == pytest.approx([pixels.min(), pixels.max()], abs=3)
    assert number(area) == pytest.approx(size / 100, abs=0.6)
    assert area.endswith("cm²")


def test_values_are_waited_for_and_said_to_be(signed_in):
    begin(signed_in)
    signed_in.wait_for_timeout(600)  # what was cleared is saved, so that no value is asked for before its time
    signed_in.wait_for_load_state("networkidle")
    held = []
    signed_in.route(re.compile("/planes/"), lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    open_picture(signed_in, "calibrated")
    signed_in.get_by_role("button", name="Measure", exact=True).tap()
    draw(signed_in, "Rectangle", ((20, 20), (60, 60)))
    expect(words(signed_in)).to_contain_text("waiting")
    signed_in.wait_for_timeout(500)  # the eye rests: the values are asked for
    assert held
    for route in held:
        route.continue_()
    expect(words(signed_in)).to_contain_text("Mean 40.0 HU")
    expect(words(signed_in)).to_contain_text("SD 0.0")


def test_a_reload_keeps_what_was_drawn_and_another_slice_has_none(calibrated):
    with calibrated.expect_response(lambda answer: answer.request.method == "PUT"):
        draw(calibrated, "Length", ((40, 50), (124, 50)))
    calibrated.reload()
    expect(words(calibrated)).to_have_text("42.0 mm")
    calibrated.keyboard.press("ArrowDown")
    until(calibrated, "document.querySelector('[data-testid=position]').textContent === '2/2'")
    expect(words(calibrated)).to_have_count(0)
    calibrated.keyboard.press("ArrowUp")
    expect(words(calibrated)).to_have_text("42.0 mm")


def test_undo_delete_and_clear(calibrated):
    draw(calibrated, "Length", ((40, 30), (124, 30)))
    draw(calibrated, "Length", ((40, 60), (80, 60)))
    assert lines(calibrated) == ["20.0 mm"]
    chip(calibrated, "Undo").tap()
    expect(words(calibrated)).to_have_text("42.0 mm")
    draw(calibrated, "Length", ((40, 60), (80, 60)))
    chip(calibrated, "Delete").tap()
    expect(words(calibrated)).to_have_text("42.0 mm")
    chip(calibrated, "Clear").tap()
    expect(words(calibrated)).to_have_count(0)
    chip(calibrated, "Undo").tap()
    expect(words(calibrated)).to_have_text("42.0 mm")


def test_a_point_is_corrected_by_a_finger_that_only_comes_near_it(calibrated):
    draw(calibrated, "Length", ((40, 50), (100, 50)))
    assert lines(calibrated) == ["30.0 mm"]
    (x, y), (to_x, to_y) = over(calibrated, 100, 50), over(calibrated, 124, 50)
    Fingers(calibrated).drag((x + 12, y + 14), (to_x + 12, to_y + 14))
    assert lines(calibrated) == ["42.0 mm"]
    assert words(calibrated).count() == 1


def test_the_magnifier_lies_beside_the_finger(calibrated):
    fingers = Fingers(calibrated)
    for begin, aim in (((40, 40), (20, 30)), ((100, 40), (180, 90)), ((100, 60), (100, 5))):
        draw(calibrated, "Length")
        end = over(calibrated, *aim)
        fingers.down(over(calibrated, *begin))
        fingers.move(end)
        box = calibrated.locator(".magnifier").bounding_box()
        assert box["width"] > 80
        away_x = max(box["x"] - end[0], end[0] - box["x"] - box["width"])
        away_y = max(box["y"] - end[1], end[1] - box["y"] - box["height"])
        assert max(away_x, away_y) > 20  # a fingertip's half
        assert 0 <= box["x"] <= 390 - box["width"]
        fingers.up()
        expect(calibrated.locator(".magnifier")).to_have_count(0)
        chip(calibrated, "Undo").tap()


def test_a_long_press_tells_the_value_under_the_finger_with_any_tool(calibrated):
    for tool in ("Measure", "Scroll", "Window"):
        calibrated.get_by_role("button", name=tool, exact=True).tap()
        fingers = Fingers(calibrated)
        fingers.down(over(calibrated, 50, 40))
        expect(calibrated.locator(".magnifier")).to_contain_text("40 HU")
        fingers.move(over(calibrated, 150.5, 60.5))
        there = 1000 + 60 + 150 + INTERCEPT
        near = "|".join(str(there + off) for off in range(-2, 3))
        expect(calibrated.locator(".magnifier")).to_have_text(re.compile(f"^({near}) HU$"))
        fingers.up()
        expect(calibrated.locator(".magnifier")).to_have_count(0)
    expect(words(calibrated)).to_have_count(0)
    assert calibrated.get_by_test_id("position").inner_text() == "1/2"


def test_a_drawing_goes_with_the_picture(calibrated):
    draw(calibrated, "Length", ((80, 50), (122, 50)))
    path = calibrated.locator(".drawn .line")
    before = path.bounding_box()
    Fingers(calibrated).pinch(over(calibrated, 100, 50), 80, 240)
    after = path.bounding_box()
    assert after["width"] == pytest.approx(3 * before["width"], rel=0.05)
    assert lines(calibrated) == ["21.0 mm"]


def test_an_arrow_has_words(calibrated):
    draw(calibrated, "Arrow", ((60, 30), (100, 60)))
    chip(calibrated, "Words").tap()
    calibrated.get_by_label("Words", exact=True).fill("Look here")
    calibrated.get_by_role("button", name="Keep").tap()
    expect(words(calibrated)).to_have_text("Look here")


def test_a_presentation_state_that_turns_the_picture_hides_drawings_and_says_so(calibrated):
    draw(calibrated, "Length", ((40, 50), (124, 50)))
    calibrated.get_by_role("button", name="Window", exact=True).tap()
    states = calibrated.get_by_role("group", name="Presentation")
    states.get_by_role("button", name="TURNED").tap()
    expect(words(calibrated)).to_have_count(0)
    expect(calibrated.locator(".measure-note")).to_contain_text("hidden")
    states.get_by_role("button", name="None").tap()
    expect(words(calibrated)).to_have_text("42.0 mm")


def test_where_nothing_is_calibrated_lengths_are_pixels_and_said_to_be(signed_in):
    open_picture(signed_in, "bare")
    measure(signed_in)
    expect(signed_in.locator(".measure-panel")).to_contain_text("Not calibrated: pixels")
    box = signed_in.locator(".stage").bounding_box()
    middle, half = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), box["width"] / 4
    Fingers(signed_in).drag((middle[0] - half, middle[1]), (middle[0] + half, middle[1]))
    assert lines(signed_in) == ["100.0 px, not calibrated"]
