"""Every role against every scope, and the rules of waiting and of shares at their edges."""

import pytest

from gateway.access import credentials, shares
from gateway.access.policy import SCOPES, Policy
from gateway.access.principal import Channel, Principal, Role, Scope
from gateway.errors import BadRequest, Forbidden

# Written out apart from the policy's own table: whoever widens a role must widen it here too, on purpose.
MAY = {
    "study:search": {"radiologist", "physician", "referrer"},
    "study:open": {"radiologist", "physician", "referrer", "guest"},
    "report:read": {"radiologist", "physician", "referrer", "guest"},
    "share:create": {"radiologist", "physician"},
    "share:revoke-any": {"admin"},
    "user:change": {"admin"},
    "site:watch": {"admin"},
    "audit:read": {"auditor"},
}


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_is_written_here_and_nothing_else(role, scope):
    principal = Principal("x", "X", role, SCOPES[role], "s", Channel.COOKIE, "v")
    if role in MAY[scope]:
        Policy().require(principal, scope)
    else:
        with pytest.raises(Forbidden):
            Policy().require(principal, scope)


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, 0), (4, 0), (5, 1), (6, 2), (8, 8), (13, 256), (14, 300), (10_000, 300)]
)
def test_waits_double_from_the_fifth_failure_to_five_minutes(failures, wait):
    assert credentials.seconds_to_wait(failures, 1000, 1000) == wait
    assert credentials.seconds_to_wait(failures, 1000, 1000 + wait) == 0


def test_a_password_is_right_alone_and_nobody_has_one():
    hashed = credentials.hash_password("correct horse battery")
    assert credentials.is_right("correct horse battery", hashed)
    for wrong in ("correct horse batter", "Correct horse battery", ""):
        assert not credentials.is_right(wrong, hashed)
    assert not credentials.is_right("", None)
    assert not credentials.is_right("anything", "not a hash")
    assert hashed != credentials.hash_password("correct horse battery")


@pytest.mark.parametrize(
    ("now", "revoked_at", "opens", "state"),
    [(99, None, 2, "open"), (100, None, 0, "expired"), (99, None, 3, "used-up"), (99, 50, 0, "revoked")],
)
def test_a_share_stands_as_it_does_at_the_edge(now, revoked_at, opens, state):
    assert shares.state(now, 100, revoked_at, opens, 3) == state


def test_a_share_without_a_number_of_opens_is_never_used_up():
    assert shares.state(99, 100, None, 1_000_000, None) == "open"


def test_shares_live_from_one_day_to_the_cap():
    assert shares.expiry(0, 1, 30) == 86_400
    assert shares.expiry(0, 30, 30) == 30 * 86_400
    for days in (0, 31):
        with pytest.raises(BadRequest):
            shares.expiry(0, days, 30)


def test_a_guest_stays_twelve_hours_or_to_the_shares_end():
    assert shares.guest_session_ends(0, 10**9) == 12 * 3600
    assert shares.guest_session_ends(0, 60) == 60
