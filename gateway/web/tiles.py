"""Kept renderings where nginx did not find them: `/tiles/<study key>/<series key>/<rendition>/<n>.jpg`."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, send_file

from gateway.services.frames import Frames, TileAddress
from gateway.web.guards import Guards


def blueprint(frames: Frames, guards: Guards) -> APIBlueprint:
    """The one route of kept renderings; the grant is checked again on each request."""
    routes = APIBlueprint("tiles", __name__, url_prefix="/tiles", enable_openapi=False)
    routes.before_request(guards.signed_in)

    @routes.get("/<study_key>/<series_key>/<rendition>/<int:n>.jpg")
    def kept_rendering(study_key: str, series_key: str, rendition: str, n: int) -> Response:
        tile = frames.tile(guards.principal(), TileAddress(study_key, series_key, rendition, n))
        if isinstance(tile, Path):
            response = send_file(tile, mimetype="image/jpeg", conditional=False, etag=False, last_modified=None)
            response.headers["Cache-Control"] = "no-store"
            return response
        return Response(tile, mimetype="image/jpeg")

    return routes
