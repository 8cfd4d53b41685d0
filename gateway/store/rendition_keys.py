"""Random keys under which a series' kept renderings are addressed, so that no UID becomes a path."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.errors import Conflict
from gateway.store.database import Database
from gateway.store.tables import series_keys, study_keys


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """The two random names of a series in one version of its study: 32 hexadecimal digits each."""

    study_key: str
    series_key: str


class RenditionKeys:
    """Makes keys at first use and finds what they stand for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def key_for_study(self, study_instance_uid: str) -> str:
        """The study's key."""
        query = sa.select(study_keys.c.study_key).where(study_keys.c.study_instance_uid == study_instance_uid)
        found = self._database.remembered(
            ("study key", study_instance_uid), lambda connection: connection.scalar(query)
        )
        if found:
            return str(found)
        self._add(sa.insert(study_keys).values(study_instance_uid=study_instance_uid, study_key=secrets.token_hex(16)))
        return self.key_for_study(study_instance_uid)

    def keys_for_series(self, study_instance_uid: str, series_instance_uid: str, version: str) -> SeriesKey:
        """The keys of the series as it is in that version of the study."""
        named = {"study": study_instance_uid, "series": series_instance_uid, "version": version}
        found = self._database.remembered(
            ("series key", *named.values()), lambda connection: connection.execute(_KEYS_OF_SERIES, named).first()
        )
        if found:
            return SeriesKey(found[0], found[1])
        self.key_for_study(study_instance_uid)
        row = {"study_instance_uid": study_instance_uid, "series_instance_uid": series_instance_uid}
        self._add(sa.insert(series_keys).values(**row, version=version, series_key=secrets.token_hex(16)))
        return self.keys_for_series(study_instance_uid, series_instance_uid, version)

    def series_of_keys(self, study_key: str, series_key: str) -> tuple[str, str, str] | None:
        """Study, series and version that the two keys stand for."""
        query = sa.select(
            series_keys.c.study_instance_uid, series_keys.c.series_instance_uid, series_keys.c.version
        ).where(
            series_keys.c.series_key == series_key,
            study_keys.c.study_key == study_key,
            study_keys.c.study_instance_uid == series_keys.c.study_instance_uid,
        )
        named = ("series of keys", study_key, series_key)
        found = self._database.remembered(named, lambda connection: connection.execute(query).first())
        return (found[0], found[1], found[2]) if found else None

    def _add(self, statement: sa.Insert) -> None:
        try:
            with self._database.write() as connection:
                connection.execute(statement)
        except Conflict:
            return  # another process made it in the meantime; the caller reads it


_KEYS_OF_SERIES = sa.select(study_keys.c.study_key, series_keys.c.series_key).where(
    study_keys.c.study_instance_uid == series_keys.c.study_instance_uid,
    series_keys.c.study_instance_uid == sa.bindparam("study"),
    series_keys.c.series_instance_uid == sa.bindparam("series"),
    series_keys.c.version == sa.bindparam("version"),
)
