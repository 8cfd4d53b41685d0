"""The report of a study: `/api/v1/studies/<uid>/report`."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from gateway.dicom.uid import uid_from_url
from gateway.services.reports import Reports
from gateway.web.guards import Guards


def blueprint(reports: Reports, guards: Guards) -> APIBlueprint:
    """The route of reports for those signed in."""
    routes = APIBlueprint("reports", __name__, url_prefix="/api/v1/studies", tag="Reports")
    routes.before_request(guards.signed_in)

    @routes.get("/<study_instance_uid>/report")
    @routes.doc(responses={200: "The report with all its sources (docs/api.md, Report)", 404: "No report here"})
    def report_of_study(study_instance_uid: str) -> Response:
        uid = uid_from_url(study_instance_uid)
        return jsonify(reports.of_study(guards.principal(), uid, guards.circumstances()))

    return routes
