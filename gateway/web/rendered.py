"""Rendered resources of DICOMweb: `/rendered` and `/thumbnail` at study, series, instance and frame level.

PS3.18 10.4.1.1.3 and 10.4.1.1.4. One picture answers a single-part Accept: of a study or series the middle one of its
pictures. `multipart/related` brings a picture of every frame below the address, `image/gif` one that moves,
`video/*` a stored video as it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

from apiflask import APIBlueprint
from flask import Response, request

from gateway.dicom.model import FrameAddress
from gateway.dicom.rendering import IccProfile, MediaType, Picture, Rendering, Viewport
from gateway.dicom.uid import uid_from_url
from gateway.dicom.window import Window
from gateway.errors import BadRequest, GatewayError, NotAcceptable
from gateway.services.rendered import RenderedResources, ResourceAddress
from gateway.web.accepts import accepted, wants_multipart, wants_video
from gateway.web.frame_list import frame_numbers
from gateway.web.guards import Guards
from gateway.web.ranges import streamed

OFFERED = tuple(kind.value for kind in (MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.GIF))
THUMBNAIL = Viewport(128, 128)
ANNOTATIONS = frozenset({"patient", "technique"})
LEVELS = (
    "/studies/<study>",
    "/studies/<study>/series/<series>",
    "/studies/<study>/series/<series>/instances/<instance>",
    "/studies/<study>/series/<series>/instances/<instance>/frames/<frames>",
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Answers of the service as HTTP."""

    resources: RenderedResources
    guards: Guards
    root: str

    def picture(self, study: str, series: str = "", instance: str = "", frames: str = "") -> Response:
        """The rendered resource in the form that is accepted."""
        address = _address(study, series, instance, frames)
        if wants_video():
            return self._video(address)
        rendering = _rendering()
        if wants_multipart():
            parts = self.resources.every(self.guards.principal(), address, rendering, self.guards.circumstances())
            return self._multipart(parts, rendering.media_type)
        if len(address.frame_numbers) > 1 and rendering.media_type is not MediaType.GIF:
            raise NotAcceptable("Several frames can be had as multipart/related, or as image/gif.")
        picture = self.resources.one(self.guards.principal(), address, rendering, self.guards.circumstances())
        return Response(picture.body, content_type=picture.media_type)

    def thumbnail(self, study: str, series: str = "", instance: str = "", frames: str = "") -> Response:
        """A small picture that shows nothing but the picture (PS3.18 10.4.1.1.4)."""
        address, asked = _address(study, series, instance, frames), _rendering()
        small = replace(asked, window=None, annotations=(), viewport=asked.viewport or THUMBNAIL)
        picture = self.resources.one(self.guards.principal(), address, small, self.guards.circumstances())
        return Response(picture.body, content_type=picture.media_type)

    def _video(self, address: ResourceAddress) -> Response:
        instance, facts = self.resources.video(self.guards.principal(), address, self.guards.circumstances())
        accepted((facts.media_type,))
        return streamed(self.resources.archives.open_instance(instance), facts.extents, facts.media_type)

    def _multipart(
        self, parts: Iterator[tuple[FrameAddress, Picture | GatewayError]], media_type: MediaType
    ) -> Response:
        boundary = secrets.token_hex(16)
        content_type = f'multipart/related; type="{media_type.value}"; boundary={boundary}'
        return Response(self._bodies(parts, boundary), content_type=content_type)

    def _bodies(self, parts: Iterator[tuple[FrameAddress, Picture | GatewayError]], boundary: str) -> Iterator[bytes]:
        for address, picture in parts:
            if isinstance(picture, Picture):
                location = f"{self.root}{address.path()}/rendered"
                head = f"--{boundary}\r\nContent-Type: {picture.media_type}\r\nContent-Location: {location}\r\n\r\n"
                yield head.encode() + picture.body + b"\r\n"
        yield f"--{boundary}--\r\n".encode()


def blueprint(resources: RenderedResources, guards: Guards, public_url: str) -> APIBlueprint:
    """The rendered routes for those signed in."""
    routes = APIBlueprint("rendered", __name__, url_prefix="/dicom-web", tag="DICOMweb")
    routes.before_request(guards.signed_in)
    rendered = Rendered(resources, guards, f"{public_url}/dicom-web")

    def picture(study: str, series: str = "", instance: str = "", frames: str = "") -> Response:
        return rendered.picture(study, series, instance, frames)

    def thumbnail(study: str, series: str = "", instance: str = "", frames: str = "") -> Response:
        return rendered.thumbnail(study, series, instance, frames)

    for level in LEVELS:
        routes.get(f"{level}/rendered")(picture)
        routes.get(f"{level}/thumbnail")(thumbnail)
    return routes


def _address(study: str, series: str, instance: str, frames: str) -> ResourceAddress:
    study, series, instance = (uid_from_url(uid) if uid else "" for uid in (study, series, instance))
    return ResourceAddress(study, series, instance, tuple(frame_numbers(frames)) if frames else ())


def _rendering() -> Rendering:
    window, viewport, quality = (request.args.get(name) for name in ("window", "viewport", "quality"))
    usual = Rendering()
    if quality is not None and not (quality.isdecimal() and len(quality) <= 3):
        raise BadRequest("The quality parameter is between 1 and 100.")
    charset = request.args.get("charset", "utf-8")
    if charset.strip().lower() not in {"utf-8", "utf8", "*"}:
        raise NotAcceptable("Text is written in the character set that holds all others: utf-8.")
    return Rendering(
        media_type=MediaType(accepted(OFFERED)),
        window=Window.from_parameter(window) if window is not None else None,
        viewport=Viewport.from_parameter(viewport) if viewport is not None else None,
        quality=usual.quality if quality is None else int(quality),
        annotations=_annotations(),
        icc_profile=_icc_profile(),
    )


def _annotations() -> tuple[str, ...]:
    """What is burned in; a server leaves out what it does not know (PS3.18 8.3.5.1.1)."""
    asked = {one.strip().lower() for one in request.args.get("annotation", "").split(",")}
    return tuple(sorted(asked & ANNOTATIONS))


def _icc_profile() -> IccProfile:
    asked = request.args.get("iccprofile", "").strip().lower()
    try:
        return IccProfile(asked)
    except ValueError:
        raise BadRequest("The iccprofile is one of no, yes, srgb, adobergb, rommrgb and displayp3.") from None
