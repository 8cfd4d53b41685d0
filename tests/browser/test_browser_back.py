"""The way back: through the app as it was entered, and upwards where a link was entered in the middle."""

import pytest
from playwright.sync_api import expect
from stacks import stack_address


@pytest.fixture
def addresses(lightbox):
    """The viewer's address of a slice, and its study's."""
    viewer = stack_address(lightbox, "current", 60)
    return viewer, viewer.split("?")[0]


def tools(page):
    return page.get_by_role("toolbar", name="Tools")


def series(page):
    return page.get_by_role("heading", name="Series")


def test_the_phones_back_button_goes_from_the_pictures_to_the_study_to_the_list(signed_in, addresses):
    page, (_, study) = signed_in, addresses
    page.locator(f'a.row[href="{study}"]').tap()
    page.get_by_role("button", name="View").tap()
    tools(page).wait_for()
    page.wait_for_timeout(500)
    page.go_back()
    expect(series(page)).to_be_visible()
    expect(tools(page)).to_have_count(0)
    page.go_back()
    expect(page.locator("a.row").first).to_be_visible()
    page.go_forward()
    expect(series(page)).to_be_visible()


def entered_at(context, address):
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("history.length") <= 2
    return page


def test_a_link_into_the_pictures_leads_up_to_the_study_and_the_list(signed_in, context, addresses):
    viewer, _ = addresses
    page = entered_at(context, viewer)
    tools(page).wait_for()
    entries = page.evaluate("history.length")
    page.get_by_role("button", name="Back to the study").tap()
    expect(series(page)).to_be_visible()
    page.get_by_role("button", name="Back to the studies").tap()
    expect(page.locator("a.row").first).to_be_visible()
    assert page.evaluate("history.length") == entries, "going up leaves nothing to fall back into"


def test_a_link_to_the_report_leads_up_to_its_study(signed_in, context, addresses):
    _, study = addresses
    page = entered_at(context, f"{study}/report")
    page.get_by_role("button", name="Back to the study").tap()
    expect(series(page)).to_be_visible()
    page.get_by_role("button", name="View").tap()
    tools(page).wait_for()
    page.get_by_role("button", name="Back to the study").tap()
    expect(series(page)).to_be_visible()
    page.get_by_role("button", name="Back to the studies").tap()
    expect(page.locator("a.row").first).to_be_visible()


def test_turning_the_phone_leaves_the_pictures_as_they_are(signed_in, addresses):
    page, (viewer, _) = signed_in, addresses
    page.goto(viewer)
    tools(page).wait_for()
    page.evaluate("document.querySelector('.viewer').isTheSame = true")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('.viewer').isTheSame")
    page.get_by_role("button", name="Back to the study").tap()
    expect(series(page)).to_be_visible()


def test_nothing_moves_where_the_person_asks_for_no_motion(signed_in, addresses):
    page, (_, study) = signed_in, addresses
    moving = """() => {
      const styles = [...document.querySelectorAll("*")].map((each) => getComputedStyle(each));
      const times = styles.flatMap((style) => [style.transitionDuration, style.animationDuration]);
      return Math.max(...times.flatMap((text) => text.split(",")).map(parseFloat));
    }"""
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0
    page.goto(study)
    series(page).wait_for()
    page.get_by_role("button", name="Share").tap()
    page.get_by_role("button", name="Make link").wait_for()
    assert page.evaluate(moving) == 0
