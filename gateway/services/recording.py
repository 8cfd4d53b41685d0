"""What a request's audit record says: who, from where, about what; told the same way by every service."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.access.principal import Circumstances, Principal
from gateway.audit.event import Event, EventKind, Outcome
from gateway.dicom.model import Study


@dataclass(frozen=True, slots=True)
class About:
    """What an event was about and how it ended."""

    study: Study | None = None
    series_instance_uids: tuple[str, ...] = ()
    share_id: str = ""
    asked: str = ""
    outcome: Outcome = Outcome.SUCCESS


NOTHING = About()


def event_of(
    kind: EventKind, what: str, who: Principal | str, circumstances: Circumstances, about: About = NOTHING
) -> Event:
    """The event with everything that is known of it; `who` is a name where nobody is signed in."""
    personal = {
        "person": who if isinstance(who, str) else who.name,
        "address": circumstances.source_address,
        "application": circumstances.user_agent,
        "reason": circumstances.reason,
        "asked": about.asked,
    }
    if about.study is not None:
        personal["patient_name"] = about.study.text("PatientName")
        personal["patient_id"] = about.study.text("PatientID")
    event = Event(
        kind=kind,
        outcome=about.outcome,
        what=what,
        share_id=about.share_id,
        request_id=circumstances.request_id,
        study_instance_uid=about.study.study_instance_uid if about.study else "",
        series_instance_uids=about.series_instance_uids,
        personal=personal,
    )
    return event if isinstance(who, str) else _with_session(event, who)


def _with_session(event: Event, principal: Principal) -> Event:
    return replace(
        event,
        role=principal.role.value,
        channel=principal.channel.value,
        session_id=principal.session_id,
        token_id=principal.token_id or "",
        share_id=event.share_id or principal.share_id or "",
    )
