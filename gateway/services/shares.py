"""Share links: made, looked at, redeemed and revoked."""

from __future__ import annotations

import datetime as dt
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access import credentials
from gateway.access import shares as rules
from gateway.access.policy import SCOPES, Policy
from gateway.access.principal import Channel, Circumstances, Principal, Role, Scope
from gateway.archive.federation import Federation
from gateway.audit.event import EventKind, Outcome
from gateway.audit.log import AuditLog
from gateway.dicom.attributes import Level
from gateway.dicom.query import Query
from gateway.errors import BadRequest, GatewayError, Gone, NotFound, StepNeeded, TooManyRequests
from gateway.services.accounts import SignedIn
from gateway.services.recording import About, event_of
from gateway.store.accounts import AccountStore
from gateway.store.grant_directories import GrantDirectories
from gateway.store.shares import ShareRow, ShareStore

DOCUMENT_MODALITIES = frozenset({"SR", "DOC"})
EVERYTHING = 10_000
_UNKNOWN = "This link is not valid. Ask the sender for a new one."
_OVER = {
    "revoked": "The sender has withdrawn this link.",
    "expired": "This link has expired.",
    "used-up": "This link has been opened as often as it may be.",
}


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One opening of a share, or a refused one, and by which kind of device."""

    at: dt.datetime
    what: str
    device: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share as its maker sees it."""

    id: str
    study_instance_uid: str
    shared_by: str
    created_at: dt.datetime
    expires_at: dt.datetime
    max_opens: int | None
    opens: int
    has_passphrase: bool
    recipient: str
    purpose: str
    state: str
    trail: tuple[TrailEntry, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to share: which study or series of it, for how long, how protected, with whom and why."""

    study_instance_uid: str
    series_instance_uids: Sequence[str] = ()
    days: int = rules.USUAL_DAYS
    max_opens: int | None = None
    passphrase: str | None = None
    with_report: bool = True
    recipient: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Shares:
    """Everything that happens to a share, recorded."""

    store: ShareStore
    accounts: AccountStore
    archives: Federation
    audit: AuditLog
    policy: Policy
    directories: GrantDirectories
    days_cap: int

    def create(self, principal: Principal, wish: Wish, circumstances: Circumstances) -> tuple[Share, str]:
        """The new share and its secret, told this once; raises Forbidden for what the principal may not open."""
        study = self.archives.find_study(wish.study_instance_uid)
        try:
            self.policy.require(principal, Scope.SHARE_CREATE)
            self.policy.may_open(principal, study)
        except GatewayError as refusal:
            about = About(study, outcome=Outcome.REFUSED)
            self.audit.append(event_of(EventKind.SHARE_CREATED, f"refused: {refusal}", principal, circumstances, about))
            raise
        if wish.max_opens is not None and wish.max_opens < 1:
            raise BadRequest("A share that is limited can be opened at least once.")
        now, secret = _now(), credentials.new_secret()
        row = ShareRow(
            id=credentials.new_id(),
            secret_hash=credentials.fingerprint(secret),
            study_instance_uid=wish.study_instance_uid,
            series_instance_uids=self._shared_series(wish),
            with_report=wish.with_report,
            created_by=principal.name,
            shared_by=principal.display_name,
            created_at=now,
            expires_at=rules.expiry(now, wish.days, self.days_cap),
            max_opens=wish.max_opens,
            opens=0,
            passphrase_hash=credentials.hash_passphrase(wish.passphrase) if wish.passphrase else None,
            recipient=wish.recipient,
            purpose=wish.purpose,
            revoked_at=None,
        )
        what = f"shared for {wish.days} days"
        self.audit.append(
            event_of(EventKind.SHARE_CREATED, what, principal, circumstances, About(study, share_id=row.id))
        )
        self.store.add(row)
        return _share(row), secret

    def preview(self, share_id: str, secret: str) -> Share:
        """What a guest may know before opening; consumes nothing. Raises NotFound, or Gone for one that is over."""
        return _share(self._live(share_id, secret))

    def redeem(self, share_id: str, secret: str, passphrase: str | None, circumstances: Circumstances) -> SignedIn:
        """A guest's session that opens this share and nothing else.

        Raises NotFound for a wrong id or secret, in the same words; Gone; StepNeeded for the passphrase; and
        TooManyRequests after many wrong ones.
        """
        try:
            row = self._live(share_id, secret)
        except GatewayError as refusal:
            self._refused(None, f"refused: {refusal}", circumstances)
            raise
        device = rules.device_of(circumstances.user_agent)
        self._challenge(row, passphrase, device, circumstances)
        now, session_secret = _now(), credentials.new_secret()
        principal = _guest(row)
        ends = rules.guest_session_ends(now, row.expires_at)
        session = {
            "id": principal.session_id,
            "secret_hash": credentials.fingerprint(session_secret),
            "share_id": row.id,
            "channel": Channel.COOKIE.value,
            "view_key": principal.view_key,
            "created_at": now,
            "last_seen_at": now,
            "expires_at": ends,
        }
        self.audit.append(event_of(EventKind.SHARE_REDEEMED, "a guest asks to open", principal, circumstances))
        if not self.store.count_open(row.id, session, device, now):
            self._refused(row, "the last open was taken by another", circumstances)
            raise Gone(_OVER["used-up"])
        return SignedIn(principal, session_secret, principal.view_key, _moment(ends))

    def of_guest(self, principal: Principal) -> Share:
        """The share that the guest came by."""
        row = self.store.find(principal.share_id or "")
        if row is None:
            raise NotFound(_UNKNOWN)
        return _share(row)

    def report_is_shared(self, principal: Principal) -> bool:
        """Whether the principal may read the report: everybody but the guest of a share without it."""
        row = self.store.find(principal.share_id) if principal.share_id else None
        return row is None or row.with_report

    def list_for(self, principal: Principal, study_instance_uid: str | None = None) -> list[Share]:
        """The principal's own shares with their trails, newest first."""
        self.policy.require(principal, Scope.SHARE_CREATE)
        return [_share(row) for row in self.store.find_all(principal.name, study_instance_uid)]

    def list_all(self) -> list[Share]:
        """Everybody's shares, newest first: for the site's keeper."""
        return [_share(row) for row in self.store.find_all()]

    def revoke(self, principal: Principal, share_id: str, circumstances: Circumstances) -> None:
        """Ends the share and its guests' sessions; what they could see is unlinked before this returns."""
        row = self.store.find(share_id)
        may_any = Scope.SHARE_REVOKE_ANY in principal.scopes
        if row is None or (row.created_by != principal.name and not may_any):
            raise NotFound("You have no such share.")
        self._end(row, principal, circumstances)

    def revoke_on_command_line(self, share_id: str, circumstances: Circumstances) -> None:
        """Ends the share, whoever made it."""
        row = self.store.find(share_id)
        if row is None:
            raise NotFound("There is no such share.")
        self._end(row, "the site's keeper", circumstances)

    def _shared_series(self, wish: Wish) -> frozenset[str]:
        """The series that the link opens, none meaning all; without the report no series of documents is among them."""
        chosen = frozenset(wish.series_instance_uids)
        if wish.with_report and not chosen:
            return chosen
        within = Query(Level.SERIES, {"StudyInstanceUID": wish.study_instance_uid}, limit=EVERYTHING)
        series = self.archives.search_for_series(within)
        shared = frozenset(
            one.series_instance_uid
            for one in series
            if (not chosen or one.series_instance_uid in chosen)
            and (wish.with_report or one.text("Modality") not in DOCUMENT_MODALITIES)
        )
        if not shared or chosen - {one.series_instance_uid for one in series}:
            raise BadRequest("The study has no such series to share.")
        return shared

    def _end(self, row: ShareRow, who: Principal | str, circumstances: Circumstances) -> None:
        self.directories.unlink_sessions(self.store.revoke(row.id, _now()))
        self.audit.append(event_of(EventKind.SHARE_REVOKED, "revoked", who, circumstances, About(share_id=row.id)))

    def _live(self, share_id: str, secret: str) -> ShareRow:
        row = self.store.find(share_id)
        told = credentials.fingerprint(secret)
        if row is None or not hmac.compare_digest(told, row.secret_hash):
            raise NotFound(_UNKNOWN)
        state = rules.state(_now(), row.expires_at, row.revoked_at, row.opens, row.max_opens)
        if state != "open":
            raise Gone(_OVER[state])
        return row

    def _challenge(self, row: ShareRow, passphrase: str | None, device: str, circumstances: Circumstances) -> None:
        if row.passphrase_hash is None:
            return
        if not passphrase:
            raise StepNeeded("This link is protected by a passphrase.")
        keys, now = (f"share:{row.id}",), _now()

        def wait_of(_key: str, failures: int, last_at: int) -> int:
            return credentials.seconds_to_wait(failures, last_at, now)

        if wait := self.accounts.attempt(keys, now, wait_of):
            raise TooManyRequests.after(wait, "Too many wrong passphrases.")
        if credentials.is_right(passphrase, row.passphrase_hash):
            self.accounts.succeeded(keys)
            return
        self.store.note_refusal(row.id, device, _now())
        self._refused(row, "wrong passphrase", circumstances)
        raise StepNeeded("The passphrase is wrong.")

    def _refused(self, row: ShareRow | None, why: str, circumstances: Circumstances) -> None:
        about = About(share_id=row.id if row else "", outcome=Outcome.REFUSED)
        self.audit.append(event_of(EventKind.SHARE_REDEEMED, why, "guest", circumstances, about))


def _guest(row: ShareRow) -> Principal:
    return Principal(
        name="guest",
        display_name=row.recipient or "Guest",
        role=Role.GUEST,
        scopes=SCOPES[Role.GUEST],
        session_id=credentials.new_id(),
        channel=Channel.COOKIE,
        view_key=credentials.new_view_key(),
        share_id=row.id,
    )


def _share(row: ShareRow) -> Share:
    return Share(
        id=row.id,
        study_instance_uid=row.study_instance_uid,
        shared_by=row.shared_by,
        created_at=_moment(row.created_at),
        expires_at=_moment(row.expires_at),
        max_opens=row.max_opens,
        opens=row.opens,
        has_passphrase=row.passphrase_hash is not None,
        recipient=row.recipient,
        purpose=row.purpose,
        state=rules.state(_now(), row.expires_at, row.revoked_at, row.opens, row.max_opens),
        trail=tuple(TrailEntry(_moment(seen.at), seen.what, seen.device) for seen in row.trail),
    )


def _now() -> int:
    return int(time.time())


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
