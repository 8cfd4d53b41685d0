"""Every screen and sheet against axe-core's rules of WCAG 2.2 A and AA: dark and light, phone and desktop."""

import pytest
from lightbox import ROOT
from phone import sign_in, study_uid, until
from playwright.sync_api import expect
from stacks import stack_address

AXE = (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": (390, 844), "on its side": (844, 390), "desktop": (1440, 900)}
NAMELESS = """[...document.querySelectorAll('a, button, input, select, summary, video, img:not([alt])')]
  .filter((each) => each.checkVisibility())
  .filter((each) => !(each.ariaLabel || each.labels?.length || each.textContent.trim()))
  .map((each) => `without a name: ${each.outerHTML.slice(0, 120)}`)"""


def violations(page, without="#no-such-place"):
    page.evaluate(AXE)
    asked = "([rules, without]) => axe.run({exclude: [[without]]}, {runOnly: rules})"
    result = page.evaluate(asked, [RULES, without])
    assert len(result["passes"]) > 5
    found = [f"{each['id']}: {node['html'][:160]}" for each in result["violations"] for node in each["nodes"]]
    return found + page.evaluate(NAMELESS)


@pytest.fixture(params=SIZES)
def size(request, page):
    """One of the windows that Lightbox is looked at in."""
    width, height = SIZES[request.param]
    page.set_viewport_size({"width": width, "height": height})
    return request.param


def shown(page, address):
    page.goto(address)
    page.get_by_role("heading").first.wait_for()
    until(page, "document.querySelectorAll('[aria-busy=true], #first').length === 0")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_screen(page, size, scheme, ct_uid):
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    page.get_by_label("Password").wait_for()
    assert violations(page) == []
    sign_in(page)
    page.locator("a.row").first.wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Dates", exact=True).tap()
    page.get_by_label("From").wait_for()
    assert violations(page) == []
    report = study_uid("test-SR.dcm")
    for address in ("/shares", "/me", f"/studies/{report}/report", f"/studies/{report}", f"/studies/{ct_uid}"):
        shown(page, address)
        assert violations(page) == [], address
    page.get_by_role("button", name="Share").tap()
    page.get_by_role("button", name="Make link").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Make link").tap()
    expect(page.locator("#share-url")).to_be_visible()
    assert violations(page) == []


def test_the_viewer_and_its_sheets(signed_in, lightbox, size):
    page = signed_in
    shown(page, stack_address(lightbox, "current", 60))
    page.get_by_role("toolbar", name="Tools").wait_for()
    # The study beside the pictures scrolls below its bar, where axe finds targets too small that are only covered.
    assert violations(page, without=".column.about") == []
    for opener in (page.locator("button.badge"), page.get_by_role("button", name="More", exact=True)):
        opener.tap()
        page.locator("dialog[open]").wait_for()
        assert violations(page, without=".column.about") == []
        page.get_by_role("button", name="Close").tap()
        expect(page.locator("dialog[open]")).to_have_count(0)


def test_the_sign_in_over_a_session_that_has_ended(signed_in, complaints):
    complaints.allow("status of 401")
    signed_in.context.clear_cookies()
    signed_in.get_by_role("link", name="Shares").tap()
    signed_in.get_by_role("dialog", name="Sign in again").wait_for()
    assert violations(signed_in) == []


def test_the_way_past_the_pictures(signed_in):
    page = signed_in
    page.goto(f"/studies/{study_uid('test-SR.dcm')}")
    page.get_by_role("heading", name="Series").wait_for()
    for name, target, presses in (("To the report", "report-title", 1), ("To the series", "series-title", 2)):
        page.locator("main").focus()
        for _ in range(presses):
            page.keyboard.press("Tab")
        link = page.get_by_role("link", name=name)
        expect(link).to_be_focused()
        box = link.bounding_box()
        at_it = "([x, y]) => document.elementFromPoint(x, y)?.innerText"
        assert page.evaluate(at_it, [box["x"] + 20, box["y"] + 20]) == name
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == target
        assert "#" not in page.url


def test_targets_are_wide_enough_for_a_thumb(signed_in, ct_uid):
    for address in ("/", f"/studies/{ct_uid}", "/me"):
        signed_in.goto(address)
        signed_in.get_by_role("heading").first.wait_for()
        small = signed_in.evaluate(
            "[...document.querySelectorAll('a, button, input, summary')].filter((each) => each.checkVisibility())"
            ".map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])"
            ".filter(([, box]) => box.height < 44 || box.width < 44).map(([html]) => html)"
        )
        assert small == [], address
