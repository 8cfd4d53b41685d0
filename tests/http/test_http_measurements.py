"""Measurements are a person's own: kept under a grant, seen by nobody else, each change on record."""

import json
import sqlite3
from contextlib import closing

import pytest
from lightbox import installed


@pytest.fixture(scope="module")
def lightbox(tmp_path_factory):
    """A Lightbox of its own, so that its audit log tells of these tests alone."""
    made = installed(tmp_path_factory.mktemp("measurements"))
    made.start()
    yield made
    made.stop()


def drawn(ct, **other):
    return {
        "id": "one-1",
        "kind": "length",
        "series_instance_uid": ct[1],
        "sop_instance_uid": ct[2],
        "frame_number": 1,
        "points": [[10.5, 20], [30, 40.25]],
        "text": "",
    } | other


def opened(lightbox, ct, name="alice"):
    browser = lightbox.browser(name)
    assert browser.post(f"/api/v1/studies/{ct[0]}/open", json={}).status_code == 200
    return browser


def put(browser, ct, measurements, version=0):
    address = f"{browser.base}/api/v1/studies/{ct[0]}/measurements"
    body = json.dumps({"version": version, "measurements": measurements}, ensure_ascii=False).encode()
    return browser.session.put(address, data=body, headers={"Content-Type": "application/json"}, timeout=30)


def kept(browser, ct):
    answer = browser.get(f"/api/v1/studies/{ct[0]}/measurements")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def alice(lightbox, ct):
    """Alice with the study open and nothing measured on it."""
    browser = opened(lightbox, ct)
    version = kept(browser, ct)["version"]
    assert put(browser, ct, [], version).status_code == 200
    return browser


def test_what_was_drawn_comes_back_in_the_next_session(lightbox, alice, ct):
    version = kept(alice, ct)["version"]
    answer = put(alice, ct, [drawn(ct), drawn(ct, id="two", kind="arrow", text="here")], version)
    assert answer.status_code == 200, answer.text
    assert alice.delete("/api/v1/session").status_code == 204
    again = kept(opened(lightbox, ct), ct)
    assert again["version"] == answer.json()["version"] == version + 1
    assert again["measurements"] == [drawn(ct), drawn(ct, id="two", kind="arrow", text="here")]


def test_another_user_sees_none_of_it(lightbox, alice, ct):
    assert put(alice, ct, [drawn(ct)], kept(alice, ct)["version"]).status_code == 200
    assert kept(opened(lightbox, ct, "bob"), ct) == {"version": 0, "measurements": []}


def test_without_a_grant_nothing_is_read_or_written(lightbox, ct):
    browser = lightbox.browser("bob")
    for answer in (browser.get(f"/api/v1/studies/{ct[0]}/measurements"), put(browser, ct, [drawn(ct)])):
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/not-opened")
    assert lightbox.browser(None).get(f"/api/v1/studies/{ct[0]}/measurements").status_code == 401


def test_a_guest_has_none(lightbox, alice, ct):
    share = alice.post("/api/v1/shares", json={"study_instance_uid": ct[0]}).json()
    guest = lightbox.browser(None)
    secret = share["url"].split("#")[1]
    assert guest.post(f"/api/v1/shares/{share['id']}/session", json={"secret": secret}).status_code == 200
    assert guest.post(f"/api/v1/studies/{ct[0]}/open", json={}).status_code == 200
    assert guest.get(f"/api/v1/studies/{ct[0]}/measurements").status_code == 403
    assert put(guest, ct, [drawn(ct)]).status_code == 403


def test_a_change_that_another_device_has_overtaken_is_refused(alice, ct):
    version = kept(alice, ct)["version"]
    assert put(alice, ct, [drawn(ct)], version).status_code == 200
    assert put(alice, ct, [], version).status_code == 409
    assert kept(alice, ct)["measurements"] == [drawn(ct)]


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "circle"},
        {"points": [[1, 2]]},
        {"kind": "angle"},
        {"points": [[1, -2], [3, 4]]},
        {"points": [[1, 1e9], [3, 4]]},
        {"series_instance_uid": "../1"},
        {"frame_number": 0},
        {"text": "x" * 81},
        {"surplus": 1},
    ],
)
def test_what_does_not_fit_is_refused_whole(alice, ct, broken):
    version = kept(alice, ct)["version"]
    assert put(alice, ct, [drawn(ct), drawn(ct, **broken)], version).status_code == 400
    assert kept(alice, ct) == {"version": version, "measurements": []}


def test_no_more_is_kept_than_a_person_draws(alice, ct):
    version = kept(alice, ct)["version"]
    assert put(alice, ct, [drawn(ct, id=f"n{n}") for n in range(501)], version).status_code == 400
    assert put(alice, ct, [drawn(ct, id=f"n{n}", text="€" * 80) for n in range(500)], version).status_code == 413
    assert put(alice, ct, [drawn(ct, id=f"n{n}") for n in range(500)], version).status_code == 200


def test_each_change_is_one_record_without_what_was_drawn(lightbox, alice, ct):
    def records():
        with closing(sqlite3.connect(lightbox.directory / "audit.sqlite3")) as log:
            bodies = [body for (body,) in log.execute("SELECT body FROM audit_records ORDER BY sequence")]
        return [body for body in bodies if json.loads(body)["event"] == "measurement:change"]

    before = records()
    version = kept(alice, ct)["version"]
    assert put(alice, ct, [drawn(ct, text="secret words")], version).status_code == 200
    assert put(alice, ct, [], version).status_code == 409
    new = records()[len(before) :]
    assert len(new) == 1
    assert ct[0] in new[0]
    assert "1 now" in new[0]
    assert "secret words" not in new[0]
