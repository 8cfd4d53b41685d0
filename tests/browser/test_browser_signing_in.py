"""Signing in, being signed out under an open screen, and leaving nothing behind."""

import re

from phone import sign_in
from playwright.sync_api import expect


def test_the_door_says_what_it_is_for_and_lets_in(page):
    page.goto("/")
    expect(page.get_by_text("not for primary diagnosis")).to_be_visible()
    sign_in(page)
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()


def test_a_wrong_password_is_told_in_plain_words(page, complaints):
    complaints.allow("status of 401")
    page.goto("/")
    sign_in(page, "alice", "not the password at all")
    alert = page.get_by_role("alert")
    expect(alert).not_to_be_empty()
    assert not re.search(r"\b(401|token|json|error)\b", alert.inner_text(), re.IGNORECASE)
    expect(page.get_by_role("heading", name="Studies")).to_have_count(0)


def test_an_address_opens_after_signing_in(page, ct_uid):
    page.goto(f"/studies/{ct_uid}")
    sign_in(page)
    expect(page.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()
    assert page.url.endswith(f"/studies/{ct_uid}")


def test_when_a_session_ends_the_sign_in_stands_over_the_screen_and_nothing_is_lost(signed_in, context, complaints):
    complaints.allow("status of 401")
    page = signed_in
    context.clear_cookies()
    page.get_by_role("searchbox").fill("compressedsamples ct1")
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.locator("a.row").first).to_be_attached()
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("dialog").get_by_role("button", name="Sign in").tap()
    expect(page.get_by_text("Your session has ended")).to_have_count(0)
    expect(page.locator("a.row")).to_have_count(1)
    expect(page.locator("a.row")).to_contain_text("COMPRESSEDSAMPLES, CT1")
    expect(page.get_by_role("searchbox")).to_have_value("compressedsamples ct1")


def test_somebody_else_does_not_get_the_screen_below(signed_in, context, complaints):
    complaints.allow("status of 401")
    page = signed_in
    context.clear_cookies()
    page.get_by_role("searchbox").fill("compressedsamples")
    page.get_by_label("Name", exact=True).fill("bob")
    page.get_by_label("Password").fill("staple blue mountain river")
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Sign in").tap()
    page.locator("a.row").first.wait_for()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_signing_out_ends_it_on_every_page(signed_in):
    page = signed_in
    page.get_by_role("link", name="Me", exact=True).tap()
    expect(page.get_by_text("Radiologist")).to_be_visible()
    page.get_by_role("button", name="Sign out").tap()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.context.cookies() == []
