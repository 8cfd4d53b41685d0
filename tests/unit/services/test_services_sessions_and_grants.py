"""Signing in, opening and ending: what is withdrawn is withdrawn at the next call."""

import threading
import time

import pytest
from house import PASSWORD, STUDY, House, here

from gateway.access.principal import Role
from gateway.dicom.attributes import element
from gateway.dicom.model import Study
from gateway.errors import AuditUnwritable, BadRequest, Conflict, Forbidden, NotOpened, NotSignedIn, TooManyRequests


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.add()
    return made


def links_of(house, principal):
    place = house.tiles / "grants" / principal.view_key
    return sorted(one.name for one in place.iterdir()) if place.exists() else []


def test_refusals_are_the_same_for_every_reason(house):
    house.add("demo", loopback_only=True)
    house.add("gone")
    house.accounts.disable_user("gone")
    told = set()
    for name, password in (("alice", "wrong"), ("nobody", PASSWORD), ("demo", PASSWORD), ("gone", PASSWORD)):
        with pytest.raises(NotSignedIn) as refusal:
            house.sign_in(name, password)
        told.add(str(refusal.value))
    assert len(told) == 1
    assert not any("wrong" in record for record in house.records())


def test_guessing_is_slowed_down_also_when_guesses_come_at_once(house, monkeypatch):
    outcomes, now = [], time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # a slow machine must not let the wait pass by itself

    def guess():
        try:
            house.sign_in("alice", "wrong")
        except (NotSignedIn, TooManyRequests) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(NotSignedIn) == 5
    assert outcomes.count(TooManyRequests) == 7
    with pytest.raises(TooManyRequests) as wait:
        house.sign_in("alice", PASSWORD)
    assert wait.value.retry_after >= 1
    house.add("bob")
    house.sign_in("bob", address="10.0.0.8")


def test_passwords_and_names_have_bounds(house):
    for password in ("short", "x" * 129):
        with pytest.raises(BadRequest):
            house.accounts.add_user("new", Role.PHYSICIAN, password)
    with pytest.raises(BadRequest):
        house.accounts.add_user("../new", Role.PHYSICIAN, PASSWORD)
    with pytest.raises(Conflict):
        house.add("alice")


ENDINGS = {
    "sign-out": lambda house, one: house.accounts.sign_out(one.principal, here()),
    "a new password": lambda house, _: house.accounts.set_password("alice", "another long password"),
    "disabling": lambda house, _: house.accounts.disable_user("alice"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_session_ends_before_the_call_returns(house, ending):
    signed_in = house.sign_in()
    house.openings.open(signed_in.principal, STUDY, here())
    assert links_of(house, signed_in.principal)
    ENDINGS[ending](house, signed_in)
    assert links_of(house, signed_in.principal) == []
    assert house.accounts.principal_of_cookie(signed_in.session_secret) is None


def test_a_token_ends_with_its_person(house):
    token = house.accounts.issue_token("alice", 5)
    assert house.accounts.principal_of_token(token).name == "alice"
    house.accounts.disable_user("alice")
    with pytest.raises(NotSignedIn):
        house.accounts.principal_of_token(token)


def test_opening_writes_one_record_before_its_one_grant(house):
    principal = house.sign_in().principal
    with pytest.raises(NotOpened):
        house.openings.require(principal, "1.2.3")
    before = len(house.records())
    first = house.openings.open(principal, STUDY, here())
    assert house.openings.open(principal, STUDY, here()) == first
    assert len(house.records()) == before + 1
    assert '"study":"1.2.3"' in house.records()[-1]
    assert "Doe" not in house.records()[-1]
    assert house.openings.require(principal, "1.2.3").covers_series("anything")
    (link,) = links_of(house, principal)
    assert (house.tiles / "grants" / principal.view_key / link).resolve() == (house.tiles / "kept" / link).resolve()


def test_without_a_record_there_is_no_grant(house):
    principal = house.sign_in().principal
    house.audit_path.unlink()
    house.audit_path.mkdir()
    house.audit_store._database.close()
    with pytest.raises(AuditUnwritable):
        house.openings.open(principal, STUDY, here())
    with pytest.raises(NotOpened):
        house.openings.require(principal, "1.2.3")
    assert links_of(house, principal) == []


def test_refusals_are_recorded(house):
    house.add("admin", Role.ADMIN)
    restricted = Study("1.2.9", "main", "v1", element("ConfidentialityConstraintOnPatientDataDescription", "VIP"))
    for name, study in (("admin", STUDY), ("alice", restricted)):
        principal = house.sign_in(name).principal
        before = len(house.records())
        with pytest.raises(Forbidden):
            house.openings.open(principal, study, here())
        assert len(house.records()) == before + 1
        assert '"outcome":"4"' in house.records()[-1]


def test_the_sweep_takes_away_what_no_grant_stands_behind(house):
    principal = house.sign_in().principal
    house.openings.open(principal, STUDY, here())
    stray = house.tiles / "grants" / ("f" * 64)
    stray.mkdir()
    (house.tiles / "grants" / principal.view_key / "stray").symlink_to("../../kept")
    house.openings.sweep_and_beat()
    assert not stray.exists()
    assert len(links_of(house, principal)) == 1
    assert any((house.tiles / "live").iterdir())


def test_openings_are_limited(house):
    principal = house.sign_in().principal
    for number in range(60):
        house.openings.open(principal, Study(f"1.2.3.{number}", "main", "v1", {}), here())
    with pytest.raises(TooManyRequests):
        house.openings.open(principal, STUDY, here())
