"""What the app asks for: the site, sessions, the worklist, the open study, planes."""

import zlib

import numpy as np
import pydicom
from lightbox import PASSWORDS, PYDICOM_FILES


def test_the_site_says_what_it_is_for(lightbox):
    site = lightbox.browser(None).get("/api/v1/site").json()
    assert site["demo"] is False
    assert "not for primary diagnosis" in site["review_notice"]
    assert site["version"].count(".") == 2


def test_wrong_name_and_wrong_password_answer_the_same(lightbox):
    stranger = lightbox.browser(None)
    answers = [
        stranger.post("/api/v1/session", json={"username": name, "password": "not the password"})
        for name in ("nobody-of-that-name", "bob")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert not answers[0].cookies


def test_a_session_tells_who_and_until_when(lightbox, alice):
    session = alice.get("/api/v1/session").json()
    assert session["user"] == {"name": "alice", "display_name": "alice", "role": "radiologist"}
    assert "study:open" in session["scopes"]
    assert session["share"] is None


def test_cookies_cannot_be_read_by_script(lightbox):
    answer = lightbox.browser(None).post("/api/v1/session", json={"username": "alice", "password": PASSWORDS["alice"]})
    cookies = answer.headers["Set-Cookie"]
    assert cookies.count("HttpOnly") == 2
    assert cookies.count("SameSite") == 2


def test_the_worklist_finds_by_words_id_modality_and_date(alice):
    def found(**search):
        answer = alice.post("/api/v1/studies/search", json=search)
        assert answer.status_code == 200, answer.text
        return [study["patient_id"] for study in answer.json()["studies"]]

    assert "1CT1" in found()
    assert found(words="compressedsamples ct") == ["1CT1"]
    assert found(words="1ct1") == ["1CT1"]
    assert found(patient_id="1CT1") == ["1CT1"]
    assert found(patient_name="samples^ct1") == ["1CT1"]
    assert "1CT1" in found(modalities=["CT"])
    assert "1CT1" not in found(modalities=["SR"])
    assert found(date_from="2004-01-19", date_to="2004-01-19", modalities=["CT"]) == ["1CT1"]
    assert found(words="nobody at all") == []


def test_fields_that_do_not_fit_are_named_not_echoed(alice):
    answer = alice.post("/api/v1/studies/search", json={"limit": "many", "secret-word": 1})
    assert answer.status_code == 400
    assert "limit" in answer.json()["detail"]
    assert "many" not in answer.text


def test_an_open_study_has_all_that_the_viewer_draws(alice, ct):
    detail = alice.post(f"/api/v1/studies/{ct[0]}/open", json={}).json()
    assert detail["study"]["patient_name"] == "CompressedSamples^CT1"
    series = detail["series"][0]
    assert series["kind"] == "images"
    assert series["frame_count"] == 1
    frame = series["frames"][0]
    header = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    assert (frame["rows"], frame["columns"]) == (128, 128)
    assert frame["stored_bytes"] == 128 * 128 * 2
    assert frame["row_spacing"] == float(header.PixelSpacing[0])
    assert frame["letters"] == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert {preset["name"] for preset in series["presets"]} >= {"Brain", "Bone", "Lung"}


def test_planes_are_the_exact_stored_values(alice, ct):
    alice.post(f"/api/v1/studies/{ct[0]}/open", json={})
    answer = alice.get(f"/api/v1/studies/{ct[0]}/series/{ct[1]}/planes/1")
    assert answer.status_code == 200
    facts = dict(fact.split("=") for fact in answer.headers["X-Plane"].split(";"))
    rows, columns = int(facts["rows"]), int(facts["columns"])
    split = np.frombuffer(zlib.decompress(answer.content, wbits=-15), np.uint8).reshape(2, rows, columns)
    difference = split[0].astype(np.uint16) | (split[1].astype(np.uint16) << 8)
    first_column = np.cumsum(difference[:, 0], dtype=np.uint16)
    values = difference.copy()
    values[:, 0] = first_column
    values = np.cumsum(values, axis=1, dtype=np.uint16)
    stored = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm").pixel_array
    assert np.array_equal(values.astype(np.int16) if facts["signed"] == "1" else values, stored)
    assert (float(facts["slope"]), float(facts["intercept"]), facts["unit"]) == (1, -1024, "HU")


def test_a_report_is_read_out(alice, sr):
    alice.post(f"/api/v1/studies/{sr[0]}/open", json={})
    report = alice.get(f"/api/v1/studies/{sr[0]}/report")
    assert report.status_code == 200
    assert report.json()["sources"][0]["tree"]["children"]


def test_a_study_without_a_report_says_so(alice, ct):
    alice.post(f"/api/v1/studies/{ct[0]}/open", json={})
    answer = alice.get(f"/api/v1/studies/{ct[0]}/report")
    assert answer.status_code == 404
    assert "no report" in answer.json()["detail"]


def test_renditions_that_do_not_exist_are_not_found(alice, ct):
    series = alice.post(f"/api/v1/studies/{ct[0]}/open", json={}).json()["series"][0]
    for rendition in ("v9999", "..", "v512-c1-w", "p256-c40-w400-cubic"):
        assert alice.get(series["tiles"].format(rendition=rendition, n=1)).status_code == 404
    for n in ("0", "2", "99999999999"):
        assert alice.get(series["tiles"].format(rendition="v512", n=n)).status_code == 404


def test_pages_carry_the_app_and_its_rules(alice, lightbox):
    page = lightbox.browser(None).get("/")
    assert page.status_code == 200
    assert '<div id="app">' in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_study_page_brings_its_first_picture(alice, ct):
    page = alice.get(f"/studies/{ct[0]}")
    assert '<div id="first">' in page.text
    assert "COMPRESSEDSAMPLES, CT1" in page.text
    address = page.text.split('<img src="')[1].split('"')[0]
    assert alice.get(address).content[:3] == b"\xff\xd8\xff"


def test_a_page_asked_for_by_another_site_needs_a_tap(alice, ct):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch;prerender"}):
        page = alice.get(f"/studies/{ct[0]}", headers=headers)
        assert 'data-tap="1"' in page.text
        assert "CompressedSamples" not in page.text


def test_the_openapi_document_describes_the_routes(lightbox):
    document = lightbox.browser(None).get("/api/openapi.json").json()
    assert "/api/v1/studies/search" in document["paths"]
    assert "/dicom-web/studies" in document["paths"]


def test_health_and_metrics_name_nobody(lightbox, alice):
    assert lightbox.browser(None).get("/healthz").status_code == 200
    assert lightbox.browser(None).get("/readyz").json()["status"] == "ready"
    metrics = lightbox.browser(None).get("/metrics")
    assert metrics.status_code == 200
    assert "lightbox_requests_total" in metrics.text
    assert "CompressedSamples" not in metrics.text
    assert "1.3.6.1" not in metrics.text
    foreign = lightbox.browser(None).get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"})
    assert foreign.status_code == 401
