"""A night on call: what is urgent stands first, and what arrives waits until it is asked for."""

import datetime as dt

import pydicom
import pytest
from lightbox import PYDICOM_FILES, installed
from phone import until
from playwright.sync_api import expect
from pydicom.uid import generate_uid

HALF_A_MINUTE = 31_000
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) window.shifts.push(shift.value);
    }).observe({type: "layout-shift", buffered: false});
"""


def put(archive, name, **news):
    """A study of today, of that patient."""
    made = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    made.PatientName, made.PatientID, made.StudyDescription = f"OnCall^{name}", name, "Knee"
    made.StudyDate, made.StudyTime = dt.date.today().strftime("%Y%m%d"), "120000"  # noqa: DTZ011
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = (generate_uid() for _ in range(3))
    for keyword, value in news.items():
        setattr(made, keyword, value)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(archive / f"{name}.dcm")


@pytest.fixture(scope="session")
def lightbox(tmp_path_factory):
    """A Lightbox of its own: studies arrive in it."""

    def fill(archive):
        put(archive, "PLAIN", StudyTime="150000")
        put(archive, "STAT", StudyTime="010000", RequestedProcedurePriority="STAT")
        for number in range(20):
            put(archive, f"OLD{number}", StudyDate="20200101")

    made = installed(tmp_path_factory.mktemp("arrivals"), also=fill)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def page(page):
    """A page whose clock the test moves on."""
    page.clock.install()
    page.set_default_timeout(8000)
    return page


def rows(page):
    """The numbers of the patients listed, from the top."""
    return page.evaluate("[...document.querySelectorAll('a.row')].map((row) => row.querySelector('.id')?.textContent)")


def test_what_is_urgent_stands_first_and_says_so(signed_in):
    page = signed_in
    assert rows(page)[:2] == ["STAT", "PLAIN"]
    expect(page.locator("a.row").first).to_contain_text("STAT")
    assert page.locator("a.row").nth(1).locator(".urgency").count() == 0
    page.get_by_role("button", name="STAT (1)", exact=True).tap()
    expect(page.locator("a.row")).to_have_count(1)
    assert page.url.endswith("/?range=urgent")


def test_what_arrives_waits_above_the_list_and_moves_no_row(signed_in, lightbox):
    page = signed_in
    page.evaluate("scrollTo(0, 300)")
    under_the_thumb = page.locator("a.row", has_text="OLD7")
    before = under_the_thumb.bounding_box()
    listed = rows(page)
    page.evaluate(SHIFTS)
    put(lightbox.archive, "ARRIVED", StudyTime="235900")
    lightbox.run("archive", "index")
    page.clock.fast_forward(HALF_A_MINUTE)
    bar = page.get_by_role("button", name="1 new study")
    expect(bar).to_be_in_viewport()
    assert bar.bounding_box()["height"] >= 44
    assert rows(page) == listed
    assert under_the_thumb.bounding_box() == before
    assert page.evaluate("window.shifts") == []
    expect(page.get_by_role("button", name="New (1)")).to_be_attached()
    bar.tap()
    assert rows(page)[:3] == ["STAT", "ARRIVED", "PLAIN"]
    assert page.evaluate("scrollY") == 0
    expect(page.locator("a.row").nth(1)).to_contain_text("New")
    expect(bar).to_have_count(0)


def test_new_studies_are_new_until_they_are_opened(signed_in, lightbox):
    page = signed_in
    put(lightbox.archive, "TOOPEN", StudyTime="235930")
    lightbox.run("archive", "index")
    page.get_by_role("button", name="New", exact=False).first.tap()
    row = page.locator("a.row", has_text="TOOPEN")
    row.tap()
    page.get_by_role("heading", name="Series").wait_for()
    page.go_back()
    page.reload()
    expect(page.get_by_role("button", name="New")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Updated")).to_be_visible()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Recent").tap()
    expect(page.locator("a.row").first).to_contain_text("TOOPEN")


def test_filters_are_kept_on_the_way_through_other_places(signed_in):
    page = signed_in
    page.get_by_role("button", name="Today", exact=True).tap()
    expect(page.locator("a.row", has_text="OLD1")).to_have_count(0)
    page.get_by_role("link", name="Me").tap()
    page.get_by_role("button", name="Sign out").wait_for()
    page.get_by_role("link", name="Studies").tap()
    expect(page.get_by_role("button", name="Today", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("a.row", has_text="OLD1")).to_have_count(0)


def test_a_refresh_that_fails_says_since_when_the_list_stands(signed_in, complaints):
    complaints.allow("503")
    page = signed_in
    listed = rows(page)
    page.route("**/studies/search", lambda route: route.fulfill(status=503, json={"title": "Away", "status": 503}))
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(page.get_by_text("Not updated since")).to_be_visible()
    assert rows(page) == listed
    page.unroute("**/studies/search")
    page.clock.fast_forward(HALF_A_MINUTE)
    expect(page.get_by_text("Not updated since")).to_have_count(0)


def test_a_list_that_nobody_touches_does_not_keep_its_session_alive(signed_in):
    page = signed_in
    asked = []
    page.on("request", lambda request: request.url.endswith("/search") and asked.append(request.url))
    page.clock.fast_forward(HALF_A_MINUTE)
    until(page, "true")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    page.clock.fast_forward("31:00")
    page.clock.fast_forward(HALF_A_MINUTE)
    page.wait_for_timeout(300)
    assert len(asked) == 1
    page.get_by_role("heading", name="Studies").tap()
    page.wait_for_timeout(300)
    assert len(asked) == 2


def test_nothing_of_a_patient_stays_in_the_browser(signed_in):
    stored = signed_in.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    assert "OnCall" not in stored
    assert "1.2.826" not in stored
