"""The study screen on a phone, and what stays behind in the browser: nothing."""

from phone import study_uid, until
from playwright.sync_api import expect

KEPT = """async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.title];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(request.url);
      kept.push(await (await cache.match(request)).text());
    }
  }
  kept.push(JSON.stringify((await indexedDB.databases()).map((each) => each.name)));
  return kept.join("\\n");
}"""


def open_study(page, uid):
    page.locator(f'a.row[href="/studies/{uid}"]').tap()
    page.get_by_role("heading", name="Series").wait_for()


def test_who_it_is_and_which_series_there_are(signed_in, ct_uid):
    page = signed_in
    open_study(page, ct_uid)
    header = page.locator("header.patient")
    expect(header).to_contain_text("COMPRESSEDSAMPLES, CT1")
    expect(header).to_contain_text("ID 1CT1")
    expect(header).to_contain_text("2004-01-19")
    expect(page.get_by_text("No report for this study.")).to_be_visible()
    until(page, "document.querySelector('.series img')?.naturalWidth > 0")
    expect(page.get_by_role("button", name="View")).to_be_enabled()


def test_the_patient_stays_in_sight_however_far_the_page_is_scrolled(signed_in):
    page = signed_in
    open_study(page, study_uid("test-SR.dcm"))
    page.set_viewport_size({"width": 390, "height": 400})
    page.mouse.wheel(0, 4000)
    page.wait_for_timeout(300)
    box = page.locator("header.patient h1").bounding_box()
    assert box is not None
    assert box["y"] >= 0


def test_a_report_is_read_on_the_study_and_in_full(signed_in):
    page = signed_in
    uid = study_uid("test-SR.dcm")
    open_study(page, uid)
    page.get_by_role("link", name="Full report").tap()
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    page.get_by_text("All content of this document").first.tap()
    expect(page.locator(".tree li").nth(1)).to_be_visible()
    page.get_by_role("button", name="Back to the study").tap()
    expect(page.get_by_role("heading", name="Series")).to_be_visible()


def test_nothing_of_the_patient_stays_in_the_browser(signed_in, ct_uid):
    page = signed_in
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    open_study(page, ct_uid)
    until(page, "document.querySelector('.series img')?.naturalWidth > 0")
    page.reload()
    page.get_by_role("heading", name="Series").wait_for()
    kept = page.evaluate(KEPT)
    assert "/assets/" in kept, "the shell is kept, so the search below can find something"
    for trace in ("CompressedSamples", "COMPRESSEDSAMPLES", "1CT1", ct_uid, "/tiles/", "/api/"):
        assert trace not in kept.replace('"/api/v1"', "").replace("`/api/v1`", ""), trace


def test_a_link_from_another_site_needs_a_tap(signed_in, context, lightbox, ct_uid):
    page = context.new_page()
    page.route(
        "http://mail.test/",
        lambda route: route.fulfill(body=f'<a href="{lightbox.url}/studies/{ct_uid}">x</a>', content_type="text/html"),
    )
    page.goto("http://mail.test/")
    page.locator("a").tap()
    expect(page.get_by_role("button", name="Open study")).to_be_visible()
    expect(page.get_by_text("COMPRESSEDSAMPLES")).to_have_count(0)
    page.get_by_role("button", name="Open study").tap()
    expect(page.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()


def test_a_study_that_does_not_exist_is_told_so(signed_in, complaints):
    complaints.allow("status of 404")
    page = signed_in
    page.goto("/studies/1.2.3.4.5.6.7")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="To the studies").tap()
    expect(page.locator("a.row").first).to_be_visible()
