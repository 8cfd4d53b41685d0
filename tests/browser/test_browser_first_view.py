"""What the first view costs, and that nothing on it moves."""

from phone import until
from playwright.sync_api import expect

BUDGET = 70 * 1024
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
BYTES = """performance.getEntriesByType("resource")
  .filter((each) => each.name.includes("/assets/"))
  .map((each) => [each.name, each.encodedBodySize])"""


def test_the_first_view_fits_its_budget_and_leaves_the_viewer_for_later(page):
    page.goto("/")
    page.get_by_label("Password").wait_for()
    fetched = page.evaluate(BYTES)
    assert any(name.endswith(".js") for name, _ in fetched)
    assert 0 < sum(size for _, size in fetched) <= BUDGET
    assert not any("viewer" in name for name, _ in fetched)


def test_nothing_moves_while_the_list_and_a_study_come(signed_in, ct_uid):
    page = signed_in
    page.add_init_script(WATCH_SHIFTS)
    for address, there in (("/", "a.row"), (f"/studies/{ct_uid}", ".series img")):
        page.goto(address)
        page.locator(there).first.wait_for()
        page.wait_for_timeout(500)
        assert page.evaluate("window.shifted") < 0.01, address


def test_the_servers_first_picture_gives_way_to_the_app(signed_in, ct_uid):
    page = signed_in
    page.goto(f"/studies/{ct_uid}", wait_until="commit")
    expect(page.get_by_role("heading", name="COMPRESSEDSAMPLES, CT1")).to_be_visible()
    until(page, "document.getElementById('first') === null")
