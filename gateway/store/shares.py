"""Shares and their trail as rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.tables import sessions, share_trail, shares


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One opening of a share, or a refused one."""

    at: int
    what: str
    device: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One share as stored; its secret and passphrase only as hashes."""

    id: str
    secret_hash: str
    study_instance_uid: str
    series_instance_uids: frozenset[str]
    with_report: bool
    created_by: str
    shared_by: str
    created_at: int
    expires_at: int
    max_opens: int | None
    opens: int
    passphrase_hash: str | None
    recipient: str
    purpose: str
    revoked_at: int | None
    trail: tuple[TrailRow, ...] = ()


class ShareStore:
    """Reads and writes shares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, share: ShareRow) -> None:
        """Adds a share."""
        row = {name: getattr(share, name) for name in shares.c.keys()}  # noqa: SIM118 - a collection, no dict
        row["series_instance_uids"] = json.dumps(sorted(share.series_instance_uids))
        with self._database.write() as connection:
            connection.execute(sa.insert(shares).values(row))

    def find(self, share_id: str) -> ShareRow | None:
        """The share of that id."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(shares).where(shares.c.id == share_id)).first()
        return _share(row, ()) if row else None

    def find_all(self, created_by: str | None = None, study_instance_uid: str | None = None) -> list[ShareRow]:
        """Shares with their trails, newest first; all makers' and studies' where none is named."""
        query = sa.select(shares).order_by(shares.c.created_at.desc(), shares.c.id)
        if created_by is not None:
            query = query.where(shares.c.created_by == created_by)
        if study_instance_uid is not None:
            query = query.where(shares.c.study_instance_uid == study_instance_uid)
        with self._database.read() as connection:
            return [_share(row, _trail(connection, row.id)) for row in connection.execute(query)]

    def count_open(self, share_id: str, session: dict[str, Any], device: str, now: int) -> bool:
        """Counts one open and adds the guest's session, both or neither; False where the share has none left.

        One statement decides, so that two guests who come at once cannot both take the last open.
        """
        left = sa.or_(shares.c.max_opens.is_(None), shares.c.opens < shares.c.max_opens)
        live = sa.and_(shares.c.id == share_id, shares.c.revoked_at.is_(None), shares.c.expires_at > now, left)
        with self._database.write() as connection:
            counted = connection.execute(sa.update(shares).where(live).values(opens=shares.c.opens + 1))
            if not counted.rowcount:
                return False
            connection.execute(sa.insert(sessions).values(**session))
            _note(connection, share_id, now, "opened", device)
            return True

    def note_refusal(self, share_id: str, device: str, now: int) -> None:
        """Adds a refused opening to the trail."""
        with self._database.write() as connection:
            _note(connection, share_id, now, "refused", device)

    def revoke(self, share_id: str, now: int) -> list[str]:
        """Revokes the share and its guests' sessions; their view keys, so that what they lead to can be unlinked."""
        guests = sa.and_(sessions.c.share_id == share_id, sessions.c.revoked_at.is_(None))
        with self._database.write() as connection:
            unrevoked = (shares.c.id == share_id, shares.c.revoked_at.is_(None))
            connection.execute(sa.update(shares).where(*unrevoked).values(revoked_at=now))
            ended = list(connection.scalars(sa.select(sessions.c.view_key).where(guests)))
            connection.execute(sa.update(sessions).where(guests).values(revoked_at=now))
        return ended


def _note(connection: sa.Connection, share_id: str, now: int, what: str, device: str) -> None:
    connection.execute(sa.insert(share_trail).values(share_id=share_id, at=now, what=what, device=device))


def _trail(connection: sa.Connection, share_id: str) -> tuple[TrailRow, ...]:
    query = (
        sa.select(share_trail).where(share_trail.c.share_id == share_id).order_by(share_trail.c.id.desc()).limit(100)
    )
    return tuple(TrailRow(row.at, row.what, row.device) for row in connection.execute(query))


def _share(row: Any, trail: tuple[TrailRow, ...]) -> ShareRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    values["series_instance_uids"] = frozenset(json.loads(values["series_instance_uids"]))
    return ShareRow(**values, trail=trail)
