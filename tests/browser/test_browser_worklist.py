"""Finding a study on a phone."""

import pytest
from phone import until
from playwright.sync_api import expect


def test_words_find_the_study_and_never_stand_in_the_address(signed_in):
    page = signed_in
    page.get_by_role("searchbox").fill("compr ct1")
    expect(page.locator("a.row")).to_have_count(1)
    row = page.locator("a.row")
    expect(row).to_contain_text("COMPRESSEDSAMPLES, CT1")
    expect(row).to_contain_text("1CT1")
    expect(row).to_contain_text("2004-01-19")
    assert "compr" not in page.url.lower()


def test_filters_stand_in_the_address_and_survive_a_reload(signed_in):
    page = signed_in
    everything = page.locator("a.row").count()
    page.get_by_role("button", name="MR", exact=True).tap()
    expect(page.locator("a.row .tag", has_text="MR").first).to_be_visible()
    expect(page.locator("a.row .tag", has_text="CT")).to_have_count(0)
    assert page.url.endswith("/?modality=MR")
    page.reload()
    expect(page.get_by_role("button", name="MR", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("a.row").first).to_be_visible()
    assert page.locator("a.row").count() < everything


def test_nothing_found_says_what_was_searched(signed_in):
    page = signed_in
    page.get_by_role("searchbox").fill("zebra")
    page.get_by_role("button", name="Today", exact=True).tap()
    expect(page.get_by_text("No study matches")).to_be_visible()
    expect(page.get_by_text("“zebra”, today")).to_be_visible()


def test_going_back_finds_the_list_as_it_was_left(signed_in):
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 420})
    before = page.locator("a.row").count()
    page.evaluate("scrollTo(0, 200)")
    page.locator("a.row").nth(2).tap()
    page.get_by_role("heading", name="Series").wait_for()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.locator("a.row")).to_have_count(before)
    until(page, "scrollY >= 150")
    page.get_by_role("searchbox").fill("compressedsamples ct1")
    expect(page.locator("a.row")).to_have_count(1)
    page.locator("a.row").tap()
    page.get_by_role("button", name="Back to the studies").tap()
    expect(page.get_by_role("searchbox")).to_have_value("compressedsamples ct1")
    expect(page.locator("a.row")).to_have_count(1)


def test_an_archive_that_is_away_is_told_with_a_way_to_try_again(signed_in, complaints):
    complaints.allow("status of 503")
    page = signed_in
    problem = {
        "type": "/problems/archive-away",
        "title": "The archive does not answer",
        "status": 503,
        "detail": "Away.",
    }
    page.route("**/studies/search", lambda route: route.fulfill(status=503, json=problem))
    page.get_by_role("button", name="7 days").tap()
    expect(page.get_by_role("heading", name="The archive does not answer")).to_be_visible()
    page.unroute("**/studies/search")
    page.get_by_role("button", name="All", exact=True).tap()
    expect(page.locator("a.row").first).to_be_visible()
    expect(page.get_by_role("heading", name="The archive does not answer")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_screen_scrolls_sideways(signed_in, ct_uid, width):
    page = signed_in
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", f"/studies/{ct_uid}", f"/studies/{ct_uid}/report", "/shares", "/me"):
        page.goto(address)
        page.locator("h1").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto("/")
    page.locator("a.row").first.wait_for()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
