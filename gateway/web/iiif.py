"""IIIF Image API 3.0, level 2: `/iiif/3/<id>/info.json`, `/iiif/3/<id>/<region>/<size>/<rotation>/<quality>.<format>`.

The id is opaque to clients: the random keys of a series in one version of its study, the picture's number, and the
window or presentation state in the words of renditions. Pages of other origins may ask with an access token.
"""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, redirect, request

from gateway.errors import NotFound
from gateway.services.frames import TileAddress
from gateway.services.zoom import Extent, Zoom
from gateway.web.guards import Guards
from gateway.web.iiif_request import FORMATS, MAX_AREA, MAX_EDGE, ImageRequest

CONTEXT = "http://iiif.io/api/image/3/context.json"
PROFILE = "http://iiif.io/api/image/3/level2.json"
TILE_EDGE = 512
_ID = re.compile(
    r"(?P<study>[0-9a-f]{32})-(?P<series>[0-9a-f]{32})-(?P<n>[1-9][0-9]{0,6})(?P<look>-[a-z0-9.\-]{1,64})?\Z"
)
Answer = Response | Any


def blueprint(zoom: Zoom, guards: Guards, public_url: str) -> APIBlueprint:
    """The image service for those signed in, by cookie on our own pages or by token on any."""
    routes = APIBlueprint("iiif", __name__, url_prefix="/iiif/3", enable_openapi=False)
    routes.before_request(guards.signed_in_across_origins)

    @routes.after_request
    def open_to_other_origins(response: Response) -> Response:
        # Without credentials: a foreign page brings a token, never somebody's cookie.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Authorization"
        response.headers["Link"] = f'<{PROFILE}>;rel="profile"'
        return response

    @routes.get("/<picture>")
    def base(picture: str) -> Answer:
        _address(picture)
        return redirect(f"{public_url}/iiif/3/{picture}/info.json", 303)

    @routes.get("/<picture>/info.json")
    def information(picture: str) -> Response:
        extent = zoom.extent(guards.principal(), _address(picture), guards.circumstances())
        response = jsonify(_information(f"{public_url}/iiif/3/{picture}", extent))
        if _is_linked_data_wanted():
            response.content_type = f'application/ld+json;profile="{CONTEXT}"'
        response.vary.add("Accept")
        return response

    @routes.get("/<picture>/<region>/<size>/<rotation>/<quality>.<format>")
    def image(picture: str, region: str, size: str, rotation: str, quality: str, format: str) -> Response:  # noqa: A002 - the specification's own parts
        wanted = ImageRequest(region, size, rotation, quality, format)
        made = zoom.picture(
            guards.principal(),
            _address(picture),
            lambda extent: wanted.rendering(extent.width, extent.height),
            guards.circumstances(),
        )
        return Response(made.body, content_type=made.media_type)

    return routes


def _address(picture: str) -> TileAddress:
    match = _ID.match(picture)
    if match is None:
        raise NotFound("There is no such picture.")
    # The rendition's size plays no part here; its window or state does.
    return TileAddress(match["study"], match["series"], f"full{match['look'] or ''}", int(match["n"]))


def _is_linked_data_wanted() -> bool:
    """Whether the client prefers JSON-LD, with whichever profile, or states no preference at all (5.1)."""
    accepted = {value.partition(";")[0].strip().lower(): weight for value, weight in request.accept_mimetypes}
    linked = accepted.get("application/ld+json", 0)
    return not accepted or 0 < linked >= accepted.get("application/json", 0)


def _information(address: str, extent: Extent) -> dict[str, Any]:
    """What the specification wants to be known of a picture (chapter 5)."""
    factors = _scale_factors(extent)
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": extent.width,
        "height": extent.height,
        "maxWidth": MAX_EDGE,
        "maxHeight": MAX_EDGE,
        "maxArea": MAX_AREA,
        "sizes": [
            {"width": wide, "height": high}
            for factor in reversed(factors)
            if max(wide := -(-extent.width // factor), high := -(-extent.height // factor)) <= MAX_EDGE
            and wide * high <= MAX_AREA
        ],
        "tiles": [{"width": TILE_EDGE, "height": TILE_EDGE, "scaleFactors": factors}],
        "extraFormats": [name for name in FORMATS if name not in {"jpg", "png"}],
        "extraQualities": ["color", "gray"],
        "extraFeatures": ["mirroring", "sizeUpscaling", "profileLinkHeader"],
    }


def _scale_factors(extent: Extent) -> list[int]:
    factors = [1]
    while max(extent.width, extent.height) / factors[-1] > TILE_EDGE:
        factors.append(factors[-1] * 2)
    return factors
