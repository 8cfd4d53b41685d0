"""The viewer under real fingers on a phone: what the doctor sees is what is asserted."""

import hashlib

import pytest
from fingers import Fingers
from phone import study_uid, until
from playwright.sync_api import expect
from stacks import BROKEN_SLICE, stack_address

CENTER = (195, 430)
GREYS = """() => {
  const canvas = document.querySelector(".stage canvas");
  const small = new OffscreenCanvas(64, 64).getContext("2d");
  small.drawImage(canvas, 0, 0, 64, 64);
  return Array.from(small.getImageData(0, 0, 64, 64).data).filter((_, at) => at % 4 === 0);
}"""


def greys(page):
    return page.evaluate(GREYS)


def look_of(page):
    return hashlib.sha256(bytes(greys(page))).hexdigest()


def position(page):
    return page.get_by_test_id("position").inner_text()


def open_viewer(page, address):
    page.goto(address)
    page.get_by_test_id("position").wait_for()
    until(page, "document.querySelector('.badge-words')?.textContent.startsWith('Lossy')")


@pytest.fixture
def viewer(signed_in, lightbox):
    open_viewer(signed_in, stack_address(lightbox, "current", 60))
    return signed_in


def test_the_patient_and_the_truth_are_always_in_sight(viewer):
    header = viewer.locator(".viewer header")
    expect(header).to_contain_text("SYNTHETIC, Phantom")
    expect(header).to_contain_text("SYN-4711")
    expect(header).to_contain_text("1983-04-02")
    assert [viewer.locator(f".letter.{side}").inner_text() for side in ("left", "right", "top", "bottom")] == list(
        "RLAP"
    )
    viewer.locator(".stage").tap(position={"x": 195, "y": 300})
    expect(viewer.get_by_role("toolbar", name="Tools")).to_be_hidden()
    for kept in ("SYN-4711", "1983-04-02"):
        expect(header.get_by_text(kept)).to_be_visible()
    expect(viewer.locator(".badge")).to_be_visible()
    expect(viewer.locator(".letter.left")).to_be_visible()


def test_one_finger_scrolls_the_stack(viewer):
    before, at = look_of(viewer), position(viewer)
    assert at == "60/120"
    Fingers(viewer).drag((195, 550), (195, 350))
    until(viewer, "document.querySelector('[data-testid=position]').textContent !== '60/120'")
    moved = int(position(viewer).split("/")[0])
    assert abs(moved - 60) >= 5
    viewer.wait_for_timeout(600)
    assert look_of(viewer) != before
    assert f"frame={moved}" in viewer.url


def test_a_flung_stack_glides_on(viewer):
    Fingers(viewer).fling((195, 600), (195, 380))
    first = int(position(viewer).split("/")[0])
    viewer.wait_for_timeout(500)
    assert abs(int(position(viewer).split("/")[0]) - 60) > abs(first - 60)


def test_two_fingers_zoom_and_one_pans_then(viewer):
    scale = viewer.locator(".scale span").last.inner_text()
    before = look_of(viewer)
    Fingers(viewer).pinch(CENTER, 80, 260)
    viewer.wait_for_timeout(300)
    zoomed = look_of(viewer)
    assert zoomed != before
    assert viewer.locator(".scale span").last.inner_text() != scale
    Fingers(viewer).drag(CENTER, (255, 490))
    viewer.wait_for_timeout(300)
    assert look_of(viewer) != zoomed
    assert position(viewer) == "60/120"
    Fingers(viewer).double_tap(CENTER)
    viewer.wait_for_timeout(500)
    assert viewer.locator(".scale span").last.inner_text() == scale


def test_a_preset_changes_the_window_and_becomes_exact(viewer):
    before = greys(viewer)
    viewer.get_by_role("button", name="Window").tap()
    viewer.get_by_role("button", name="Lung").tap()
    expect(viewer.locator(".corner.bottom-right")).to_contain_text("W1500 L-600")
    until(viewer, "document.querySelector('.badge-words').textContent.startsWith('Full fidelity')")
    after = greys(viewer)
    # In the lung's window the brain, some hundreds of HU above it, is white.
    middle = 32 * 64 + 32
    assert before[middle] < 200
    assert after[middle] > 230
    until(viewer, "location.search.includes('wc=-600')")


def test_a_finger_drags_the_window(viewer):
    before = sum(greys(viewer))
    viewer.get_by_role("button", name="Window").tap()
    Fingers(viewer).drag((195, 380), (195, 560))
    expect(viewer.locator(".corner.bottom-right")).not_to_contain_text("L40")
    until(viewer, "document.querySelector('.badge-words').textContent.startsWith('Full fidelity')")
    # A raised centre darkens everything.
    assert sum(greys(viewer)) < before * 0.9
    assert position(viewer) == "60/120"


def test_a_multi_frame_plays_as_cine(signed_in):
    signed_in.goto(f"/studies/{study_uid('examples_ybr_color.dcm')}?frame=1")
    signed_in.get_by_test_id("position").wait_for()
    expect(signed_in.get_by_role("button", name="Window")).to_be_hidden()
    first = look_of(signed_in)
    signed_in.get_by_role("button", name="Cine").tap()
    seen = set()
    for _ in range(20):
        seen.add(position(signed_in))
        signed_in.wait_for_timeout(100)
    assert len(seen) >= 5
    assert look_of(signed_in) != first
    signed_in.get_by_role("button", name="Pause").tap()
    signed_in.wait_for_timeout(100)
    at_rest = position(signed_in)
    signed_in.wait_for_timeout(400)
    assert position(signed_in) == at_rest


def test_a_slice_that_cannot_be_shown_says_why_and_the_stack_goes_on(signed_in, lightbox, complaints):
    complaints.allow("422")
    open_viewer(signed_in, stack_address(lightbox, "prior", BROKEN_SLICE + 2))
    signed_in.keyboard.press("ArrowUp")
    signed_in.keyboard.press("ArrowUp")
    expect(signed_in.get_by_role("alert")).to_contain_text("shorter than rows, columns and frames say", timeout=20_000)
    assert position(signed_in) == f"{BROKEN_SLICE}/40"
    signed_in.keyboard.press("ArrowUp")
    expect(signed_in.get_by_role("alert")).to_be_hidden()
    assert position(signed_in) == f"{BROKEN_SLICE - 1}/40"


def test_the_first_picture_needs_no_script(signed_in, lightbox, browser, browser_context_args):
    cookies = signed_in.context.cookies()
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    with page.expect_response("**/tiles/**") as picture:
        page.goto(stack_address(lightbox, "current", 61))
    assert picture.value.status == 200
    assert picture.value.url.endswith("/v512/61.jpg")
    expect(page.locator("#first")).to_contain_text("SYN-4711")
    expect(page.locator("#first")).to_contain_text("1983-04-02")
    expect(page.locator("#first img")).to_be_visible()
    context.close()


def test_the_details_say_what_was_done_and_that_it_is_for_review(viewer):
    viewer.locator("button.badge").tap()
    sheet = viewer.get_by_role("dialog")
    expect(sheet).to_contain_text("quality 80")
    expect(sheet).to_contain_text("512 × 512")
    expect(sheet).to_contain_text("not for primary diagnosis")


def test_without_stored_values_the_server_windows_and_they_are_asked_for_once_more(viewer, complaints):
    complaints.allow("503")
    asked = []

    def refuse_the_first(route):
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503)
        else:
            route.fallback()

    viewer.route("**/planes/**", refuse_the_first)
    viewer.get_by_role("button", name="Window").tap()
    viewer.get_by_role("button", name="Lung").tap()
    expect(viewer.locator(".corner.bottom-right")).to_contain_text("W1500 L-600")
    until(viewer, "document.querySelector('.badge-words').textContent.startsWith('Lossy')")
    until(viewer, "document.querySelector('.badge-words').textContent.startsWith('Full fidelity')")
    assert len(asked) == 2


def test_one_size_that_cannot_be_had_does_not_hide_the_slice(signed_in, lightbox, complaints):
    complaints.allow("422")
    signed_in.route("**/tiles/*/*/v512/*", lambda route: route.fulfill(status=422))
    signed_in.goto(stack_address(lightbox, "current", 60))
    until(signed_in, "document.querySelector('.badge-words')?.textContent.startsWith('Preview')")
    signed_in.wait_for_timeout(500)
    expect(signed_in.get_by_role("alert")).to_be_hidden()
    assert max(greys(signed_in)) > 100
