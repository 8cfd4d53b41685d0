"""The rules of share links: pure, so that they can be read and tested without anything else."""

from __future__ import annotations

from gateway.errors import BadRequest

USUAL_DAYS = 7
GUEST_SECONDS = 12 * 3600
DAY = 24 * 3600


def expiry(now: int, days: int, cap: int) -> int:
    """When a share made now ends; raises BadRequest beyond the site's cap."""
    if not 1 <= days <= cap:
        raise BadRequest(f"A share lives between 1 and {cap} days.")
    return now + days * DAY


def guest_session_ends(now: int, share_ends: int) -> int:
    """When a guest's session ends: after twelve hours, and never after the share."""
    return min(now + GUEST_SECONDS, share_ends)


def state(now: int, expires_at: int, revoked_at: int | None, opens: int, max_opens: int | None) -> str:
    """How the share stands: open, revoked, expired or used-up."""
    if revoked_at is not None:
        return "revoked"
    if now >= expires_at:
        return "expired"
    if max_opens is not None and opens >= max_opens:
        return "used-up"
    return "open"


def device_of(user_agent: str) -> str:
    """Which kind of device a guest came by, for the maker's trail; nothing that tells one device from another."""
    text = user_agent.casefold()
    for word, device in (
        ("ipad", "tablet"),
        ("tablet", "tablet"),
        ("iphone", "phone"),
        ("mobile", "phone"),
        ("android", "tablet"),
        ("mozilla", "computer"),
    ):
        if word in text:
            return device
    return "other"
