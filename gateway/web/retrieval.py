"""WADO-RS under `/dicom-web` (PS3.18 10.4): instances, frames and bulk data, each in a form that is accepted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from apiflask import APIBlueprint
from flask import Response

from gateway.dicom.model import Instance
from gateway.dicom.negotiation import DICOM, MediaRange
from gateway.dicom.transfer_syntax import OCTETS
from gateway.dicom.uid import uid_from_url
from gateway.services.retrieval import InstancesAddress, Part, Retrieval, Retrieved, Value
from gateway.web.accepts import media_ranges
from gateway.web.frame_list import frame_numbers
from gateway.web.guards import Guards
from gateway.web.ranges import asked_range, with_range

INSTANCE = "/studies/<study>/series/<series>/instances/<instance>"


@dataclass(frozen=True, slots=True)
class Wado:
    """Answers of the service as HTTP, with absolute addresses under the site's own."""

    retrieval: Retrieval
    guards: Guards
    root: str

    def instances(self, study: str, series: str = "", instance: str = "") -> Response:
        """The instances below the address."""
        ranges = media_ranges(MediaRange(DICOM, multipart=True))
        found = self.retrieval.instances(
            self.guards.principal(), _address(study, series, instance), ranges, self.guards.circumstances()
        )
        return self._answer(found)

    def frames(self, study: str, series: str, instance: str, frames: str) -> Response:
        """The frames in the list."""
        ranges = media_ranges(MediaRange(OCTETS, multipart=True))
        address, numbers = _address(study, series, instance), frame_numbers(frames)
        found = self.retrieval.frames(self.guards.principal(), address, numbers, ranges, self.guards.circumstances())
        return self._answer(found)

    def bulk(self, study: str, series: str, instance: str, path: str) -> Response:
        """The bulk data that metadata point at."""
        ranges = media_ranges(MediaRange("*/*"))
        address = _address(study, series, instance)
        found = self.retrieval.bulk(self.guards.principal(), address, path, ranges, self.guards.circumstances())
        return self._value(found) if isinstance(found, Value) else self._answer(found)

    def _answer(self, found: Retrieved) -> Response:
        # PS3.18 10.4.3: 206 where some of what is there cannot be had in an accepted form.
        status = 200 if found.complete else 206
        if found.target.is_multipart:
            return self._multipart(found.target.media_type, found.parts, status)
        part = next(found.parts)
        response = Response(_kept_open(part, found.parts), status, content_type=_content_type(part))
        response.headers["Content-Location"] = self._location(part)
        if part.octets.length is not None:
            response.content_length = part.octets.length
        return response

    def _value(self, value: Value) -> Response:
        media_type, location = value.target.media_type, f"{self._instance(value.instance)}/bulkdata/{value.path}"
        if value.target.is_multipart:
            head = _part_head(media_type, location)
            pieces = self.retrieval.value_octets(value, 0, value.length)
            return _multipart(media_type, iter([(head, pieces)]), 200)
        start, stop = asked_range(value.length)
        response = Response(self.retrieval.value_octets(value, start, stop), content_type=media_type)
        response.headers["Content-Location"] = location
        return with_range(response, start, stop, value.length)

    def _multipart(self, media_type: str, parts: Iterator[Part], status: int) -> Response:
        bodies = ((_part_head(_content_type(one), self._location(one)), one.octets.pieces) for one in parts)
        return _multipart(media_type, bodies, status)

    def _location(self, part: Part) -> str:
        instance = self._instance(part.instance)
        return instance if part.frame_number is None else f"{instance}/frames/{part.frame_number}"

    def _instance(self, instance: Instance) -> str:
        series = f"{self.root}/studies/{instance.study_instance_uid}/series/{instance.series_instance_uid}"
        return f"{series}/instances/{instance.sop_instance_uid}"


def blueprint(retrieval: Retrieval, guards: Guards, public_url: str) -> APIBlueprint:
    """The retrieval routes for those signed in."""
    routes = APIBlueprint("retrieval", __name__, url_prefix="/dicom-web", tag="DICOMweb")
    routes.before_request(guards.signed_in)
    wado = Wado(retrieval, guards, f"{public_url}/dicom-web")

    @routes.get("/studies/<study>")
    @routes.get("/studies/<study>/series/<series>")
    @routes.get(INSTANCE)
    def retrieve_instances(study: str, series: str = "", instance: str = "") -> Response:
        return wado.instances(study, series, instance)

    @routes.get(f"{INSTANCE}/frames/<frames>")
    def retrieve_frames(study: str, series: str, instance: str, frames: str) -> Response:
        return wado.frames(study, series, instance, frames)

    @routes.get(f"{INSTANCE}/bulkdata/<path:path>")
    def retrieve_bulk(study: str, series: str, instance: str, path: str) -> Response:
        return wado.bulk(study, series, instance, path)

    return routes


def _address(study: str, series: str, instance: str) -> InstancesAddress:
    return InstancesAddress(*(uid_from_url(uid) if uid else "" for uid in (study, series, instance)))


def _content_type(part: Part) -> str:
    return f"{part.target.media_type}; transfer-syntax={part.target.transfer_syntax_uid}"


def _part_head(content_type: str, location: str) -> bytes:
    return f"Content-Type: {content_type}\r\nContent-Location: {location}\r\n\r\n".encode()


def _multipart(media_type: str, bodies: Iterator[tuple[bytes, Iterator[bytes]]], status: int) -> Response:
    boundary = secrets.token_hex(16)
    content_type = f'multipart/related; type="{media_type}"; boundary={boundary}'
    return Response(_written(bodies, boundary), status, content_type=content_type)


def _written(bodies: Iterator[tuple[bytes, Iterator[bytes]]], boundary: str) -> Iterator[bytes]:
    for head, pieces in bodies:
        yield f"--{boundary}\r\n".encode() + head
        yield from pieces
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def _kept_open(part: Part, parts: Iterator[Part]) -> Iterator[bytes]:
    # The file stays open for as long as the parts are not asked to go on.
    yield from part.octets.pieces
    next(parts, None)
