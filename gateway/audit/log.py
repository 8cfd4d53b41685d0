"""The audit log: append, and prove that nothing was changed."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from gateway.audit.chain import canonical, commitment, next_hash, why_broken
from gateway.audit.event import Event
from gateway.errors import AuditUnwritable, GatewayError
from gateway.store.audit_log import AuditRow, AuditStore


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Whether the whole log is as it was written; else the first record that is not, and why."""

    ok: bool
    records: int
    first_bad_sequence: int | None = None
    reason: str = ""


class AuditLog:
    """Records events durably, chained one to the next."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    def append(self, event: Event) -> int:
        """The record's sequence, once it is on the disk; raises AuditUnwritable, and then nothing may be shown."""
        personal = {name: (secrets.token_hex(16), value) for name, value in event.personal.items() if value}
        when = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

        def chained(sequence: int, previous: str) -> AuditRow:
            body = canonical(
                {
                    "sequence": sequence,
                    "time": when,
                    "event": event.kind.value,
                    "what": event.what,
                    "outcome": event.outcome.value,
                    "role": event.role,
                    "channel": event.channel,
                    "session": event.session_id,
                    "token": event.token_id,
                    "share": event.share_id,
                    "request": event.request_id,
                    "study": event.study_instance_uid,
                    "series": list(event.series_instance_uids),
                    "personal": {name: commitment(salt, value) for name, (salt, value) in personal.items()},
                }
            )
            return AuditRow(sequence, body, next_hash(previous, body), personal)

        try:
            return self._store.append(chained)
        except GatewayError as error:
            raise AuditUnwritable("Access cannot be recorded right now, so nothing is shown.") from error

    def verify(self) -> VerifyResult:
        """Reads the whole log: its numbers without a gap, its chain, its commitments, and its end.

        Whoever can rebuild the whole file can rebuild its end too: only a copy elsewhere would show that.
        """
        previous, expected = "", 1
        for row in self._store.rows():
            if row.sequence != expected:
                return _broken(expected - 1, expected, "it is missing")
            if reason := why_broken(previous, row.sequence, row.body, row.hash, row.personal):
                return _broken(expected - 1, row.sequence, reason)
            previous, expected = row.hash, expected + 1
        return self._verify_end(expected - 1, previous)

    def _verify_end(self, records: int, last: str) -> VerifyResult:
        sequence, newest = self._store.head()
        if sequence > records:
            return _broken(records, records + 1, "it is missing at the end")
        if sequence == records and newest != last:
            return _broken(records - 1, records, "it is not the one that was written")
        if (stray := self._store.stray_personal()) is not None:
            return _broken(records, stray, "it is missing, its personal values are there")
        return VerifyResult(ok=True, records=records)

    def check_writable(self) -> None:
        """Writes something small durably; raises AuditUnwritable where that fails."""
        try:
            self._store.beat()
        except GatewayError as error:
            raise AuditUnwritable("The audit log cannot be written.") from error


def _broken(records: int, sequence: int, reason: str) -> VerifyResult:
    return VerifyResult(ok=False, records=records, first_bad_sequence=sequence, reason=reason)
