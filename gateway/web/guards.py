"""Who is asking: cookie or Bearer becomes a Principal, and every blueprint states what it demands.

A browser is known by its `__Host-` cookie (the prefix is dropped on plain-http loopback alone), a script by its Bearer
token; a request with both is refused. What changes something by cookie must come from our own pages: SameSite,
`Sec-Fetch-Site` or `Origin`, and the header `X-Lightbox`, which no foreign form can set.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request
from flask_login import LoginManager, current_user

from gateway.access.principal import Channel, Circumstances, Principal
from gateway.errors import BadRequest, Forbidden, NotSignedIn
from gateway.services.accounts import Accounts, SignedIn

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORWARDING_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


class Visitor:
    """Flask-Login's current user: signed in with a principal, or nobody."""

    def __init__(self, principal: Principal | None) -> None:
        self.principal = principal
        self.is_authenticated = principal is not None
        self.is_active = principal is not None
        self.is_anonymous = principal is None

    def get_id(self) -> str:
        """The session's id, empty for nobody."""
        return self.principal.session_id if self.principal else ""


@dataclass(frozen=True, slots=True)
class CookieNames:
    """The names of the two cookies: the session's, and the view key that nginx reads."""

    session: str
    view: str
    secure: bool

    @classmethod
    def for_site(cls, *, secure: bool) -> CookieNames:
        """`__Host-` names, without the prefix where the site is plain http on loopback."""
        prefix = "__Host-" if secure else ""
        return cls(f"{prefix}lightbox-session", f"{prefix}lightbox-view", secure)


class Guards:
    """Finds out who is asking, and holds the hooks that blueprints declare."""

    def __init__(self, accounts: Accounts, *, public_url: str, is_loopback: bool) -> None:
        self._accounts = accounts
        self._public_host = urlsplit(public_url).netloc
        self._is_loopback = is_loopback
        self.cookies = CookieNames.for_site(secure=public_url.startswith("https:"))

    def register(self, app: Flask) -> None:
        """Makes Flask-Login ask this class for every request's user."""
        login = LoginManager()
        login.session_protection = None  # Flask-Login's own reads X-Forwarded-For, which anybody can set.
        login.anonymous_user = lambda: Visitor(None)
        login.request_loader(self._load)
        login.init_app(app)

    def public(self) -> None:
        """The hook of blueprints open to everybody; what changes something still must come from our own pages."""
        self._refuse_foreign_pages(with_header=self.cookies.session in request.cookies)

    def signed_in(self) -> None:
        """The hook of blueprints that need a principal; raises NotSignedIn without one."""
        principal = self.principal()
        self._refuse_foreign_pages(with_header=principal.channel is Channel.COOKIE)

    def signed_in_across_origins(self) -> None:
        """The hook of blueprints that foreign pages may call with a token: a preflight asks for nothing yet."""
        if request.method != "OPTIONS":
            self.signed_in()

    def on_this_machine(self) -> None:
        """The hook of blueprints for the machine's own keepers: loopback without a proxy, or the site:watch scope."""
        if self._from_loopback():
            return
        if "site:watch" not in self.principal().scopes:
            raise Forbidden("Only the site's keepers see this.")

    def principal(self) -> Principal:
        """The signed-in principal; raises NotSignedIn."""
        found = self.visitor()
        if found is None:
            raise NotSignedIn("Sign in first: this address needs a session or an access token.")
        return found

    def visitor(self) -> Principal | None:
        """The signed-in principal, None for nobody."""
        return cast("Visitor", current_user).principal

    def from_this_machine(self) -> bool:
        """Whether the browser runs on this very machine: loopback in every respect and no proxy on the way."""
        return self._is_loopback and self._from_loopback()

    def circumstances(self, reason: str = "") -> Circumstances:
        """From where and by what the request came, for its audit record."""
        return Circumstances(
            source_address=request.remote_addr or "",
            user_agent=request.user_agent.string[:256],
            request_id=g.request_id,
            reason=reason,
        )

    def let_in(self, response: Response, signed_in: SignedIn) -> Response:
        """The response with the cookies of a new session."""
        self._set_cookie(response, self.cookies.session, signed_in.session_secret, same_site="Lax")
        self._set_cookie(response, self.cookies.view, signed_in.view_key, same_site="Strict")
        return response

    def _set_cookie(self, response: Response, name: str, value: str, *, same_site: str) -> None:
        response.set_cookie(name, value, secure=self.cookies.secure, httponly=True, path="/", samesite=same_site)

    def let_out(self, response: Response) -> Response:
        """The response that takes both cookies back and clears what the browser holds."""
        for name in (self.cookies.session, self.cookies.view):
            response.delete_cookie(name, path="/", secure=self.cookies.secure, httponly=True)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def _load(self, incoming: Request) -> Visitor:
        bearer = incoming.headers.get("Authorization", "")
        cookie = incoming.cookies.get(self.cookies.session, "")
        if bearer and cookie:
            raise BadRequest("A request comes with a cookie or with a token, not with both.")
        if bearer:
            kind, _, token = bearer.partition(" ")
            if kind.lower() != "bearer" or not token.strip():
                raise NotSignedIn("Only Bearer tokens are read from the Authorization header.")
            return Visitor(self._accounts.principal_of_token(token.strip()))
        return Visitor(self._accounts.principal_of_cookie(cookie) if cookie else None)

    def _refuse_foreign_pages(self, *, with_header: bool) -> None:
        # Also where nobody is signed in: another site's form must not sign somebody in either.
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("Sec-Fetch-Site")
        origin = request.headers.get("Origin")
        if site not in (None, "same-origin") or (origin and urlsplit(origin).netloc != self._public_host):
            raise Forbidden("The request came from another site's page.")
        if with_header and request.headers.get("X-Lightbox") != "1":
            raise Forbidden("The header X-Lightbox is missing.")

    def _from_loopback(self) -> bool:
        if any(name in request.headers for name in FORWARDING_HEADERS):
            return False
        try:
            return ipaddress.ip_address(request.remote_addr or "").is_loopback
        except ValueError:
            return False


def name_request() -> None:
    """Gives the request its id: the caller's own where it is a plain one, else a new one."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if given.replace("-", "").isalnum() and len(given) <= 64 else secrets.token_hex(8)


def guards() -> Guards:
    """The application's guards."""
    return cast("Guards", current_app.extensions["lightbox-guards"])
