"""The app's pages and files; a page that opens a study carries the study's header and first picture as HTML.

Opening is an act: navigation that is prefetch or comes from another site gets a page that asks for a tap (design.md,
section 4.2), the app's own navigation opens at once.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request, send_from_directory

from gateway.access.principal import Channel, Circumstances, Principal
from gateway.dicom.uid import uid_from_url
from gateway.errors import GatewayError, NotFound
from gateway.services.studies import Studies
from gateway.web.guards import Guards
from gateway.web.person_name import readable_name
from gateway.web.series_shapes import tile_address
from gateway.web.study_shapes import StudySummary, study_summary

PLACE_FOR_FIRST = '<div id="app"></div>'
TAP_FIRST = '<div id="first" data-tap="1"></div>'
ASSETS_LIFE = "public, max-age=31536000, immutable"


class Shell:
    """The built app in `pwa/dist`, read once."""

    def __init__(self, directory: Path) -> None:
        index = directory / "index.html"
        self.directory = directory
        self.index = index.read_text(encoding="utf-8") if index.is_file() else ""
        if self.index and PLACE_FOR_FIRST not in self.index:
            raise ValueError("The app's index.html has no place for the first picture.")

    def page(self, first: str = "") -> Response:
        """The app's page, with what the server has already drawn; raises NotFound where the app is not built."""
        if not self.index:
            raise NotFound("The app is not built. Run `make setup`.")
        return Response(
            self.index.replace(PLACE_FOR_FIRST, first + PLACE_FOR_FIRST, 1), content_type="text/html; charset=utf-8"
        )


def blueprints(shell: Shell, studies: Studies, guards: Guards) -> tuple[APIBlueprint, APIBlueprint]:
    """The app's pages, and its files."""
    return _pages(shell, studies, guards), _files(shell, guards)


def _pages(shell: Shell, studies: Studies, guards: Guards) -> APIBlueprint:
    """The pages and files of the app, open to everybody: what a page shows of a study stands under its grant."""
    routes = APIBlueprint("shell", __name__, enable_openapi=False)
    routes.before_request(guards.public)

    @routes.get("/")
    @routes.get("/sign-in")
    @routes.get("/me")
    @routes.get("/shares")
    @routes.get("/s/<share_id>")
    @routes.get("/studies/<study_instance_uid>/report")
    def page(**_: Any) -> Response:
        return shell.page()

    @routes.get("/studies/<study_instance_uid>")
    def study_page(study_instance_uid: str) -> Response:
        principal = guards.visitor()
        if principal is None or principal.channel is not Channel.COOKIE:
            return shell.page()
        if not _is_own_navigation():
            return shell.page(TAP_FIRST)
        return shell.page(_first(studies, principal, study_instance_uid, guards.circumstances()))

    return routes


def _files(shell: Shell, guards: Guards) -> APIBlueprint:
    """The app's own files, the same for everybody."""
    routes = APIBlueprint("files", __name__, enable_openapi=False)
    routes.before_request(guards.public)

    @routes.get("/assets/<path:name>")
    def asset(name: str) -> Response:
        return _file(shell.directory / "assets", name, ASSETS_LIFE)

    @routes.get("/icons/<path:name>")
    def icon(name: str) -> Response:
        return _file(shell.directory / "icons", name, "public, max-age=86400")

    @routes.get("/sw.js")
    def service_worker() -> Response:
        return _file(shell.directory, "sw.js", "no-cache")

    @routes.get("/manifest.webmanifest")
    def manifest() -> Response:
        response = _file(shell.directory, "manifest.webmanifest", "no-cache")
        response.mimetype = "application/manifest+json"
        return response

    return routes


def _first(studies: Studies, principal: Principal, study_instance_uid: str, circumstances: Circumstances) -> str:
    try:
        opened = studies.open(principal, uid_from_url(study_instance_uid), circumstances)
    except GatewayError:
        return ""  # The app asks again and shows the reason in its own words.
    wanted = request.args.get("series")
    for stack, key in opened.stacks:
        if stack.frames and wanted in (None, stack.series.series_instance_uid):
            return _first_picture(
                study_summary(opened.study), tile_address(key, "v512", _frame_number(len(stack.frames)))
            )
    return ""


def _is_own_navigation() -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" not in purpose and request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}


def _frame_number(frames: int) -> int:
    given = request.args.get("frame", "")
    return min(max(1, int(given)), frames) if given.isdecimal() and len(given) < 7 else (frames + 1) // 2


def _first_picture(study: StudySummary, address: str) -> str:
    """Who it is and the picture, in one element: the app takes it over once its script has arrived."""
    name = escape(readable_name(study.patient_name))
    facts = " · ".join(
        escape(fact) for fact in (study.patient_id, study.patient_birth_date or "", study.patient_sex) if fact
    )
    return (
        f'<div id="first"><header><strong><bdi>{name}</bdi></strong> <span>{facts}</span></header>'
        f'<img src="{escape(address)}" alt="First picture, preview, lossy" fetchpriority="high"></div>'
    )


def _file(directory: Path, name: str, cache_control: str) -> Response:
    packed = f"{name}.gz"
    if request.accept_encodings["gzip"] > 0 and ".." not in name and (directory / packed).is_file():
        response = send_from_directory(directory, packed, mimetype=_media_type(name), max_age=None)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(directory, name, max_age=None)
    response.headers["Cache-Control"] = cache_control
    response.vary.add("Accept-Encoding")
    return response


def _media_type(name: str) -> str:
    kinds = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".svg": "image/svg+xml",
        ".webmanifest": "application/manifest+json",
    }
    return kinds.get(Path(name).suffix, "application/octet-stream")
