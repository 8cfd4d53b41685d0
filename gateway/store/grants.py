"""Grants as rows: which session may see which study, and the number of the record that says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.tables import grants, sessions


@dataclass(frozen=True, slots=True)
class GrantRow:
    """One grant; no series means all of the study's."""

    id: str
    session_id: str
    study_instance_uid: str
    series_instance_uids: frozenset[str]
    opened_at: int
    expires_at: int
    audit_sequence: int


class GrantStore:
    """Reads and writes grants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, grant: GrantRow) -> None:
        """Adds the grant, in place of one of the same session and study that has expired."""
        row = {
            "id": grant.id,
            "session_id": grant.session_id,
            "study_instance_uid": grant.study_instance_uid,
            "series_instance_uids": json.dumps(sorted(grant.series_instance_uids)),
            "opened_at": grant.opened_at,
            "expires_at": grant.expires_at,
            "audit_sequence": grant.audit_sequence,
        }
        same = (grants.c.session_id == grant.session_id, grants.c.study_instance_uid == grant.study_instance_uid)
        with self._database.write() as connection:
            connection.execute(sa.delete(grants).where(*same))
            connection.execute(sa.insert(grants).values(row))

    def find(self, session_id: str, study_instance_uid: str, now: int) -> GrantRow | None:
        """The session's grant for the study, None where there is none that is still valid."""

        def read(connection: sa.Connection) -> GrantRow | None:
            query = sa.select(grants).where(
                grants.c.session_id == session_id, grants.c.study_instance_uid == study_instance_uid
            )
            row = connection.execute(query).first()
            return _grant(row) if row else None

        found = self._database.remembered(("grant", session_id, study_instance_uid), read)
        return found if found is not None and found.expires_at > now else None

    def opened_since(self, session_id: str, since: int) -> int:
        """How many studies the session has opened since then."""
        query = sa.select(sa.func.count()).where(grants.c.session_id == session_id, grants.c.opened_at >= since)
        with self._database.read() as connection:
            return connection.scalar(query) or 0

    def opened_by(self, user_name: str, since: int) -> dict[str, int]:
        """Each study that the person has opened since then, in whatever session, and when last; the latest first."""
        when = sa.func.max(grants.c.opened_at).label("opened_at")
        query = (
            sa.select(grants.c.study_instance_uid, when)
            .join(sessions, sessions.c.id == grants.c.session_id)
            .where(sessions.c.user_name == user_name, sessions.c.expires_at >= since, grants.c.opened_at >= since)
            .group_by(grants.c.study_instance_uid)
            .order_by(when.desc(), grants.c.study_instance_uid)
        )
        with self._database.read() as connection:
            return {row.study_instance_uid: row.opened_at for row in connection.execute(query)}

    def valid(self, now: int, idle_since: int) -> list[tuple[str, str, frozenset[str]]]:
        """Every grant of a live session: view key, study, series. What is linked beyond these must go."""
        query = sa.select(sessions.c.view_key, grants.c.study_instance_uid, grants.c.series_instance_uids).where(
            grants.c.session_id == sessions.c.id,
            grants.c.expires_at > now,
            sessions.c.expires_at > now,
            sessions.c.last_seen_at > idle_since,
            sessions.c.revoked_at.is_(None),
        )
        with self._database.read() as connection:
            return [(key, study, frozenset(json.loads(series))) for key, study, series in connection.execute(query)]


def _grant(row: Any) -> GrantRow:
    return GrantRow(
        id=row.id,
        session_id=row.session_id,
        study_instance_uid=row.study_instance_uid,
        series_instance_uids=frozenset(json.loads(row.series_instance_uids)),
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        audit_sequence=row.audit_sequence,
    )
