"""How long a session or token goes on being somebody, and what no record means for signing in and sharing."""

import time

import pytest
from house import PASSWORD, STUDY, House, here

from gateway.access import credentials
from gateway.access.principal import Role
from gateway.access.tokens import Tokens
from gateway.errors import AuditUnwritable, BadRequest, NotFound, NotSignedIn, TooManyRequests
from gateway.services.shares import Wish
from gateway.store.grant_directories import GrantDirectories

HOUR = 3600


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.add()
    return made


@pytest.fixture
def clock(monkeypatch):
    """Sets the time on from now, in seconds."""
    start = time.time()

    def goes_to(seconds):
        monkeypatch.setattr(time, "time", lambda: start + seconds)

    goes_to(0)
    return goes_to


def stop_recording(house):
    house.audit_store._database.close()
    house.audit_path.unlink()
    house.audit_path.mkdir()


def test_a_session_nobody_uses_ends(house, clock):
    secret = house.sign_in().session_secret
    clock(HOUR - 1)
    assert house.accounts.principal_of_cookie(secret).name == "alice"
    clock(2 * HOUR - 2)
    assert house.accounts.principal_of_cookie(secret).name == "alice"
    clock(3 * HOUR)
    assert house.accounts.principal_of_cookie(secret) is None


def test_a_session_that_is_always_used_ends_too(house, clock):
    secret = house.sign_in().session_secret
    for half_hours in range(24):
        clock(half_hours * HOUR / 2)
        assert house.accounts.principal_of_cookie(secret) is not None
    clock(12 * HOUR + 1)
    assert house.accounts.principal_of_cookie(secret) is None


def test_idle_sessions_lead_to_no_pictures_after_the_sweep(house, clock):
    principal = house.sign_in().principal
    house.openings.open(principal, STUDY, here())
    place = house.tiles / "grants" / principal.view_key
    clock(HOUR - 5)
    house.openings.sweep_and_beat()
    assert place.exists()
    clock(HOUR + 5)
    house.openings.sweep_and_beat()
    assert not place.exists()


def test_a_loopback_account_signs_in_at_the_machine_alone(house):
    house.add("demo", loopback_only=True)
    here_only = house.accounts.sign_in("demo", PASSWORD, here("127.0.0.1"), from_loopback=True)
    assert here_only.principal.name == "demo"
    with pytest.raises(NotSignedIn):
        house.accounts.sign_in("demo", PASSWORD, here(), from_loopback=False)


def test_signing_out_leaves_the_persons_other_sessions(house):
    first, second = house.sign_in(), house.sign_in()
    house.accounts.sign_out(first.principal, here())
    assert house.accounts.principal_of_cookie(first.session_secret) is None
    assert house.accounts.principal_of_cookie(second.session_secret).session_id == second.principal.session_id


@pytest.mark.parametrize("ending", ["new password", "sign out"])
def test_a_token_is_not_replayed_after_revocation(house, ending):
    token = house.accounts.issue_token("alice", 5)
    principal = house.accounts.principal_of_token(token)
    if ending == "sign out":
        house.accounts.sign_out(principal, here())
    else:
        house.accounts.set_password("alice", "another long password")
    with pytest.raises(NotSignedIn):
        house.accounts.principal_of_token(token)


def test_a_token_and_a_cookie_do_not_stand_in_for_each_other(house, tmp_path):
    house.add("bob")
    signer = Tokens(tmp_path / "keys", issuer="https://lightbox.test")
    session_id = house.accounts.principal_of_token(house.accounts.issue_token("alice", 5)).session_id
    assert house.accounts.principal_of_token(signer.issue("alice", session_id, 60)).name == "alice"
    for subject, session in (("bob", session_id), ("alice", house.sign_in().principal.session_id), ("alice", "")):
        with pytest.raises(NotSignedIn):
            house.accounts.principal_of_token(signer.issue(subject, session, 60))
    for not_a_secret in (session_id, "", house.sign_in().view_key):
        assert house.accounts.principal_of_cookie(not_a_secret) is None


@pytest.mark.parametrize("minutes", [0, -1, 721])
def test_tokens_are_short(house, minutes):
    with pytest.raises(BadRequest):
        house.accounts.issue_token("alice", minutes)


def test_tokens_are_for_people_who_are_here(house):
    with pytest.raises(NotFound):
        house.accounts.issue_token("nobody", 5)
    house.accounts.disable_user("alice")
    with pytest.raises(BadRequest):
        house.accounts.issue_token("alice", 5)


def test_the_wait_passes_grows_and_is_forgotten_when_right(house, clock):
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            house.sign_in(password="wrong")
    waits, at = [], 0
    for _ in range(5):
        with pytest.raises(TooManyRequests) as refusal:
            house.sign_in()
        waits.append(refusal.value.retry_after)
        at += refusal.value.retry_after
        clock(at)
        with pytest.raises(NotSignedIn):
            house.sign_in(password="wrong")
    assert waits == [1, 2, 4, 8, 16]
    clock(at + 300)
    house.sign_in()
    with pytest.raises(NotSignedIn):
        house.sign_in(password="wrong")
    house.sign_in()


def test_one_address_that_tries_many_names_waits_too(house, clock):
    for number in range(25):
        with pytest.raises(NotSignedIn):
            house.sign_in(f"name{number}", "wrong")
    with pytest.raises(TooManyRequests):
        house.sign_in()
    assert house.sign_in(address="10.0.0.8").principal.name == "alice"


@pytest.mark.parametrize("moment", ["before the link", "after the link"])
def test_who_is_signed_out_while_opening_gets_no_pictures(house, monkeypatch, moment):
    principal, link = house.sign_in().principal, GrantDirectories.link

    def interrupted(self, *told):
        if moment == "after the link":
            link(self, *told)
        house.accounts.sign_out(principal, here())
        if moment == "before the link":
            link(self, *told)

    monkeypatch.setattr(GrantDirectories, "link", interrupted)
    with pytest.raises(NotSignedIn):
        house.openings.open(principal, STUDY, here())
    assert not (house.tiles / "grants" / principal.view_key).exists()


def test_who_is_disabled_while_signing_in_is_nobody(house, monkeypatch):
    is_right = credentials.is_right

    def interrupted(*told):
        right = is_right(*told)
        house.accounts.disable_user("alice")
        return right

    monkeypatch.setattr(credentials, "is_right", interrupted)
    secret = house.sign_in().session_secret
    assert house.accounts.principal_of_cookie(secret) is None


def test_a_session_that_is_over_opens_nothing(house):
    principal = house.sign_in().principal
    house.accounts.sign_out(principal, here())
    before = len(house.records())
    with pytest.raises(NotSignedIn):
        house.openings.open(principal, STUDY, here())
    assert len(house.records()) == before
    assert not (house.tiles / "grants" / principal.view_key).exists()


def test_without_a_record_nobody_signs_in_and_nothing_is_shared(house):
    principal = house.sign_in().principal
    made, secret = house.shares.create(principal, Wish("1.2.3", max_opens=1), here())
    stop_recording(house)
    for refused in (
        house.sign_in,
        lambda: house.shares.create(principal, Wish("1.2.3"), here()),
        lambda: house.shares.redeem(made.id, secret, None, here()),
    ):
        with pytest.raises(AuditUnwritable):
            refused()
    (listed,) = house.shares.list_for(principal)
    assert (listed.id, listed.opens, listed.state) == (made.id, 0, "open")


def test_a_withdrawal_holds_even_where_it_cannot_be_recorded(house):
    signed_in = house.sign_in()
    house.openings.open(signed_in.principal, STUDY, here())
    stop_recording(house)
    with pytest.raises(AuditUnwritable):
        house.accounts.sign_out(signed_in.principal, here())
    assert house.accounts.principal_of_cookie(signed_in.session_secret) is None
    assert not (house.tiles / "grants" / signed_in.view_key).exists()


def test_a_keeper_is_one_who_can_sign_in(house):
    assert not house.accounts.has_admin()
    house.add("keeper", Role.ADMIN)
    assert house.accounts.has_admin()
    house.accounts.disable_user("keeper")
    assert not house.accounts.has_admin()
