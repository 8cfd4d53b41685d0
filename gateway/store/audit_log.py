"""The audit log's rows: a chain of canonical texts, and personal values aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Database

metadata = sa.MetaData()

audit_records = sa.Table(
    "audit_records",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

# What names a person stands here, so that it can be erased without breaking the chain, which holds commitments.
audit_personal = sa.Table(
    "audit_personal",
    metadata,
    sa.Column("sequence", sa.BigInteger, sa.ForeignKey("audit_records.sequence"), primary_key=True),
    sa.Column("field", sa.String(32), primary_key=True),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)

audit_pulse = sa.Table(
    "audit_pulse",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("beats", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One record as stored; `personal` maps a field to its salt and value."""

    sequence: int
    body: str
    hash: str
    personal: dict[str, tuple[str, str]]


class AuditStore:
    """Appends and reads; nothing is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.write() as connection:
            metadata.create_all(connection)

    def append(self, make: Callable[[int, str], AuditRow]) -> int:
        """Writes the record that `make` gives for the next sequence and the last hash; durable when it returns."""
        with self._database.write() as connection:
            newest = sa.select(audit_records.c.sequence, audit_records.c.hash)
            last = connection.execute(newest.order_by(audit_records.c.sequence.desc()).limit(1)).first()
            row = make(last.sequence + 1 if last else 1, last.hash if last else "")
            connection.execute(sa.insert(audit_records).values(sequence=row.sequence, body=row.body, hash=row.hash))
            personal = [
                {"sequence": row.sequence, "field": field, "salt": salt, "value": value}
                for field, (salt, value) in row.personal.items()
            ]
            if personal:
                connection.execute(sa.insert(audit_personal), personal)
        return row.sequence

    def rows(self) -> Iterator[AuditRow]:
        """All records in order."""
        with self._database.read() as connection:
            aside = connection.execute(
                sa.select(audit_personal).order_by(audit_personal.c.sequence).execution_options(yield_per=1000)
            )
            pending = next(aside, None)
            ordered = sa.select(audit_records).order_by(audit_records.c.sequence)
            for row in connection.execute(ordered.execution_options(yield_per=1000)):
                personal: dict[str, tuple[str, str]] = {}
                while pending is not None and pending.sequence <= row.sequence:
                    if pending.sequence == row.sequence:
                        personal[pending.field] = (pending.salt, pending.value)
                    pending = next(aside, None)
                yield AuditRow(row.sequence, row.body, row.hash, personal)

    def beat(self) -> None:
        """Writes one small row durably: raises Unavailable where nothing can be written."""
        with self._database.write() as connection:
            raised = connection.execute(sa.update(audit_pulse).values(beats=audit_pulse.c.beats + 1))
            if not raised.rowcount:
                connection.execute(sa.insert(audit_pulse).values(id=1, beats=1))
