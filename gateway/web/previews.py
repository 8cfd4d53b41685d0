"""All previews of a series in one streamed answer: `/api/v1/studies/<uid>/series/<uid>/previews?from=n`."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from apiflask import APIBlueprint
from flask import Response, request

from gateway.dicom.uid import uid_from_url
from gateway.errors import BadRequest
from gateway.services.frames import StackAddress
from gateway.services.previews import Previews
from gateway.web.guards import Guards

_HEAD = struct.Struct(">II")


def blueprint(previews: Previews, guards: Guards) -> APIBlueprint:
    """The one route; each picture is number, length (both 32 bits, big endian) and JPEG."""
    routes = APIBlueprint("previews", __name__, url_prefix="/api/v1/studies", tag="Studies")
    routes.before_request(guards.signed_in)

    @routes.get("/<study>/series/<series>/previews")
    def stream(study: str, series: str) -> Response:
        asked = request.args.get("from", "1")
        if not asked.isdecimal() or len(asked) > 7:
            raise BadRequest("The from parameter is the number of a picture.")
        address = StackAddress(uid_from_url(study), uid_from_url(series), int(asked))
        found = previews.outwards(guards.principal(), address, guards.circumstances())
        response = Response(_framed(found), content_type="application/octet-stream")
        # A proxy that gathers the answer first would take its point away.
        response.headers["X-Accel-Buffering"] = "no"
        return response

    return routes


def _framed(pictures: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    for n, body in pictures:
        yield _HEAD.pack(n, len(body)) + body
