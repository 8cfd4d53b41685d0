"""Recording what is searched for: a question that a screen repeats every half minute is recorded once an hour."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from gateway.access.principal import Circumstances, Principal
from gateway.audit.event import EventKind
from gateway.audit.log import AuditLog
from gateway.dicom.query import Query
from gateway.services.recording import About, event_of
from gateway.store.questions import QuestionStore

RECORDED_EVERY = 3600
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Questions:
    """Records searches of the worklist."""

    audit: AuditLog
    store: QuestionStore

    def record(self, principal: Principal, asked: str, circumstances: Circumstances) -> None:
        """Records the question, unless the same session asked the same from the same place within the hour."""
        now = int(time.time())
        who = f"{principal.name}\0{principal.session_id}\0{circumstances.source_address}"
        digest = hashlib.sha256(f"{who}\0{asked}".encode()).hexdigest()
        if now - self.store.recorded_at(digest) < RECORDED_EVERY:
            return
        about = About(asked=asked[:_LONGEST])
        self.audit.append(event_of(EventKind.QUERY, "searched", principal, circumstances, about))
        self.store.note(digest, now, forget_before=now - RECORDED_EVERY)


def in_words(query: Query) -> str:
    """What the query asks for, as the audit log tells it."""
    asked = "; ".join(filter(None, [query.words, *(f"{name}={value}" for name, value in query.matches.items())]))
    return asked[:_LONGEST]
