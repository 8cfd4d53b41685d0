"""Nobody sees a pixel without a record."""

import re
import sqlite3

import pytest


def rows(lightbox, database, sql, *values):
    connection = sqlite3.connect(f"file:{lightbox.directory / database}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def test_an_unopened_study_shows_nothing(lightbox, ct):
    browser = lightbox.browser("bob")
    assert browser.get(f"/api/v1/studies/{ct[0]}").status_code == 403
    assert browser.get(f"/api/v1/studies/{ct[0]}").json()["type"] == "/problems/not-opened"


def test_opening_gives_pictures_and_leaves_one_record(lightbox, ct):
    browser = lightbox.browser("alice")
    before = len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records"))
    opened = browser.post(f"/api/v1/studies/{ct[0]}/open", json={})
    assert opened.status_code == 200
    series = opened.json()["series"][0]
    for n in (1, 1, 1):
        tile = browser.get(series["tiles"].format(rendition="v512", n=n))
        assert tile.status_code == 200
        assert tile.content[:3] == b"\xff\xd8\xff"
        assert tile.headers["Cache-Control"] == "no-store"
    browser.post(f"/api/v1/studies/{ct[0]}/open", json={})
    after = len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records"))
    assert after == before + 1


def test_every_grant_points_at_a_record(lightbox, alice, ct):
    alice.post(f"/api/v1/studies/{ct[0]}/open", json={})
    known = {sequence for (sequence,) in rows(lightbox, "audit.sqlite3", "select sequence from audit_records")}
    granted = [sequence for (sequence,) in rows(lightbox, "lightbox.sqlite3", "select audit_sequence from grants")]
    assert granted
    assert set(granted) <= known


def test_another_session_cannot_use_the_addresses(lightbox, alice, ct):
    series = alice.post(f"/api/v1/studies/{ct[0]}/open", json={}).json()["series"][0]
    address = series["tiles"].format(rendition="p256", n=1)
    assert alice.get(address).status_code == 200
    assert lightbox.browser("bob").get(address).status_code == 403
    assert lightbox.browser(None).get(address).status_code == 401


def test_signing_out_ends_pictures_at_once(lightbox, ct):
    browser = lightbox.browser("alice")
    address = (
        browser.post(f"/api/v1/studies/{ct[0]}/open", json={})
        .json()["series"][0]["tiles"]
        .format(rendition="p256", n=1)
    )
    assert browser.get(address).status_code == 200
    cookies = browser.session.cookies.copy()
    assert browser.delete("/api/v1/session").status_code == 204
    browser.session.cookies.update(cookies)
    assert browser.get(address).status_code == 401


def test_a_token_opens_implicitly_and_is_recorded_once(lightbox, ct):
    script = lightbox.script("alice")
    before = len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records"))
    for _ in range(3):
        assert script.get(f"/dicom-web/studies/{ct[0]}/rendered").status_code == 200
    assert len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records")) == before + 1


def test_roles_without_images_are_refused_and_recorded(lightbox, ct):
    before = len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records"))
    admin = lightbox.browser("ada")
    assert admin.post(f"/api/v1/studies/{ct[0]}/open", json={}).status_code == 403
    assert admin.post("/api/v1/studies/search", json={}).status_code == 403
    assert len(rows(lightbox, "audit.sqlite3", "select 1 from audit_records")) >= before + 2  # sign-in and refusal


def test_a_referrer_sees_only_own_referrals(lightbox, ct):
    charlie = lightbox.browser("charlie")
    assert charlie.post("/api/v1/studies/search", json={}).json()["studies"] == []
    assert charlie.post(f"/api/v1/studies/{ct[0]}/open", json={}).status_code == 403


def test_verify_passes_and_fails_after_one_byte(lightbox, tmp_path):
    passed = lightbox.run("audit", "verify")
    assert re.search(r"All \d+ records", passed.stdout)
    stolen = tmp_path / "data"
    stolen.mkdir()
    original = sqlite3.connect(f"file:{lightbox.directory / 'audit.sqlite3'}?mode=ro", uri=True)
    copy = sqlite3.connect(stolen / "audit.sqlite3")
    original.backup(copy)
    original.close()
    (sequence, body) = copy.execute(
        "select sequence, body from audit_records order by sequence limit 1 offset 2"
    ).fetchone()
    flipped = bytearray(body if isinstance(body, bytes) else body.encode())
    flipped[len(flipped) // 2] ^= 1
    value = bytes(flipped) if isinstance(body, bytes) else flipped.decode()
    copy.execute("update audit_records set body = ? where sequence = ?", (value, sequence))
    copy.commit()
    copy.close()
    lightbox_copy = type(lightbox)(stolen, lightbox.archive)
    failed = lightbox_copy.run("audit", "verify", check=False)
    assert failed.returncode == 1
    assert f"record {sequence}" in failed.stderr


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"X-Lightbox": ""}]
)
def test_foreign_pages_cannot_act(lightbox, ct, headers):
    browser = lightbox.browser("alice")
    assert browser.post(f"/api/v1/studies/{ct[0]}/open", json={}, headers=headers).status_code == 403


def test_another_site_cannot_sign_anybody_in(lightbox):
    stranger = lightbox.browser(None)
    credentials = {"username": "alice", "password": "correct horse battery"}
    answer = stranger.post("/api/v1/session", json=credentials, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not answer.cookies


def test_cookie_and_token_together_are_refused(lightbox):
    browser = lightbox.browser("alice")
    answer = browser.get("/api/v1/session", headers={"Authorization": f"Bearer {lightbox.token()}"})
    assert answer.status_code == 400
