"""Rendered resources of DICOMweb: `/rendered` and `/thumbnail` at study, series, instance and frame level.

PS3.18 10.4.1.1.3 and 10.4.1.1.4. One picture answers a single-part Accept: of a study or series the middle one of its
first pictures. `multipart/related` brings a picture of every instance below the address.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace

from apiflask import APIBlueprint
from flask import Response, request

from gateway.dicom.model import FrameAddress
from gateway.dicom.rendering import MediaType, Picture, Rendering, Viewport
from gateway.dicom.uid import uid_from_url
from gateway.dicom.window import Window
from gateway.errors import BadRequest, GatewayError
from gateway.services.rendered import RenderedResources, ResourceAddress
from gateway.web.accepts import accepted, wants_multipart
from gateway.web.guards import Guards

OFFERED = (MediaType.JPEG.value, MediaType.PNG.value)
THUMBNAIL = Viewport(128, 128)
LEVELS = (
    "/studies/<study>",
    "/studies/<study>/series/<series>",
    "/studies/<study>/series/<series>/instances/<instance>",
    "/studies/<study>/series/<series>/instances/<instance>/frames/<frame>",
)


def blueprint(resources: RenderedResources, guards: Guards) -> APIBlueprint:
    """The rendered routes for those signed in."""
    routes = APIBlueprint("rendered", __name__, url_prefix="/dicom-web", tag="DICOMweb")
    routes.before_request(guards.signed_in)

    def rendered(study: str, series: str = "", instance: str = "", frame: str = "") -> Response:
        address, rendering = _address(study, series, instance, frame), _rendering()
        if wants_multipart():
            parts = resources.every(guards.principal(), address, rendering, guards.circumstances())
            return _multipart(parts)
        return _single(resources.one(guards.principal(), address, rendering, guards.circumstances()))

    def thumbnail(study: str, series: str = "", instance: str = "", frame: str = "") -> Response:
        # A thumbnail is small and shows nothing but the picture (PS3.18 10.4.1.1.4).
        address, asked = _address(study, series, instance, frame), _rendering()
        small = replace(asked, window=None, viewport=asked.viewport or THUMBNAIL)
        return _single(resources.one(guards.principal(), address, small, guards.circumstances()))

    for level in LEVELS:
        routes.get(f"{level}/rendered")(rendered)
        routes.get(f"{level}/thumbnail")(thumbnail)
    return routes


def _address(study: str, series: str, instance: str, frame: str) -> ResourceAddress:
    study, series, instance = (uid_from_url(uid) if uid else "" for uid in (study, series, instance))
    if not frame:
        return ResourceAddress(study, series, instance)
    if not frame.isdecimal() or len(frame) > 9 or int(frame) < 1:
        raise BadRequest("A frame number is a whole number of 1 or more.")
    return ResourceAddress(study, series, instance, int(frame))


def _rendering() -> Rendering:
    window, viewport, quality = (request.args.get(name) for name in ("window", "viewport", "quality"))
    usual = Rendering()
    if quality is not None and not (quality.isdecimal() and len(quality) <= 3):
        raise BadRequest("The quality parameter is between 1 and 100.")
    return Rendering(
        media_type=MediaType(accepted(OFFERED)) if not wants_multipart() else MediaType.JPEG,
        window=Window.from_parameter(window) if window is not None else None,
        viewport=Viewport.from_parameter(viewport) if viewport is not None else None,
        quality=usual.quality if quality is None else int(quality),
    )


def _single(picture: Picture) -> Response:
    return Response(picture.body, content_type=picture.media_type)


def _multipart(parts: Iterator[tuple[FrameAddress, Picture | GatewayError]]) -> Response:
    boundary = secrets.token_hex(16)
    content_type = f'multipart/related; type="{MediaType.JPEG.value}"; boundary={boundary}'
    return Response(_bodies(parts, boundary), content_type=content_type)


def _bodies(parts: Iterator[tuple[FrameAddress, Picture | GatewayError]], boundary: str) -> Iterator[bytes]:
    for address, picture in parts:
        if isinstance(picture, Picture):
            location = "/dicom-web" + address.path()
            head = (
                f"--{boundary}\r\nContent-Type: {picture.media_type}\r\nContent-Location: {location}/rendered\r\n\r\n"
            )
            yield head.encode() + picture.body + b"\r\n"
    yield f"--{boundary}--\r\n".encode()
