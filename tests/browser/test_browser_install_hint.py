"""The app offers its own installation: quietly, one time, and to whoever looks for it."""

import pytest
from phone import PHONE, sign_in, study_uid
from playwright.sync_api import expect

# What Chromium fires where it would install; `prompt` is what opens the system's own window.
OFFERED = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  window.asked = 0;
  offer.prompt = () => Promise.resolve({ outcome: ["accepted", window.asked++] });
  dispatchEvent(offer);
  return offer.defaultPrevented;
}"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
HINT = "Lightbox can be installed as an app."
ON_IOS = "To install Lightbox: Tap Share, then Add to Home Screen."


def test_the_browsers_offer_is_kept_and_used_when_the_person_says_so(signed_in):
    page = signed_in
    expect(page.get_by_text(HINT)).to_have_count(0)
    assert page.evaluate(OFFERED), "the browser's own banner stays away"
    expect(page.get_by_text(HINT)).to_be_visible()
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name="Install").tap()
    assert page.evaluate("window.asked") == 1
    expect(page.get_by_text(HINT)).to_have_count(0)


def test_who_says_no_is_left_alone_and_finds_it_on_me(signed_in):
    page = signed_in
    page.evaluate(OFFERED)
    page.get_by_role("button", name="No", exact=True).tap()
    expect(page.get_by_text(HINT)).to_have_count(0)
    page.get_by_role("link", name="Me", exact=True).tap()
    page.get_by_role("button", name="Install Lightbox").tap()
    assert page.evaluate("window.asked") == 1
    page.get_by_role("button", name="Sign out").tap()
    page.get_by_label("Password").wait_for()
    sign_in(page)
    page.locator("a.row").first.wait_for()
    page.evaluate(OFFERED)
    page.wait_for_timeout(300)
    expect(page.get_by_text(HINT)).to_have_count(0)
    assert page.evaluate("JSON.stringify({...localStorage})") == '{"install-hint":"seen"}'


def test_it_never_stands_over_a_study(signed_in, ct_uid):
    page = signed_in
    page.goto(f"/studies/{ct_uid}")
    page.get_by_role("heading", name="Series").wait_for()
    page.evaluate(OFFERED)
    page.wait_for_timeout(300)
    expect(page.get_by_text(HINT)).to_have_count(0)
    page.get_by_role("button", name="Back to the studies").tap()
    expect(page.get_by_text(HINT)).to_be_visible()


def test_once_installed_nothing_is_offered(signed_in):
    page = signed_in
    page.evaluate(OFFERED)
    expect(page.get_by_text(HINT)).to_be_visible()
    page.evaluate("dispatchEvent(new Event('appinstalled')) && true")
    expect(page.get_by_text(HINT)).to_have_count(0)
    page.get_by_role("link", name="Me", exact=True).tap()
    expect(page.get_by_role("heading", name="About")).to_be_visible()
    expect(page.get_by_role("heading", name="Install")).to_have_count(0)


@pytest.fixture
def iphone(browser, lightbox, complaints):
    """A browser that says it is Safari on an iPhone, where there is no offer to keep."""
    context = browser.new_context(**PHONE | {"user_agent": IPHONE, "base_url": lightbox.url})
    context.on("page", complaints.watch)
    yield context.new_page()
    context.close()


def test_safari_on_a_phone_is_told_where_to_tap_and_told_once(iphone):
    iphone.goto("/")
    expect(iphone.get_by_label("Password")).to_be_visible()
    expect(iphone.get_by_text(ON_IOS)).to_have_count(0)
    sign_in(iphone)
    expect(iphone.get_by_text(ON_IOS)).to_be_visible()
    iphone.get_by_role("button", name="OK").tap()
    iphone.reload()
    iphone.locator("a.row").first.wait_for()
    expect(iphone.get_by_text(ON_IOS)).to_have_count(0)
    iphone.get_by_role("link", name="Me", exact=True).tap()
    expect(iphone.get_by_text("Tap Share, then Add to Home Screen.")).to_be_visible()


def test_denied_storage_is_no_obstacle(page, complaints):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('denied', 'SecurityError'); }})"
    )
    page.goto("/")
    sign_in(page)
    page.locator("a.row").first.wait_for()
    page.evaluate(OFFERED)
    page.get_by_role("button", name="No", exact=True).tap()
    page.locator(f'a.row[href="/studies/{study_uid("CT_small.dcm")}"]').tap()
    page.get_by_role("button", name="Back to the studies").tap()
    page.locator("a.row").first.wait_for()
    expect(page.get_by_text(HINT)).to_have_count(0)
