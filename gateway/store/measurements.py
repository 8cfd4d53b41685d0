"""Measurements as rows: one for each user and study, with a version that tells two devices apart."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gateway.errors import Conflict
from gateway.store.database import Database
from gateway.store.tables import measurements


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    """What a user has drawn on a study, as JSON; version 0 where nothing ever was."""

    version: int
    drawn: str


class MeasurementStore:
    """Reads and writes measurements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, user_name: str, study_instance_uid: str) -> MeasurementRow:
        """What the user has drawn on the study."""
        with self._database.read() as connection:
            return _find(connection, user_name, study_instance_uid)

    def replace(self, user_name: str, study_instance_uid: str, row: MeasurementRow, now: int) -> int:
        """The new version, once the row stands in the place of the one of its version; else raises Conflict."""
        key = {"user_name": user_name, "study_instance_uid": study_instance_uid}
        values = {"version": row.version + 1, "drawn": row.drawn, "changed_at": now}
        with self._database.write() as connection:
            if _find(connection, user_name, study_instance_uid).version != row.version:
                raise Conflict("These measurements have been changed elsewhere in the meantime.")
            if row.version == 0:
                connection.execute(sa.insert(measurements).values(**key, **values))
            else:
                connection.execute(sa.update(measurements).filter_by(**key).values(**values))
        return row.version + 1


def _find(connection: sa.Connection, user_name: str, study_instance_uid: str) -> MeasurementRow:
    query = sa.select(measurements.c.version, measurements.c.drawn).where(
        measurements.c.user_name == user_name, measurements.c.study_instance_uid == study_instance_uid
    )
    found = connection.execute(query).first()
    return MeasurementRow(found.version, found.drawn) if found else MeasurementRow(0, "[]")
