"""Share links: made and revoked by those signed in, redeemed by guests: `/api/v1/shares`."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import segno
from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import BaseModel, Field

from gateway.dicom.uid import uid_from_url
from gateway.services.shares import Share, Shares, Wish
from gateway.web.accounts import session_body
from gateway.web.guards import Guards


class NewShare(BaseModel, extra="forbid"):
    """What is shared, for how long and how protected."""

    study_instance_uid: str = Field(max_length=64)
    series_instance_uids: list[str] = Field(default_factory=list, max_length=200)
    days: int = Field(default=7, ge=1)
    max_opens: int | None = Field(default=None, ge=1, le=1000)
    passphrase: str | None = Field(default=None, min_length=6, max_length=128)
    with_report: bool = True
    recipient: str = Field(default="", max_length=200)
    purpose: str = Field(default="", max_length=200)


class Secret(BaseModel, extra="forbid"):
    """The secret out of the link's fragment."""

    secret: str = Field(min_length=1, max_length=128)


class Redemption(Secret):
    """The secret, and the passphrase where the share has one."""

    passphrase: str | None = Field(default=None, max_length=128)


class TrailEntry(BaseModel):
    """One opening of a share, or a refused one."""

    at: datetime
    what: str
    device: str


class ShareShape(BaseModel):
    """A share as its maker sees it."""

    id: str
    study_instance_uid: str
    created_at: datetime
    expires_at: datetime
    max_opens: int | None
    opens: int
    has_passphrase: bool
    recipient: str
    purpose: str
    state: str
    trail: list[TrailEntry]


class CreatedShare(ShareShape):
    """A new share with its link: the only time the secret is told."""

    url: str
    qr_svg: str


class Preview(BaseModel):
    """What a guest may know before opening."""

    shared_by: str
    expires_at: datetime
    needs_passphrase: bool


class ShareList(BaseModel):
    """The caller's shares, newest first."""

    shares: list[ShareShape]


def blueprints(shares: Shares, guards: Guards, public_url: str) -> tuple[APIBlueprint, APIBlueprint]:
    """The makers' blueprint, which needs a session, and the guests', which is public."""
    makers = APIBlueprint("shares", __name__, url_prefix="/api/v1/shares", tag="Shares")
    makers.before_request(guards.signed_in)
    guests = APIBlueprint("share_door", __name__, url_prefix="/api/v1/shares", tag="Shares")
    guests.before_request(guards.public)

    @makers.post("")
    @makers.input(NewShare, arg_name="wish")
    @makers.output(CreatedShare, status_code=201)
    def create_share(wish: NewShare) -> CreatedShare:
        uid_from_url(wish.study_instance_uid)
        share, secret = shares.create(guards.principal(), Wish(**wish.model_dump()), guards.circumstances())
        url = f"{public_url}/s/{share.id}#{secret}"
        return CreatedShare(**_shape(share), url=url, qr_svg=_qr(url))

    @makers.get("")
    @makers.output(ShareList)
    def list_shares() -> ShareList:
        study = request.args.get("study")
        found = shares.list_for(guards.principal(), uid_from_url(study) if study else None)
        return ShareList(shares=[ShareShape(**_shape(share)) for share in found])

    @makers.delete("/<share_id>")
    @makers.doc(responses={204: "Revoked"})
    def revoke_share(share_id: str) -> Response:
        shares.revoke(guards.principal(), share_id, guards.circumstances())
        return Response(status=204)

    @guests.post("/<share_id>/preview")
    @guests.input(Secret, arg_name="told")
    @guests.output(Preview)
    def preview_share(share_id: str, told: Secret) -> Preview:
        share = shares.preview(share_id, told.secret)
        return Preview(shared_by=share.shared_by, expires_at=share.expires_at, needs_passphrase=share.has_passphrase)

    @guests.post("/<share_id>/session")
    @guests.input(Redemption, arg_name="told")
    @guests.doc(responses={200: "Opened", 403: "Passphrase missing or wrong", 404: "No such share", 410: "Over"})
    def redeem_share(share_id: str, told: Redemption) -> Response:
        signed_in = shares.redeem(share_id, told.secret, told.passphrase, guards.circumstances())
        body = session_body(signed_in.principal, signed_in.expires_at, shares)
        return guards.let_in(jsonify(body), signed_in)

    return makers, guests


def _shape(share: Share) -> dict[str, Any]:
    shape = {name: getattr(share, name) for name in ShareShape.model_fields if name != "trail"}
    shape["trail"] = [TrailEntry(at=seen.at, what=seen.what, device=seen.device) for seen in share.trail]
    return shape


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2, scale=4, light="#fff")
    return drawn.getvalue().decode()
