"""DICOMweb for standard clients: QIDO-RS search and WADO-RS metadata under `/dicom-web` (PS3.18 chapter 10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from gateway.dicom.attributes import ATTRIBUTES, KEYWORD_OF_TAG, DicomJson, Level, element, text
from gateway.dicom.query import Query
from gateway.dicom.uid import uid_from_url
from gateway.errors import BadRequest
from gateway.services.metadata import Metadata
from gateway.services.studies import Studies
from gateway.web.accepts import DICOM_JSON, require_accept
from gateway.web.guards import Guards

MOST_RESULTS = 1000
USUAL_RESULTS = 100
_NOT_ATTRIBUTES = frozenset({"limit", "offset", "fuzzymatching", "includefield", "accept", "charset"})
SEARCHES = (
    "/studies",
    "/series",
    "/instances",
    "/studies/<study>/series",
    "/studies/<study>/instances",
    "/studies/<study>/series/<series>/instances",
)
_LEVEL_OF = {"studies": Level.STUDY, "series": Level.SERIES, "instances": Level.INSTANCE}
_ATTRIBUTES_OF = {
    level: {attribute.tag for attribute in ATTRIBUTES.values() if attribute.level is level} for level in Level
}


def blueprint(studies: Studies, metadata: Metadata, guards: Guards, public_url: str) -> APIBlueprint:
    """The search and metadata routes for those signed in."""
    routes = APIBlueprint("dicomweb", __name__, url_prefix="/dicom-web", tag="DICOMweb")
    routes.before_request(guards.signed_in)

    def search(study: str = "", series: str = "") -> Response:
        require_accept(DICOM_JSON)
        level = _LEVEL_OF[request.path.rsplit("/", 1)[-1]]
        query = _query(level, _within(study, series))
        found = studies.search_at(level)(guards.principal(), query, guards.circumstances())
        return _dicom_json([_result(one, f"{public_url}/dicom-web", query) for one in found])

    for path in SEARCHES:
        routes.get(path)(search)

    @routes.get("/studies/<study>/metadata")
    @routes.get("/studies/<study>/series/<series>/metadata")
    @routes.get("/studies/<study>/series/<series>/instances/<instance>/metadata")
    def retrieve_metadata(study: str, series: str = "", instance: str = "") -> Response:
        require_accept(DICOM_JSON)
        uids = [uid_from_url(uid) if uid else "" for uid in (study, series, instance)]
        found = metadata.below(guards.principal(), uids[0], uids[1], uids[2], guards.circumstances())
        absolute = (with_bulk_addresses(one, f"{public_url}/dicom-web") for one in found)
        return Response(_array_of(absolute), content_type=DICOM_JSON)

    return routes


def with_bulk_addresses(attributes: DicomJson, root: str) -> DicomJson:
    """The instance's attributes with absolute addresses of its bulk data (PS3.18 F.2.2), those in sequences too."""
    study, series, instance = (text(attributes, f"{level}InstanceUID") for level in ("Study", "Series", "SOP"))
    _make_absolute(attributes, f"{root}/studies/{study}/series/{series}/instances/{instance}/bulkdata/")
    return attributes


def _make_absolute(attributes: DicomJson, root: str) -> None:
    for found in attributes.values():
        if "BulkDataURI" in found:
            found["BulkDataURI"] = root + found["BulkDataURI"]
        elif found.get("vr") == "SQ":
            for item in found.get("Value", []):
                _make_absolute(item, root)


def _within(study: str, series: str) -> dict[str, str]:
    named = {"StudyInstanceUID": study, "SeriesInstanceUID": series}
    return {keyword: uid_from_url(uid) for keyword, uid in named.items() if uid}


def _query(level: Level, within: dict[str, str]) -> Query:
    matches = dict(within)
    for name, value in request.args.items():
        if name.lower() in _NOT_ATTRIBUTES:
            continue
        keyword = KEYWORD_OF_TAG.get(name.upper(), name)
        if keyword not in ATTRIBUTES or ATTRIBUTES[keyword].level is Level.ITEM:
            raise BadRequest(f"Searching by {name[:64]!r} is not supported.")
        if keyword in within:
            raise BadRequest(f"The address says which {keyword} is meant.")
        if value:
            matches[keyword] = value
    fuzzy = request.args.get("fuzzymatching", "false")
    if fuzzy not in {"true", "false"}:
        raise BadRequest("The fuzzymatching parameter is true or false.")
    limit = min(_whole_number("limit", USUAL_RESULTS), MOST_RESULTS)
    return Query(level, matches, fuzzy=fuzzy == "true", limit=limit, offset=_whole_number("offset", 0))


def _whole_number(name: str, usual: int) -> int:
    given = request.args.get(name)
    if given is None:
        return usual
    if not given.isdecimal() or len(given) > 9:
        raise BadRequest(f"The {name} parameter is a whole number of 0 or more.")
    return int(given)


def _result(found: Any, root: str, query: Query) -> DicomJson:
    """One search result (PS3.18 10.6.3.3): the level's attributes, with the address to retrieve it from."""
    address = f"{root}/studies/{found.study_instance_uid}"
    result: DicomJson = {
        "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
        "00080056": {"vr": "CS", "Value": ["ONLINE"]},
    }
    result |= element("StudyInstanceUID", found.study_instance_uid)
    if query.level >= Level.SERIES:
        address += f"/series/{found.series_instance_uid}"
        result |= element("SeriesInstanceUID", found.series_instance_uid)
    if query.level >= Level.INSTANCE:
        address += f"/instances/{found.sop_instance_uid}"
        result |= element("SOPInstanceUID", found.sop_instance_uid)
    result["00081190"] = {"vr": "UR", "Value": [address]}
    result |= {tag: value for tag, value in found.attributes.items() if tag in _ATTRIBUTES_OF[query.level]}
    return dict(sorted(result.items()))


def _dicom_json(results: list[DicomJson]) -> Response:
    return Response(json.dumps(results, ensure_ascii=False), content_type=DICOM_JSON)


def _array_of(objects: Iterator[DicomJson]) -> Iterator[str]:
    yield "["
    for count, one in enumerate(objects):
        yield ("," if count else "") + json.dumps(one, ensure_ascii=False)
    yield "]"
