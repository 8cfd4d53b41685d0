"""Presentation states, key images, oblong pixels, very large pictures and video, as a doctor sees them on a phone."""

import re

import pytest
from fingers import Fingers
from lightbox import installed
from objects import STUDIES, add_objects
from phone import until
from playwright.sync_api import expect

CENTER = (195, 400)
TILE = re.compile(r"/iiif/3/[^/]+/\d+,\d+,\d+,\d+/\d+,\d+/0/default\.jpg$")
# The bright part of the picture in CSS pixels: left, top, width, height.
BOX = """() => {
  const canvas = document.querySelector(".stage canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++)
      if (data[4 * (y * canvas.width + x)] > 128) {
        left = Math.min(left, x); right = Math.max(right, x);
        top = Math.min(top, y); bottom = Math.max(bottom, y);
      }
  const ratio = canvas.width / canvas.clientWidth;
  return [left, top, right - left + 1, bottom - top + 1].map((pixels) => pixels / ratio);
}"""
# Greys from darkest to brightest in the middle of the canvas, device pixel by device pixel.
CONTRAST = """() => {
  const canvas = document.querySelector(".stage canvas");
  const copy = new OffscreenCanvas(64, 64).getContext("2d");
  copy.drawImage(canvas, canvas.width / 2 - 32, canvas.height / 2 - 32, 64, 64, 0, 0, 64, 64);
  const greys = Array.from(copy.getImageData(0, 0, 64, 64).data).filter((_, at) => at % 4 === 0);
  return Math.max(...greys) - Math.min(...greys);
}"""


@pytest.fixture(scope="module")
def lightbox(tmp_path_factory):
    """A Lightbox with one study for each kind of object."""
    made = installed(tmp_path_factory.mktemp("objects"), also=lambda archive: add_objects(archive / "objects"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def asked(context):
    """The addresses that pages have asked for."""
    addresses = []
    context.on("request", lambda request: addresses.append(request.url))
    return addresses


def open_images(page, study, query="frame=1"):
    page.goto(f"/studies/{STUDIES[study]}?{query}")
    page.get_by_test_id("position").wait_for()
    badge_says(page, "Lossy")


def badge_says(page, words):
    until(page, f"document.querySelector('.badge')?.textContent.includes({words!r})")


def badge(page):
    return page.locator(".badge").inner_text()


def details(page):
    page.locator("button.badge").tap()
    sheet = page.get_by_role("dialog")
    words = sheet.inner_text()
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_be_hidden()
    return words


def letters(page):
    return "".join(page.locator(f".letter.{side}").inner_text() for side in ("left", "top", "right", "bottom"))


@pytest.fixture
def slices(signed_in):
    """The slices with states, at the first, with the Window tool's chips in sight."""
    open_images(signed_in, "states")
    signed_in.get_by_role("button", name="Window").tap()
    return signed_in


def chip(page, words):
    return page.get_by_role("group", name="Presentation").get_by_role("button", name=words, exact=True)


def test_a_presentation_state_turns_picture_and_letters_and_the_badge_says_so(slices):
    assert letters(slices) == "RALP"
    expect(chip(slices, "None")).to_have_attribute("aria-pressed", "true")
    assert "Presentation state not applied" in details(slices)
    _, _, width, height = slices.evaluate(BOX)
    assert width < height  # the bright half of a picture of 200 by 120
    chip(slices, "TURNED").tap()
    badge_says(slices, "state")
    badge_says(slices, "Lossy")
    assert letters(slices) == "PRAL"
    _, _, width, height = slices.evaluate(BOX)
    assert width == pytest.approx(1.2 * height, rel=0.03)
    assert "Presentation state applied: TURNED" in details(slices)
    expect(chip(slices, "TURNED")).to_have_attribute("aria-pressed", "true")
    chip(slices, "TURNED").tap()
    until(slices, "!document.querySelector('.badge-mark')")
    assert letters(slices) == "RALP"


def test_a_state_leaves_images_plain_that_it_does_not_cover(slices):
    chip(slices, "TURNED").tap()
    badge_says(slices, "state")
    slices.keyboard.press("End")
    expect(slices.get_by_test_id("position")).to_have_text("3/3")
    until(slices, "!document.querySelector('.badge-mark')")
    badge_says(slices, "Lossy")
    assert letters(slices) == "RALP"
    assert "not applied to this image: TURNED" in details(slices)
    slices.keyboard.press("Home")
    badge_says(slices, "state")
    assert letters(slices) == "PRAL"


def test_a_window_of_ones_own_takes_the_state_off_and_says_so(slices):
    plain = slices.evaluate(BOX)[2]
    chip(slices, "BRIGHT").tap()
    badge_says(slices, "state")
    badge_says(slices, "Lossy")
    assert slices.evaluate(BOX)[2] > 1.6 * plain
    slices.get_by_role("button", name="Lung").tap()
    expect(slices.get_by_text("Presentation state off")).to_be_visible()
    expect(chip(slices, "None")).to_have_attribute("aria-pressed", "true")
    expect(slices.locator(".corner.bottom-right")).to_contain_text("W1500 L-600")
    chip(slices, "BRIGHT").tap()
    badge_says(slices, "state")
    Fingers(slices).drag((195, 300), (195, 360))
    expect(chip(slices, "None")).to_have_attribute("aria-pressed", "true")
    assert "state" not in badge(slices)


def test_key_images_stand_first_and_the_whole_series_opens_by_itself(signed_in):
    signed_in.goto(f"/studies/{STUDIES['states']}")
    rows = signed_in.locator(".series li")
    expect(rows.first).to_contain_text("Of Interest")
    expect(rows.first).to_contain_text("Key images")
    signed_in.get_by_role("button", name="View").tap()
    expect(signed_in.get_by_test_id("position")).to_have_text("2/3")
    signed_in.get_by_role("button", name="Series").tap()
    strip = signed_in.locator(".series-strip li")
    expect(strip.first).to_contain_text("Of Interest")
    strip.first.get_by_role("button").tap()
    expect(signed_in.get_by_test_id("position")).to_have_text("1/1")
    expect(signed_in.locator(".corner.top-left")).to_contain_text("Of Interest")
    badge_says(signed_in, "Lossy")


def test_oblong_pixels_are_drawn_oblong_by_picture_and_by_stored_values(signed_in):
    open_images(signed_in, "oblong")
    _, _, width, height = signed_in.evaluate(BOX)
    assert width == pytest.approx(390, abs=2)
    assert height == pytest.approx(width, abs=2)
    signed_in.get_by_role("button", name="More").tap()
    signed_in.get_by_role("button", name="Full fidelity now").tap()
    badge_says(signed_in, "Full fidelity")
    _, _, width, height = signed_in.evaluate(BOX)
    assert height == pytest.approx(width, abs=2)


def test_a_very_large_picture_shows_its_pixels_in_tiles(signed_in, asked):
    open_images(signed_in, "radiograph")
    assert not any("/iiif/" in address for address in asked)
    assert signed_in.evaluate(CONTRAST) < 60
    Fingers(signed_in).double_tap(CENTER)
    until(signed_in, f"({CONTRAST})() > 70", seconds=20)
    badge_says(signed_in, "Lossy")
    until(signed_in, "document.querySelector('.badge-words').textContent.trim().endsWith('Lossy')")
    assert "All stored pixels in sight" in details(signed_in)
    tiles = [
        address for address in asked if re.search(r"/iiif/3/[^/]+/\d+,\d+,\d+,\d+/\d+,\d+/0/default\.jpg$", address)
    ]
    assert 4 <= len(tiles) <= 64
    assert sum("info.json" in address for address in asked) == 1
    assert not any(re.search(r"/tiles/.*/full[-/]", address) or "/planes/" in address for address in asked)
    before = len(asked)
    Fingers(signed_in).drag((300, 500), (60, 250))
    signed_in.wait_for_timeout(800)
    assert any(TILE.search(address) for address in asked[before:])
    tiles = [address for address in asked if TILE.search(address)]
    assert len(set(tiles)) == len(tiles), "a tile that is here is not asked for again"


def test_a_very_large_picture_takes_a_window_into_its_tiles(signed_in, asked):
    open_images(signed_in, "radiograph")
    signed_in.get_by_role("button", name="Window").tap()
    Fingers(signed_in).drag((100, 300), (220, 300))
    badge_says(signed_in, "Lossy")
    signed_in.get_by_role("button", name="Move").tap()
    Fingers(signed_in).double_tap(CENTER)
    until(signed_in, "document.querySelector('.badge-words').textContent.trim().endsWith('Lossy')", seconds=20)
    tiles = [address for address in asked if "default.jpg" in address]
    assert tiles
    assert all(re.search(r"/iiif/3/[^/]+-c[\d.-]+-w[\d.]+/", address) for address in tiles)
    assert not any("/planes/" in address for address in asked)


def test_a_video_plays_in_the_pictures_place(signed_in):
    with signed_in.expect_response(lambda answer: answer.request.resource_type == "media") as media:
        signed_in.goto(f"/studies/{STUDIES['video']}?frame=1")
    assert media.value.header_value("Accept-Ranges") == "bytes"
    video = signed_in.locator(".stage video")
    expect(video).to_be_visible()
    until(signed_in, "document.querySelector('.stage video')?.readyState >= 1")
    expect(signed_in.locator(".viewer-header")).to_contain_text("OBJ-video")
    assert badge(signed_in) == "Video as stored"
    expect(signed_in.locator(".scrubber")).to_have_count(0)
    expect(signed_in.get_by_test_id("position")).to_have_count(0)
    signed_in.keyboard.press("Space")
    until(signed_in, "document.querySelector('.stage video').currentTime > 0.3")
    signed_in.evaluate("document.querySelector('.stage video').currentTime = 1.5")
    until(signed_in, "document.querySelector('.stage video').currentTime >= 1.5")
    assert "video/mp4" in details(signed_in)


def test_a_video_that_cannot_be_played_shows_its_frames(signed_in, complaints):
    complaints.allow("Failed to load resource")
    signed_in.route(
        lambda _: True,
        lambda route: route.abort() if route.request.resource_type == "media" else route.fallback(),
    )
    signed_in.goto(f"/studies/{STUDIES['video']}?frame=1")
    expect(signed_in.get_by_text("The video cannot be played here")).to_be_visible()
    expect(signed_in.locator(".stage video")).to_have_count(0)
    plays_as_cine(signed_in)


def test_a_video_that_browsers_do_not_play_is_a_cine(signed_in):
    signed_in.goto(f"/studies/{STUDIES['mpeg2']}?frame=1")
    expect(signed_in.locator(".stage video")).to_have_count(0)
    plays_as_cine(signed_in)


def plays_as_cine(page):
    badge_says(page, "Lossy")
    expect(page.get_by_test_id("position")).to_have_text("1/50")
    page.get_by_role("button", name="Cine").tap()
    until(page, "Number(document.querySelector('[data-testid=position]').textContent.split('/')[0]) > 10", seconds=20)
