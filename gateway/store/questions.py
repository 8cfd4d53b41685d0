"""Which questions were recorded lately, by a digest of who asked what."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from gateway.store.database import Database
from gateway.store.tables import questions


class QuestionStore:
    """Keeps digests of recorded questions, and forgets those that are too old to matter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recorded_at(self, digest: str) -> int:
        """When the question was last recorded, 0 where it is not known."""

        def read(connection: sa.Connection) -> int:
            return connection.scalar(sa.select(questions.c.recorded_at).where(questions.c.digest == digest)) or 0

        return self._database.remembered(("question", digest), read)

    def note(self, digest: str, now: int, forget_before: int) -> None:
        """Keeps that the question was recorded now."""
        noted = sqlite.insert(questions).values(digest=digest, recorded_at=now)
        with self._database.write() as connection:
            connection.execute(sa.delete(questions).where(questions.c.recorded_at < forget_before))
            connection.execute(noted.on_conflict_do_update(index_elements=["digest"], set_={"recorded_at": now}))
