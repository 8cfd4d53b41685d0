"""Opening a study, and what the viewer needs of it: `/api/v1/studies`."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from pydantic import BaseModel, Field

from gateway.access.principal import Role
from gateway.dicom.uid import uid_from_url
from gateway.errors import BadRequest
from gateway.imaging.renderer import Plane
from gateway.services.frames import Frames, StackAddress
from gateway.services.studies import OpenedStudy, Studies
from gateway.web.guards import Guards
from gateway.web.study_shapes import StudyDetail, study_detail


class Opening(BaseModel, extra="forbid"):
    """Why a study is opened, where that must be said."""

    reason: str = Field(default="", max_length=500)


def blueprint(studies: Studies, frames: Frames, guards: Guards, review_notice: str) -> APIBlueprint:
    """The routes of studies for those signed in."""
    routes = APIBlueprint("studies", __name__, url_prefix="/api/v1/studies", tag="Studies")
    routes.before_request(guards.signed_in)

    def detail(opened: OpenedStudy) -> StudyDetail:
        guest = guards.principal().role is Role.GUEST
        return study_detail(opened, review_notice=review_notice, guest=guest)

    @routes.post("/<study_instance_uid>/open")
    @routes.input(Opening, arg_name="opening")
    @routes.output(StudyDetail)
    def open_study(study_instance_uid: str, opening: Opening) -> StudyDetail:
        circumstances = guards.circumstances(opening.reason)
        return detail(studies.open(guards.principal(), uid_from_url(study_instance_uid), circumstances))

    @routes.get("/<study_instance_uid>")
    @routes.output(StudyDetail)
    def describe_study(study_instance_uid: str) -> StudyDetail:
        uid = uid_from_url(study_instance_uid)
        return detail(studies.describe(guards.principal(), uid, guards.circumstances()))

    @routes.get("/<study_instance_uid>/series/<series_instance_uid>/planes/<int:n>")
    @routes.doc(responses={200: "The exact stored values (docs/api.md, Planes)", 404: "No grey values here"})
    def stored_values(study_instance_uid: str, series_instance_uid: str, n: int) -> Response:
        address = StackAddress(uid_from_url(study_instance_uid), uid_from_url(series_instance_uid), n)
        return _plane(frames.stored_values(guards.principal(), address, _reduction(), guards.circumstances()))

    return routes


def _plane(plane: Plane) -> Response:
    facts: dict[str, Any] = {
        "rows": plane.rows,
        "columns": plane.columns,
        "signed": int(plane.signed),
        "slope": f"{plane.slope:.10g}",
        "intercept": f"{plane.intercept:.10g}",
        "unit": plane.unit,
        "invert": int(plane.invert),
        "bits": plane.bits,
        "lut": int(plane.lut),
    }
    response = Response(plane.body, content_type="application/octet-stream")
    response.headers["X-Plane"] = ";".join(f"{name}={value}" for name, value in facts.items())
    return response


def _reduction() -> int:
    given = request.args.get("reduce", "1")
    if given not in {"1", "2", "4"}:
        raise BadRequest("The reduce parameter is 1, 2 or 4.")
    return int(given)
