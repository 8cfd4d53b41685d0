"""A link for somebody without an account: made on one phone, opened on another, ended from the first."""

import pytest
from phone import PHONE, until
from playwright.sync_api import expect


@pytest.fixture
def stranger(browser, lightbox, complaints):
    """Another phone, signed out."""
    context = browser.new_context(**PHONE, base_url=lightbox.url)
    context.on("page", complaints.watch)
    yield context.new_page()
    context.close()


def make_link(page, uid, **wishes):
    page.locator(f'a.row[href="/studies/{uid}"]').tap()
    page.get_by_role("button", name="Share").tap()
    for label, value in wishes.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Make link").tap()
    return page.locator("#share-url").inner_text()


def test_a_link_opens_that_study_on_another_phone_and_nothing_else(signed_in, stranger, ct_uid):
    link = make_link(signed_in, ct_uid, **{"For whom": "Dr Referrer"})
    expect(signed_in.get_by_alt_text("QR code of the link")).to_be_visible()
    assert signed_in.evaluate("document.querySelector('img.qr').naturalWidth") > 100

    stranger.goto(link)
    expect(stranger.get_by_text("alice shares a study with you.")).to_be_visible()
    assert "#" not in stranger.url
    assert "COMPRESSEDSAMPLES" not in stranger.content().upper()
    stranger.get_by_role("button", name="Open the study").tap()
    expect(stranger.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()
    until(stranger, "document.querySelector('.series img')?.naturalWidth > 0")
    expect(stranger.get_by_role("button", name="Share")).to_have_count(0)
    expect(stranger.get_by_role("navigation", name="Places")).to_have_count(0)
    stranger.goto("/")
    expect(stranger.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()
    expect(stranger.locator("a.row")).to_have_count(0)


def test_the_secret_stays_in_no_history(signed_in, stranger, ct_uid):
    link = make_link(signed_in, ct_uid)
    secret = link.split("#")[1]
    asked = []
    stranger.on("request", lambda request: asked.append(request.url))
    stranger.goto(link)
    stranger.get_by_role("button", name="Open the study").tap()
    stranger.get_by_role("heading", name="Series").wait_for()
    kept = "JSON.stringify([location.href, history.state, {...localStorage}, {...sessionStorage}])"
    assert secret not in stranger.evaluate(kept)
    visited = stranger.context.new_cdp_session(stranger).send("Page.getNavigationHistory")["entries"]
    assert len(visited) > 1
    assert [entry["url"] for entry in visited if secret in entry["url"]] == []
    assert [url for url in asked if secret in url.split("#")[0]] == []


def test_a_passphrase_is_asked_for_before_anything_is_shown(signed_in, stranger, complaints, ct_uid):
    complaints.allow("status of 403")
    link = make_link(signed_in, ct_uid, Passphrase="between the lines")
    stranger.goto(link)
    stranger.get_by_label("Passphrase").fill("something else")
    stranger.get_by_role("button", name="Open the study").tap()
    expect(stranger.get_by_text("The passphrase is not right")).to_be_visible()
    stranger.get_by_label("Passphrase").fill("between the lines")
    stranger.get_by_role("button", name="Open the study").tap()
    expect(stranger.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()


def test_revoking_ends_it_at_the_guests_next_step(signed_in, stranger, complaints, ct_uid):
    complaints.allow("status of (401|403|404|410)")
    link = make_link(signed_in, ct_uid)
    stranger.goto(link)
    stranger.get_by_role("button", name="Open the study").tap()
    stranger.get_by_role("heading", name="Series").wait_for()
    first = signed_in.locator(".trail").first
    first.get_by_role("button", name="Revoke").tap()
    first.get_by_role("button", name="Revoke for good").tap()
    expect(first).to_contain_text("Revoked")
    stranger.reload()
    expect(stranger.get_by_text("COMPRESSEDSAMPLES")).to_have_count(0)
    again = stranger.context.new_page()
    again.goto(link)
    expect(again.get_by_text("This link is over")).to_be_visible()


def test_a_link_that_lost_its_code_can_be_typed(signed_in, stranger, ct_uid):
    link = make_link(signed_in, ct_uid)
    address, code = link.split("#")
    stranger.goto(address)
    stranger.get_by_label("Code, or the whole link").fill(code)
    stranger.get_by_role("button", name="Continue").tap()
    expect(stranger.get_by_text("alice shares a study with you.")).to_be_visible()
