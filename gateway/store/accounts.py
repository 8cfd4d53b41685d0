"""People, their sessions and their failed attempts, as rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.tables import attempts, sessions, shares, users

FORGOTTEN_AFTER = 24 * 3600


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person who may sign in."""

    name: str
    display_name: str
    role: str
    password_hash: str
    identifiers: frozenset[str]
    loopback_only: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that has neither been revoked nor expired; `user` is None for a share's guest."""

    id: str
    view_key: str
    share_id: str | None
    channel: str
    last_seen_at: int
    expires_at: int
    user: UserRow | None


class AccountStore:
    """Reads and writes people, sessions and attempts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_user(self, user: UserRow) -> None:
        """Adds a person; raises Conflict where the name is taken."""
        row = {
            "name": user.name,
            "display_name": user.display_name,
            "role": user.role,
            "password_hash": user.password_hash,
            "identifiers": json.dumps(sorted(user.identifiers)),
            "loopback_only": user.loopback_only,
        }
        with self._database.write() as connection:
            connection.execute(sa.insert(users).values(row))

    def find_user(self, name: str) -> UserRow | None:
        """The person of that name."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(users).where(users.c.name == name)).first()
        return _user(row) if row else None

    def list_users(self) -> list[UserRow]:
        """Everybody, by name."""
        with self._database.read() as connection:
            return [_user(row) for row in connection.execute(sa.select(users).order_by(users.c.name))]

    def set_password(self, name: str, password_hash: str) -> None:
        """Replaces the password's hash."""
        with self._database.write() as connection:
            connection.execute(sa.update(users).where(users.c.name == name).values(password_hash=password_hash))

    def disable_user(self, name: str, now: int) -> list[str]:
        """Disables the person and revokes sessions, shares and the shares' guests; all these sessions' view keys."""
        made = sa.select(shares.c.id).where(shares.c.created_by == name)
        with self._database.write() as connection:
            connection.execute(sa.update(users).where(users.c.name == name).values(disabled_at=now))
            live = sa.and_(shares.c.created_by == name, shares.c.revoked_at.is_(None))
            connection.execute(sa.update(shares).where(live).values(revoked_at=now))
            theirs = sa.or_(sessions.c.user_name == name, sessions.c.share_id.in_(made))
            return _revoke(connection, theirs, now)

    def revoke_sessions_of(self, name: str, now: int) -> list[str]:
        """Ends all sessions of the person; their view keys."""
        with self._database.write() as connection:
            return _revoke(connection, sessions.c.user_name == name, now)

    def add_session(self, **row: Any) -> None:
        """Adds a session."""
        with self._database.write() as connection:
            connection.execute(sa.insert(sessions).values(**row))

    def find_session(self, now: int, *, secret_hash: str = "", session_id: str = "") -> SessionRow | None:
        """The live session of that secret or id, with its person; None where it or the person is no longer valid."""
        chosen = sessions.c.secret_hash == secret_hash if secret_hash else sessions.c.id == session_id

        def read(connection: sa.Connection) -> SessionRow | None:
            query = (
                sa.select(sessions, users)
                .outerjoin(users, users.c.name == sessions.c.user_name)
                .where(chosen, sessions.c.revoked_at.is_(None), users.c.disabled_at.is_(None))
            )
            row = connection.execute(query).first()
            if row is None:
                return None
            user = _user(row) if row.user_name else None
            return SessionRow(row.id, row.view_key, row.share_id, row.channel, row.last_seen_at, row.expires_at, user)

        found = self._database.remembered(("session", secret_hash, session_id), read)
        return found if found is not None and found.expires_at > now else None

    def seen(self, session_id: str, now: int) -> None:
        """Notes that the session was just used."""
        with self._database.write() as connection:
            connection.execute(sa.update(sessions).where(sessions.c.id == session_id).values(last_seen_at=now))

    def revoke_session(self, session_id: str, now: int) -> list[str]:
        """Ends the session; its view key."""
        with self._database.write() as connection:
            return _revoke(connection, sessions.c.id == session_id, now)

    def attempt(self, keys: Sequence[str], now: int, wait_of: Callable[[str, int, int], int]) -> int:
        """Seconds to wait, or 0 with one more attempt counted for each key.

        Counted before the password is looked at, in one transaction: guesses that come at once wait for each other.
        `wait_of` gives the wait for a key out of its failures and the time of the last.
        """
        with self._database.write() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.last_at < now - FORGOTTEN_AFTER))
            rows = connection.execute(sa.select(attempts).where(attempts.c.key.in_(keys))).all()
            if wait := max((wait_of(row.key, row.failures, row.last_at) for row in rows), default=0):
                return wait
            for key in set(keys) - {row.key for row in rows}:
                connection.execute(sa.insert(attempts).values(key=key, failures=0, last_at=now))
            counted = sa.update(attempts).where(attempts.c.key.in_(keys))
            connection.execute(counted.values(failures=attempts.c.failures + 1, last_at=now))
            return 0

    def succeeded(self, keys: Sequence[str]) -> None:
        """The attempt was right: the first key's failures are forgotten, the others have one less."""
        with self._database.write() as connection:
            connection.execute(sa.delete(attempts).where(attempts.c.key == keys[0]))
            others = sa.update(attempts).where(attempts.c.key.in_(keys[1:]), attempts.c.failures > 0)
            connection.execute(others.values(failures=attempts.c.failures - 1))


def _revoke(connection: sa.Connection, which: sa.ColumnElement[bool], now: int) -> list[str]:
    live = sa.and_(which, sessions.c.revoked_at.is_(None))
    ended = list(connection.scalars(sa.select(sessions.c.view_key).where(live)))
    connection.execute(sa.update(sessions).where(live).values(revoked_at=now))
    return ended


def _user(row: Any) -> UserRow:
    return UserRow(
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        password_hash=row.password_hash,
        identifiers=frozenset(json.loads(row.identifiers)),
        loopback_only=row.loopback_only,
        disabled=row.disabled_at is not None,
    )
