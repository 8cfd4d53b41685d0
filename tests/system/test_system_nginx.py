"""Behind Debian's nginx: kept pictures without Python, refused at the next request after revocation."""

import time

import pydicom
import pytest
import requests
from lightbox import PASSWORDS, PYDICOM_FILES, Browser, Lightbox, fill_archive
from nginx import Nginx


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    fill_archive(root / "archive")
    lightbox = Lightbox(root / "data", root / "archive", extra={"LIGHTBOX_FORWARDED_BY": "1"})
    lightbox.directory.mkdir(mode=0o700)
    nginx = Nginx(root / "nginx", lightbox.directory, lightbox.port)
    lightbox.public_url = nginx.url
    lightbox.add_people()
    lightbox.run("archive", "index")
    lightbox.start()
    nginx.start()
    lightbox.nginx = nginx
    yield lightbox
    nginx.stop()
    lightbox.stop()


def browser_of(site, name=None):
    browser = Browser(site)
    browser.base = site.nginx.url
    browser.session.verify = str(site.nginx.root / "cert.pem")
    if name:
        signed_in = browser.post("/api/v1/session", json={"username": name, "password": PASSWORDS[name]})
        assert signed_in.status_code == 200, signed_in.text
    return browser


@pytest.fixture(scope="module")
def ct():
    return str(pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm", stop_before_pixels=True).StudyInstanceUID)


def kept_tile(browser, ct):
    opened = browser.post(f"/api/v1/studies/{ct}/open", json={})
    assert opened.status_code == 200, opened.text
    address = opened.json()["series"][0]["tiles"].format(rendition="v512", n=1)
    assert browser.get(address).status_code == 200  # made and kept by the gateway
    return address


def came_without_python(answer):
    return "X-Request-Id" not in answer.headers


def test_cookies_carry_the_host_prefix(site):
    browser = browser_of(site, "alice")
    assert {cookie.name for cookie in browser.session.cookies} == {"__Host-lightbox-session", "__Host-lightbox-view"}
    assert all(cookie.secure for cookie in browser.session.cookies)


def test_kept_pictures_come_without_python(site, ct):
    browser = browser_of(site, "alice")
    address = kept_tile(browser, ct)
    again = browser.get(address)
    assert again.status_code == 200
    assert again.content[:3] == b"\xff\xd8\xff"
    assert came_without_python(again)
    assert again.headers["Cache-Control"] == "no-store"
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_signing_out_and_revoking_refuse_the_next_request(site, ct):
    browser = browser_of(site, "alice")
    address = kept_tile(browser, ct)
    cookies = browser.session.cookies.copy()
    assert came_without_python(browser.get(address))
    browser.delete("/api/v1/session")
    browser.session.cookies.update(cookies)
    assert browser.get(address).status_code == 401


def test_a_revoked_guest_is_refused_at_the_next_request(site, ct):
    alice = browser_of(site, "alice")
    kept_tile(alice, ct)
    made = alice.post("/api/v1/shares", json={"study_instance_uid": ct}).json()
    guest = browser_of(site)
    redeemed = guest.post(f"/api/v1/shares/{made['id']}/session", json={"secret": made["url"].split("#")[1]})
    assert redeemed.status_code == 200, redeemed.text
    address = kept_tile(guest, ct)
    assert came_without_python(guest.get(address))
    assert alice.delete(f"/api/v1/shares/{made['id']}").status_code == 204
    assert guest.get(address).status_code == 401


@pytest.mark.parametrize(
    "cookie",
    [
        "", "__Host-lightbox-view=", "__Host-lightbox-view=none", "__Host-lightbox-view=../kept",
        "__Host-lightbox-view=..%2fkept", "__Host-lightbox-view=" + "a" * 64,
        "__Host-lightbox-view=" + "A" * 64, "__Host-lightbox-view=" + "0" * 63 + "/",
        "x__Host-lightbox-view=" + "a" * 64, "__Host-lightbox-view=\x01", "__Host-lightbox-view=.",
    ],
)  # fmt: skip
def test_hostile_cookies_open_nothing(site, ct, cookie):
    address = kept_tile(browser_of(site, "alice"), ct)
    stranger = browser_of(site)
    assert stranger.get(address, headers={"Cookie": cookie} if cookie else {}).status_code in (400, 401)


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/../../lightbox.sqlite3", "/tiles/%2e%2e/%2e%2e/lightbox.sqlite3", "/tiles/live/x/y/z/1.jpg",
        "/tiles/kept/a/b/c/1.jpg", "/assets/../../gateway/settings.py", "/assets/%2e%2e/%2e%2e/gateway/settings.py",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_house(site, path):
    prepared = requests.Request("GET", site.nginx.url + "/").prepare()
    prepared.url = site.nginx.url + path
    answer = requests.Session().send(prepared, verify=str(site.nginx.root / "cert.pem"), timeout=10)
    assert answer.status_code in (400, 401, 404)
    assert b"SQLite format" not in answer.content
    assert b"LIGHTBOX_" not in answer.content


def test_a_stopped_keeper_closes_the_way_past_the_gateway(site, ct):
    browser = browser_of(site, "alice")
    address = kept_tile(browser, ct)
    live = site.directory / "tiles" / "live"
    assert came_without_python(browser.get(address))
    site.stop()
    try:
        for _ in range(60):
            if browser.get(address).status_code in (502, 504):
                break
            time.sleep(1)
        else:
            raise AssertionError(f"Still served by nginx long after the keeper stopped: {sorted(live.iterdir())}")
    finally:
        site.start()
    assert browser.get(address).status_code == 200


def test_the_log_names_no_query_no_cookie_and_no_token(site, ct):
    browser = browser_of(site, "alice")
    browser.get("/dicom-web/studies?PatientName=Canary^Cäsar")
    kept_tile(browser, ct)
    time.sleep(0.2)
    log = site.nginx.log()
    assert "/dicom-web/studies" in log
    assert "Canary" not in log
    for cookie in browser.session.cookies:
        assert cookie.value not in log


def test_metrics_are_not_for_the_outside(site):
    assert browser_of(site, "alice").get("/metrics").status_code == 404
