"""Share links: exactly as often, as long and as far as their maker said."""

import subprocess
import sys
import time

import pytest
from house import STUDY, House, here
from lightbox import ROOT

from gateway.access.principal import Role
from gateway.errors import BadRequest, Forbidden, Gone, NotFound, NotSignedIn, StepNeeded, TooManyRequests
from gateway.services.shares import Wish

REDEEM = """
import sys
sys.path.insert(0, "tests/unit/services")
from pathlib import Path
from house import House, here
from gateway.errors import Gone
house = House(Path(sys.argv[1]))
for _ in range(5):
    try:
        house.shares.redeem(sys.argv[2], sys.argv[3], None, here())
        print("opened")
    except Gone:
        print("gone")
"""


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.add()
    return made


@pytest.fixture
def alice(house):
    return house.sign_in().principal


def share(house, alice, **wishes):
    return house.shares.create(alice, Wish("1.2.3", **wishes), here())


def test_opens_are_never_more_than_allowed_however_many_come_at_once(house, alice, tmp_path):
    made, secret = share(house, alice, max_opens=3)
    command = [sys.executable, "-c", REDEEM, str(tmp_path), made.id, secret]
    guests = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = "".join(guest.communicate(timeout=60)[0] for guest in guests)
    assert said.count("opened") == 3
    assert said.count("gone") == 17
    (listed,) = house.shares.list_for(alice)
    assert (listed.opens, listed.state) == (3, "used-up")
    assert [seen.what for seen in listed.trail].count("opened") == 3
    assert listed.trail[0].device == "phone"


def test_a_guest_opens_the_share_and_nothing_else(house, alice):
    made, secret = share(house, alice)
    guest = house.shares.redeem(made.id, secret, None, here())
    principal = house.accounts.principal_of_cookie(guest.session_secret)
    assert principal.role is Role.GUEST
    assert house.openings.open(principal, STUDY, here()).study_instance_uid == "1.2.3"
    other = type(STUDY)("1.2.4", "main", "v1", {})
    with pytest.raises(Forbidden):
        house.openings.open(principal, other, here())
    with pytest.raises(Forbidden):
        house.shares.create(principal, Wish("1.2.3"), here())


def test_revoking_ends_guests_before_it_returns(house, alice):
    made, secret = share(house, alice)
    guest = house.shares.redeem(made.id, secret, None, here())
    house.openings.open(guest.principal, STUDY, here())
    place = house.tiles / "grants" / guest.view_key
    assert place.exists()
    house.shares.revoke(alice, made.id, here())
    assert not place.exists()
    assert house.accounts.principal_of_cookie(guest.session_secret) is None
    with pytest.raises(NotSignedIn):
        house.accounts.session_ends(guest.principal)
    with pytest.raises(Gone):
        house.shares.redeem(made.id, secret, None, here())


def test_the_shares_of_a_disabled_person_end_with_the_person(house, alice):
    made, secret = share(house, alice)
    guest = house.shares.redeem(made.id, secret, None, here())
    house.openings.open(guest.principal, STUDY, here())
    house.add("bob")
    others, others_secret = share(house, house.sign_in("bob").principal)
    house.accounts.disable_user("alice")
    assert not (house.tiles / "grants" / guest.view_key).exists()
    assert house.accounts.principal_of_cookie(guest.session_secret) is None
    with pytest.raises(Gone):
        house.shares.redeem(made.id, secret, None, here())
    assert house.shares.redeem(others.id, others_secret, None, here()).principal.share_id == others.id


@pytest.mark.parametrize("max_opens", [0, -3])
def test_a_share_can_be_opened_at_least_once(house, alice, max_opens):
    with pytest.raises(BadRequest):
        share(house, alice, max_opens=max_opens)


def test_only_its_maker_or_the_sites_keeper_revokes(house, alice):
    made, _ = share(house, alice)
    house.add("bob")
    house.add("keeper", Role.ADMIN)
    with pytest.raises(NotFound):
        house.shares.revoke(house.sign_in("bob").principal, made.id, here())
    house.shares.revoke(house.sign_in("keeper").principal, made.id, here())


def test_a_share_expires_and_its_guests_never_outlive_it(house, alice, monkeypatch):
    made, secret = share(house, alice, days=1)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 - 60)
    guest = house.shares.redeem(made.id, secret, None, here())
    assert guest.expires_at.timestamp() <= now + 24 * 3600 + 1
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 + 1)
    assert house.accounts.principal_of_cookie(guest.session_secret) is None
    with pytest.raises(Gone):
        house.shares.preview(made.id, secret)


@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_share_lives_no_longer_than_the_site_allows(house, alice, days):
    with pytest.raises(BadRequest):
        share(house, alice, days=days)


def test_the_passphrase_is_guarded_and_guessing_slowed_down(house, alice, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # a slow machine must not let the wait pass by itself
    made, secret = share(house, alice, passphrase="between the lines")
    with pytest.raises(StepNeeded):
        house.shares.redeem(made.id, secret, None, here())
    for _ in range(5):
        with pytest.raises(StepNeeded):
            house.shares.redeem(made.id, secret, "wrong", here())
    with pytest.raises(TooManyRequests):
        house.shares.redeem(made.id, secret, "between the lines", here())


def test_a_wrong_secret_is_no_share(house, alice):
    made, secret = share(house, alice)
    words = set()
    for share_id, told in ((made.id, secret[:-1]), (made.id, ""), ("nothing", secret)):
        with pytest.raises(NotFound) as refusal:
            house.shares.redeem(share_id, told, None, here())
        words.add(str(refusal.value))
    assert len(words) == 1


def test_no_secret_is_stored(house, alice, tmp_path):
    _, secret = share(house, alice, passphrase="between the lines")
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in stored
    assert b"between the lines" not in stored
