"""People: adding and disabling them, signing in and out, and who a cookie or token stands for."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.access import credentials
from gateway.access.policy import SCOPES
from gateway.access.principal import Channel, Circumstances, Principal, Role, Scope
from gateway.access.tokens import Tokens
from gateway.audit.event import EventKind, Outcome
from gateway.audit.log import AuditLog
from gateway.errors import BadRequest, NotFound, NotSignedIn, TooManyRequests
from gateway.services.recording import About, event_of
from gateway.store.accounts import AccountStore, SessionRow, UserRow
from gateway.store.grant_directories import GrantDirectories

SEEN_EVERY = 60
LONGEST_TOKEN_MINUTES = 720
# One address may stand for a whole ward behind one router: it waits later than an account does.
ADDRESS_ALLOWANCE = 20
_WRONG = "Name or password is wrong."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookies' values are told this once."""

    principal: Principal
    session_secret: str
    view_key: str
    expires_at: dt.datetime


class Accounts:
    """Knows who may sign in, and who a request comes from."""

    def __init__(
        self,
        store: AccountStore,
        audit: AuditLog,
        tokens: Tokens,
        directories: GrantDirectories,
        *,
        idle_seconds: int,
        session_seconds: int,
    ) -> None:
        self._store, self._audit, self._tokens, self._directories = store, audit, tokens, directories
        self._idle_seconds, self._session_seconds = idle_seconds, session_seconds

    def add_user(
        self,
        name: str,
        role: Role,
        password: str,
        *,
        display_name: str | None = None,
        identifiers: Sequence[str] = (),
        loopback_only: bool = False,
    ) -> None:
        """Adds a person; raises Conflict for a taken name, BadRequest for a name or password that will not do."""
        if not name or len(name) > 64 or not all(c.isalnum() or c in "._-@" for c in name):
            raise BadRequest("An account name has letters, digits and . _ - @, at most 64.")
        hashed = credentials.hash_password(password)
        row = UserRow(name, display_name or name, role.value, hashed, frozenset(identifiers), loopback_only, False)  # noqa: FBT003 - a new row is not disabled
        self._store.add_user(row)
        self._record(EventKind.USER_CHANGED, f"added as {role.value}", name, _here())

    def list_users(self) -> list[UserRow]:
        """Everybody, by name."""
        return self._store.list_users()

    def has_admin(self) -> bool:
        """Whether somebody can keep the site."""
        return any(user.role == Role.ADMIN and not user.disabled for user in self._store.list_users())

    def disable_user(self, name: str) -> None:
        """Disables the person; sessions, tokens, grants, and shares with their guests end before this returns."""
        self._known(name)
        self._directories.unlink_sessions(self._store.disable_user(name, _now()))
        self._record(EventKind.USER_CHANGED, "disabled", name, _here())

    def set_password(self, name: str, password: str) -> None:
        """Replaces the person's password; all sessions and tokens end before this returns."""
        self._known(name)
        self._store.set_password(name, credentials.hash_password(password))
        self._directories.unlink_sessions(self._store.revoke_sessions_of(name, _now()))
        self._record(EventKind.USER_CHANGED, "new password", name, _here())

    def ensure_demo_account(self, name: str, *, renew: bool) -> str | None:
        """The demo account's new password where there was no account yet or a new one is wanted, else None."""
        known = self._store.find_user(name)
        if known and not renew:
            return None
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        if known:
            self.set_password(name, password)
        else:
            self.add_user(name, Role.RADIOLOGIST, password, display_name="Dr Demo", loopback_only=True)
        return password

    def sign_in(self, username: str, password: str, circumstances: Circumstances, *, from_loopback: bool) -> SignedIn:
        """A new session; raises NotSignedIn in the same words for every reason, TooManyRequests after many failures."""
        keys = self._attempt_keys(username, circumstances)
        self._count_attempt(keys)
        user = self._store.find_user(username)
        is_right = credentials.is_right(password, user.password_hash if user else None)
        if user is None or not is_right or user.disabled or (user.loopback_only and not from_loopback):
            # A name that nobody has may be a password in the wrong field: it is not written down.
            who = user.name if user else "somebody unknown"
            self._record(EventKind.USER_AUTHENTICATION, "sign-in refused", who, circumstances, Outcome.REFUSED)
            raise NotSignedIn(_WRONG)
        self._store.succeeded(keys)
        return self._new_session(user, circumstances)

    def principal_of_cookie(self, secret: str) -> Principal | None:
        """The principal of the session cookie, None where the session is over."""
        row = self._store.find_session(_now(), secret_hash=credentials.fingerprint(secret))
        if row is None or row.channel != Channel.COOKIE or self._is_idle(row):
            return None
        self._note_seen(row)
        return _principal(row)

    def principal_of_token(self, token: str) -> Principal:
        """The principal of the access token; raises NotSignedIn for one that is not, or no longer, valid."""
        claims = self._tokens.verify(token)
        row = self._store.find_session(_now(), session_id=claims.session_id)
        if row is None or row.channel != Channel.BEARER or row.user is None or row.user.name != claims.subject:
            raise NotSignedIn("The access token is not valid, or no longer.")
        self._note_seen(row)
        return _principal(row, claims.token_id)

    def session_ends(self, principal: Principal) -> dt.datetime:
        """When the session ends whatever happens."""
        row = self._store.find_session(_now(), session_id=principal.session_id)
        if row is None:
            raise NotSignedIn
        return _moment(row.expires_at)

    def sign_out(self, principal: Principal, circumstances: Circumstances) -> None:
        """Ends the session; its grants are gone before this returns."""
        self._directories.unlink_sessions(self._store.revoke_session(principal.session_id, _now()))
        self._record(EventKind.USER_AUTHENTICATION, "signed out", principal, circumstances)

    def issue_token(self, name: str, minutes: int) -> str:
        """An access token of that person, as wide as the person's role and no longer than asked."""
        user = self._known(name)
        if user.disabled:
            raise BadRequest(f"{name} is disabled.")
        if not 1 <= minutes <= LONGEST_TOKEN_MINUTES:
            raise BadRequest(f"A token lives between 1 and {LONGEST_TOKEN_MINUTES} minutes.")
        now, session_id = _now(), credentials.new_id()
        self._store.add_session(
            id=session_id,
            user_name=name,
            channel=Channel.BEARER.value,
            view_key=credentials.new_view_key(),
            created_at=now,
            last_seen_at=now,
            expires_at=now + minutes * 60,
        )
        self._record(EventKind.TOKEN_ISSUED, f"for {minutes} minutes", name, _here())
        return self._tokens.issue(name, session_id, minutes * 60)

    def principal_on_command_line(self, name: str | None) -> Principal:
        """The person on whose behalf a command acts; without a name the only one who may share."""
        sharers = [u for u in self._store.list_users() if Scope.SHARE_CREATE in SCOPES[Role(u.role)] and not u.disabled]
        chosen = [u for u in sharers if name in (None, u.name)]
        if len(chosen) != 1:
            raise NotFound(
                "Say with --user on whose behalf: somebody who may share." if sharers else "Nobody may share."
            )
        session = SessionRow("", "", None, Channel.COMMAND_LINE.value, 0, 0, chosen[0])
        return _principal(session)

    def _new_session(self, user: UserRow, circumstances: Circumstances) -> SignedIn:
        now, secret = _now(), credentials.new_secret()
        row = SessionRow(
            credentials.new_id(),
            credentials.new_view_key(),
            None,
            Channel.COOKIE.value,
            now,
            now + self._session_seconds,
            user,
        )
        principal = _principal(row)
        self._record(EventKind.USER_AUTHENTICATION, "signed in", principal, circumstances)
        self._store.add_session(
            id=row.id,
            secret_hash=credentials.fingerprint(secret),
            user_name=user.name,
            channel=row.channel,
            view_key=row.view_key,
            created_at=now,
            last_seen_at=now,
            expires_at=row.expires_at,
        )
        return SignedIn(principal, secret, row.view_key, _moment(row.expires_at))

    def _attempt_keys(self, username: str, circumstances: Circumstances) -> tuple[str, str]:
        # Hashed: a mistyped name field may hold a password.
        account = hashlib.sha256(username.casefold().encode()).hexdigest()
        return f"account:{account[:40]}", f"address:{circumstances.source_address[:60]}"

    def _count_attempt(self, keys: tuple[str, str]) -> None:
        now = _now()

        def wait_of(key: str, failures: int, last_at: int) -> int:
            allowance = 0 if key == keys[0] else ADDRESS_ALLOWANCE
            return credentials.seconds_to_wait(failures - allowance, last_at, now)

        if wait := self._store.attempt(keys, now, wait_of):
            raise TooManyRequests.after(wait, "Too many failed attempts.")

    def _is_idle(self, row: SessionRow) -> bool:
        return _now() - row.last_seen_at > self._idle_seconds

    def _note_seen(self, row: SessionRow) -> None:
        # Once a minute is enough for an idle limit of many, and spares the disk a write at every request.
        if _now() - row.last_seen_at >= SEEN_EVERY:
            self._store.seen(row.id, _now())

    def _known(self, name: str) -> UserRow:
        user = self._store.find_user(name)
        if user is None:
            raise NotFound(f"There is no account {name!r}.")
        return user

    def _record(
        self,
        kind: EventKind,
        what: str,
        who: Principal | str,
        circumstances: Circumstances,
        outcome: Outcome = Outcome.SUCCESS,
    ) -> None:
        self._audit.append(event_of(kind, what, who, circumstances, About(outcome=outcome)))


def _principal(row: SessionRow, token_id: str | None = None) -> Principal:
    user = row.user
    role = Role(user.role) if user else Role.GUEST
    return Principal(
        name=user.name if user else "guest",
        display_name=user.display_name if user else "Guest",
        role=role,
        scopes=SCOPES[role],
        session_id=row.id,
        channel=Channel(row.channel),
        view_key=row.view_key,
        share_id=row.share_id,
        token_id=token_id,
        identifiers=user.identifiers if user else frozenset(),
    )


def _here() -> Circumstances:
    return Circumstances("command-line", "", secrets.token_hex(8))


def _now() -> int:
    return int(time.time())


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
