"""Signing in and out: `/api/v1/session`, and what a visitor may know of the site before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify
from pydantic import BaseModel, Field

from gateway import version
from gateway.access.principal import Principal
from gateway.services.accounts import Accounts
from gateway.services.shares import Shares
from gateway.web.guards import Guards


class Credentials(BaseModel, extra="forbid"):
    """What a person types to sign in."""

    username: str = Field(min_length=1, max_length=128)
    password: str = Field(min_length=1, max_length=256)


class User(BaseModel):
    """The person signed in."""

    name: str
    display_name: str
    role: str


class GuestShare(BaseModel):
    """The share that a guest came by."""

    id: str
    study_instance_uid: str
    shared_by: str
    expires_at: datetime


class Session(BaseModel):
    """A signed-in session."""

    user: User
    scopes: list[str]
    expires_at: datetime
    share: GuestShare | None = None


class Site(BaseModel):
    """What anybody may know of the site."""

    name: str
    version: str
    demo: bool
    review_notice: str
    session: Session | None = None


def session_body(principal: Principal, expires_at: datetime, shares: Shares) -> dict[str, Any]:
    """The session as JSON, with the share where the principal is a guest."""
    user = User(name=principal.name, display_name=principal.display_name, role=principal.role)
    share = None
    if principal.share_id:
        opened = shares.of_guest(principal)
        share = GuestShare(
            id=opened.id,
            study_instance_uid=opened.study_instance_uid,
            shared_by=opened.shared_by,
            expires_at=opened.expires_at,
        )
    scopes = sorted(principal.scopes)
    return Session(user=user, scopes=scopes, expires_at=expires_at, share=share).model_dump(mode="json")


def blueprints(accounts: Accounts, shares: Shares, guards: Guards, site: Site) -> tuple[APIBlueprint, APIBlueprint]:
    """The public blueprint (sign in, the site's name) and the one that needs a session."""
    door = APIBlueprint("door", __name__, url_prefix="/api/v1", tag="Session")
    door.before_request(guards.public)
    session = APIBlueprint("session", __name__, url_prefix="/api/v1", tag="Session")
    session.before_request(guards.signed_in)

    @door.get("/site")
    @door.output(Site)
    def describe_site() -> dict[str, Any]:
        # The app begins here: a visitor who is not signed in is told so without an error.
        principal = guards.visitor()
        session = session_body(principal, accounts.session_ends(principal), shares) if principal else None
        return {**site.model_dump(), "session": session}

    @door.post("/session")
    @door.input(Credentials, arg_name="credentials")
    @door.doc(responses={200: "Signed in", 401: "Name or password is wrong", 429: "Too many tries"})
    def sign_in(credentials: Credentials) -> Response:
        signed_in = accounts.sign_in(
            credentials.username,
            credentials.password,
            guards.circumstances(),
            from_loopback=guards.from_this_machine(),
        )
        body = session_body(signed_in.principal, signed_in.expires_at, shares)
        return guards.let_in(jsonify(body), signed_in)

    @session.get("/session")
    @session.output(Session)
    def describe_session() -> dict[str, Any]:
        principal = guards.principal()
        return session_body(principal, accounts.session_ends(principal), shares)

    @session.delete("/session")
    @session.doc(responses={204: "Signed out"})
    def sign_out() -> Response:
        accounts.sign_out(guards.principal(), guards.circumstances())
        return guards.let_out(Response(status=204))

    return door, session


def site_of(name: str, *, demo: bool, review_notice: str) -> Site:
    """The site as visitors see it, with the version of this release."""
    return Site(name=name, version=version(), demo=demo, review_notice=review_notice)
