"""Opening a study: policy decides, the record is on the disk, and only then is there a grant."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from gateway.access.credentials import new_id
from gateway.access.policy import Policy
from gateway.access.principal import Channel, Circumstances, Principal
from gateway.audit.event import EventKind, Outcome
from gateway.audit.log import AuditLog
from gateway.dicom.model import Study
from gateway.errors import Forbidden, GatewayError, NotOpened, NotSignedIn, TooManyRequests
from gateway.services.recording import About, event_of
from gateway.store.accounts import AccountStore
from gateway.store.grant_directories import GrantDirectories
from gateway.store.grants import GrantRow, GrantStore
from gateway.store.rendition_keys import RenditionKeys
from gateway.store.shares import ShareStore

OPENINGS_A_MINUTE = 60
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a session may see of a study; no series means all of them."""

    id: str
    study_instance_uid: str
    series_instance_uids: frozenset[str]
    opened_at: dt.datetime

    def covers_series(self, series_instance_uid: str) -> bool:
        """Whether the series is among those granted."""
        return not self.series_instance_uids or series_instance_uid in self.series_instance_uids


@dataclass(frozen=True, slots=True)
class Openings:
    """Grants studies to sessions, and finds the grant that a request stands under."""

    store: GrantStore
    sessions: AccountStore
    shares: ShareStore
    audit: AuditLog
    policy: Policy
    keys: RenditionKeys
    directories: GrantDirectories
    idle_seconds: int

    def open(self, principal: Principal, study: Study, circumstances: Circumstances) -> Grant:
        """The session's grant for the study: the one it has, else a new one behind a new record.

        Raises Forbidden where policy refuses (recorded too) and AuditUnwritable where nothing can be recorded.
        """
        if grant := self.store.find(principal.session_id, study.study_instance_uid, _now()):
            return _grant(grant)
        series = self._allowed_series(principal, study, circumstances)
        self._must_not_hurry(principal)
        session = self.sessions.find_session(_now(), session_id=principal.session_id)
        if session is None:
            raise NotSignedIn
        sequence = self.audit.append(
            event_of(
                EventKind.INSTANCES_ACCESSED,
                "opened",
                principal,
                circumstances,
                About(study, tuple(sorted(series))),
            )
        )
        row = GrantRow(
            new_id(), principal.session_id, study.study_instance_uid, series, _now(), session.expires_at, sequence
        )
        self.store.add(row)
        self._link(principal, study, series)
        if self.sessions.find_session(_now(), session_id=principal.session_id) is None:
            # Revoked in the meantime: whoever revoked may have unlinked before this link was made.
            self.directories.unlink_sessions([principal.view_key])
            raise NotSignedIn
        return _grant(row)

    def require(self, principal: Principal, study_instance_uid: str, series_instance_uid: str | None = None) -> Grant:
        """The grant that the session has; raises NotOpened without one, Forbidden for a series outside it."""
        row = self.store.find(principal.session_id, study_instance_uid, _now())
        if row is None:
            raise NotOpened("Open the study first.")
        grant = _grant(row)
        if series_instance_uid is not None:
            self.require_series(grant, series_instance_uid)
        return grant

    def require_live(self, principal: Principal) -> None:
        """Raises NotSignedIn where the session has ended since the request began: for answers that take long."""
        if self.sessions.find_session(_now(), session_id=principal.session_id) is None:
            raise NotSignedIn

    def while_open(self, principal: Principal, study_instance_uid: str, parts: Iterable[Part]) -> Iterator[Part]:
        """The parts of a long answer, for as long as session and grant stand; raises where they have ended."""
        for part in parts:
            self.require_live(principal)
            self.require(principal, study_instance_uid)
            yield part

    def require_or_open(self, principal: Principal, study: Study, circumstances: Circumstances) -> Grant:
        """The grant that the session has; a Bearer client's first request for a study opens it."""
        if principal.channel is Channel.BEARER:
            return self.open(principal, study, circumstances)
        return self.require(principal, study.study_instance_uid)

    def require_series(self, grant: Grant, series_instance_uid: str) -> None:
        """Raises Forbidden for a series outside the grant."""
        if not grant.covers_series(series_instance_uid):
            raise Forbidden("This series is not open to you.")

    def sweep_and_beat(self) -> None:
        """Unlinks what no valid grant stands behind any more, and only then lets nginx serve for another while."""
        self.directories.reconcile(self._valid)
        self.directories.beat()

    def _valid(self) -> dict[str, set[str]]:
        valid: dict[str, set[str]] = defaultdict(set)
        for view_key, study_instance_uid, _ in self.store.valid(_now(), _now() - self.idle_seconds):
            valid[view_key].add(self.keys.key_for_study(study_instance_uid))
        return valid

    def _allowed_series(self, principal: Principal, study: Study, circumstances: Circumstances) -> frozenset[str]:
        try:
            self.policy.may_open(principal, study)
            return self._series_of_share(principal, study)
        except GatewayError as refusal:
            self.audit.append(
                event_of(
                    EventKind.INSTANCES_ACCESSED,
                    f"refused: {refusal}",
                    principal,
                    circumstances,
                    About(study, outcome=Outcome.REFUSED),
                )
            )
            raise

    def _series_of_share(self, principal: Principal, study: Study) -> frozenset[str]:
        if principal.share_id is None:
            return frozenset()
        share = self.shares.find(principal.share_id)
        if share is None or share.study_instance_uid != study.study_instance_uid:
            raise Forbidden("This link opens another study, and that one alone.")
        return share.series_instance_uids

    def _must_not_hurry(self, principal: Principal) -> None:
        if self.store.opened_since(principal.session_id, _now() - 60) >= OPENINGS_A_MINUTE:
            raise TooManyRequests(f"No more than {OPENINGS_A_MINUTE} studies a minute can be opened.")

    def _link(self, principal: Principal, study: Study, series: frozenset[str]) -> None:
        keys = [self.keys.keys_for_series(study.study_instance_uid, uid, study.version).series_key for uid in series]
        self.directories.link(principal.view_key, self.keys.key_for_study(study.study_instance_uid), keys)


def _grant(row: GrantRow) -> Grant:
    opened_at = dt.datetime.fromtimestamp(row.opened_at, dt.UTC)
    return Grant(row.id, row.study_instance_uid, row.series_instance_uids, opened_at)


def _now() -> int:
    return int(time.time())
