"""Passwords, passphrases and random secrets (NIST SP 800-63B-4; argon2id)."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.errors import BadRequest

SHORTEST_PASSWORD, LONGEST_PASSWORD = 15, 128
FREE_FAILURES = 5
LONGEST_DELAY = 300

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Checked in place of the password of somebody unknown, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The password's argon2id hash; raises BadRequest for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadRequest(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")
    return _hasher.hash(password)


def hash_passphrase(passphrase: str) -> str:
    """The argon2id hash of a share's passphrase."""
    return _hasher.hash(passphrase)


def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password is the one hashed; takes as long for None, where there is nobody."""
    try:
        return _hasher.verify(hashed or _NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def new_secret() -> str:
    """A secret of 256 random bits for URLs and cookies."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """A public random name of 128 bits."""
    return secrets.token_hex(16)


def new_view_key() -> str:
    """The name of a session's directory of grants: 64 hexadecimal digits, as nginx.conf expects them."""
    return secrets.token_hex(32)


def fingerprint(secret: str) -> str:
    """What is stored of a random secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def seconds_to_wait(failures: int, last_at: int, now: int) -> int:
    """How long the next attempt must wait after that many failures in a row: nothing at first, then ever longer."""
    if failures < FREE_FAILURES:
        return 0
    delay = min(LONGEST_DELAY, 1 << min(failures - FREE_FAILURES, 16))
    return max(0, last_at + delay - now)
