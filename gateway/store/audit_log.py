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

# What the newest record is, written with it: records cut off at the end show.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

audit_pulse = sa.Table(
    "audit_pulse",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("beats", sa.BigInteger, nullable=False),
)


PAGE = 500


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
            head = {"sequence": row.sequence, "hash": row.hash}
            if not connection.execute(sa.update(audit_head).values(**head)).rowcount:
                connection.execute(sa.insert(audit_head).values(id=1, **head))
        return row.sequence

    def head(self) -> tuple[int, str]:
        """Sequence and hash of the newest record as written with it; 0 and nothing for an empty log."""
        with self._database.read() as connection:
            found = connection.execute(sa.select(audit_head.c.sequence, audit_head.c.hash)).first()
        return (found[0], found[1]) if found else (0, "")

    def stray_personal(self) -> int | None:
        """The first sequence that has personal values but no record."""
        known = sa.select(audit_records.c.sequence)
        query = sa.select(sa.func.min(audit_personal.c.sequence)).where(audit_personal.c.sequence.not_in(known))
        with self._database.read() as connection:
            stray: int | None = connection.scalar(query)
        return stray

    def rows(self) -> Iterator[AuditRow]:
        """All records in order, read page by page: appending goes on in between."""
        last = 0
        while page := self._page(last):
            yield from page
            last = page[-1].sequence

    def _page(self, after: int) -> list[AuditRow]:
        # Bytes that are no UTF-8 any more are an alteration to be told, not a fault of the database.
        text = [
            sa.cast(column, sa.LargeBinary).label(column.name)
            for column in (audit_records.c.body, audit_records.c.hash)
        ]
        records = sa.select(audit_records.c.sequence, *text).where(audit_records.c.sequence > after)
        records = records.order_by(audit_records.c.sequence).limit(PAGE)
        with self._database.read() as connection:
            found = connection.execute(records).all()
            personal: dict[int, dict[str, tuple[str, str]]] = {row.sequence: {} for row in found}
            if found:
                aside = sa.select(audit_personal).where(
                    audit_personal.c.sequence.between(found[0].sequence, found[-1].sequence)
                )
                for row in connection.execute(aside):
                    personal.setdefault(row.sequence, {})[row.field] = (row.salt, row.value)
        return [AuditRow(row.sequence, _text(row.body), _text(row.hash), personal[row.sequence]) for row in found]

    def beat(self) -> None:
        """Writes one small row durably: raises Unavailable where nothing can be written."""
        with self._database.write() as connection:
            raised = connection.execute(sa.update(audit_pulse).values(beats=audit_pulse.c.beats + 1))
            if not raised.rowcount:
                connection.execute(sa.insert(audit_pulse).values(id=1, beats=1))


def _text(stored: bytes | str) -> str:
    return stored if isinstance(stored, str) else bytes(stored).decode("utf-8", "replace")
