"""What can happen that is worth a record, with the standard's codes where it has them (PS3.15 A.5, table CID 400)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class EventKind(Enum):
    """The kinds of event: a DCM code, or a name of ours for what the standard has no code for."""

    APPLICATION_ACTIVITY = "110100"
    INSTANCES_ACCESSED = "110103"
    EXPORT = "110106"
    QUERY = "110112"
    SECURITY_ALERT = "110113"
    USER_AUTHENTICATION = "110114"
    SHARE_CREATED = "share:create"
    SHARE_REDEEMED = "share:redeem"
    SHARE_REVOKED = "share:revoke"
    USER_CHANGED = "user:change"
    MEASUREMENTS_CHANGED = "measurement:change"
    TOKEN_ISSUED = "token:issue"  # noqa: S105 - the event's name


class Outcome(Enum):
    """How it ended: the numbers are those of Event Outcome Indicator (PS3.15 A.5.2)."""

    SUCCESS = "0"
    REFUSED = "4"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `personal` holds what names a person; it is stored aside of the chain."""

    kind: EventKind
    outcome: Outcome
    what: str
    role: str = ""
    channel: str = ""
    session_id: str = ""
    token_id: str = ""
    share_id: str = ""
    request_id: str = ""
    study_instance_uid: str = ""
    series_instance_uids: tuple[str, ...] = ()
    personal: dict[str, str] = field(default_factory=dict)
