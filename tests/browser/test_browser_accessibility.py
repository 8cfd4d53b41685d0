"""Every screen against axe-core's rules of WCAG 2.2 A and AA, dark and light."""

import pytest
from lightbox import ROOT
from phone import sign_in, study_uid
from playwright.sync_api import expect

AXE = (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    page.evaluate(AXE)
    result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    assert len(result["passes"]) > 5
    return [f"{found['id']}: {node['html'][:120]}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_screen(page, scheme, ct_uid):
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    page.get_by_label("Password").wait_for()
    assert violations(page) == []
    sign_in(page)
    page.locator("a.row").first.wait_for()
    assert violations(page) == []
    for address in ("/shares", "/me", f"/studies/{study_uid('test-SR.dcm')}/report"):
        page.goto(address)
        page.get_by_role("heading").first.wait_for()
        assert violations(page) == [], address
    page.goto(f"/studies/{ct_uid}")
    page.get_by_role("heading", name="Series").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Share").tap()
    page.get_by_role("button", name="Make link").tap()
    expect(page.locator("#share-url")).to_be_visible()
    assert violations(page) == []


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
