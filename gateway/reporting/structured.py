"""Reads one structured report (SR) document into the source of a Report (docs/api.md); runs in the sandbox."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from pydicom.dataset import Dataset
from pydicom.uid import UID

from gateway.dicom.part10 import read_header
from gateway.errors import GatewayError, Unreadable
from gateway.reporting.content_tree import ContentItem, read_content_tree
from gateway.reporting.content_values import Code, datasets_in, date_time_text, text_in
from gateway.reporting.measurements import measurements_of
from gateway.reporting.sections import is_context, sections_of, spoken

MAX_REFERENCES = 5000
_PERSON_OBSERVER = ("DCM", "121008")


def read_report(_arguments: dict[str, Any], files: Sequence[BinaryIO]) -> tuple[Any, bytes]:
    """The document in the one open file as a report source; raises Unreadable with the reason."""
    try:
        # Values that break their VR are common in archives and shown as they stand; nobody reads a child's warnings.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return source_of(read_header(files[0])), b""
    except (GatewayError, MemoryError):
        raise
    except RecursionError:
        raise Unreadable("This report is nested too deeply to be read.") from None
    except Exception as error:
        raise Unreadable("This report cannot be read: the file is damaged or not DICOM.") from error


def source_of(document: Dataset) -> dict[str, Any]:
    """The document as a report source: status, author, sections, measurements, references and the whole tree."""
    root = read_content_tree(document)
    observers = _verifying_observers(document)
    return {
        "sop_instance_uid": text_in(document, "SOPInstanceUID"),
        "sop_class_uid": text_in(document, "SOPClassUID"),
        "title": root.name or UID(text_in(document, "SOPClassUID")).name,
        "kind": "structured",
        "status": {
            "completion": text_in(document, "CompletionFlag"),
            "verification": text_in(document, "VerificationFlag"),
            "preliminary": text_in(document, "PreliminaryFlag") == "PRELIMINARY",
            "verified_by": [observer["name"] for observer in observers],
            "verified_at": observers[-1]["at"] if observers else None,
        },
        "author": "; ".join(_authors(document, root, observers)),
        "observed_at": _observed_at(document, root),
        "replaces": list(_predecessors(document)),
        "context": [{"name": item.name, "value": spoken(item)} for item in root.children if is_context(item)],
        "sections": [section.as_json() for section in sections_of(root)],
        "measurements": measurements_of(root),
        "references": _references(document, root),
        "tree": _node(root),
    }


def _verifying_observers(document: Dataset) -> list[dict[str, str]]:
    """Who verified, the latest last (PS3.3 C.17.2)."""
    found = [
        {"name": text_in(item, "VerifyingObserverName"), "at": date_time_text(text_in(item, "VerificationDateTime"))}
        for item in datasets_in(document, "VerifyingObserverSequence")
    ]
    return sorted(found, key=lambda observer: observer["at"])


def _authors(document: Dataset, root: ContentItem, observers: list[dict[str, str]]) -> list[str]:
    """Who wrote it: the authors as stated, else the person who observed, else who verified."""
    stated = [text_in(item, "PersonName") for item in datasets_in(document, "AuthorObserverSequence")]
    observing = [child.value for child in root.children if _names_the_observer(child)]
    for names in (stated, observing, [observer["name"] for observer in observers]):
        if found := list(dict.fromkeys(name for name in names if name)):
            return found
    return []


def _names_the_observer(item: ContentItem) -> bool:
    """Person Observer Name (TID 1003), which some write as TEXT and some without its code."""
    if item.relationship != "HAS OBS CONTEXT" or item.concept is None:
        return False
    coded = (item.concept.scheme, item.concept.value) == _PERSON_OBSERVER and item.value_type in {"PNAME", "TEXT"}
    return coded or (item.value_type == "PNAME" and "observer" in item.name.lower())


def _observed_at(document: Dataset, root: ContentItem) -> str | None:
    content = text_in(document, "ContentDate") + text_in(document, "ContentTime")
    return date_time_text(root.observed_at or content) or None


def _predecessors(document: Dataset) -> Iterator[str]:
    """The SOP Instance UIDs of the documents that this one replaces (PS3.3 C.17.2)."""
    yield from (uid for _, uid in _instances_in(datasets_in(document, "PredecessorDocumentsSequence")))


def _instances_in(studies: list[Dataset]) -> Iterator[tuple[str, str]]:
    """Series and SOP Instance UID of all that a hierarchical SOP instance reference names (PS3.3 C.17.2.1)."""
    for study in studies:
        for series in datasets_in(study, "ReferencedSeriesSequence"):
            series_instance_uid = text_in(series, "SeriesInstanceUID")
            for instance in datasets_in(series, "ReferencedSOPSequence"):
                yield series_instance_uid, text_in(instance, "ReferencedSOPInstanceUID")


def _references(document: Dataset, root: ContentItem) -> list[dict[str, Any]]:
    """The objects that the content points at, each frame once, with the words beside the pointer."""
    evidence = [
        *datasets_in(document, "CurrentRequestedProcedureEvidenceSequence"),
        *datasets_in(document, "PertinentOtherEvidenceSequence"),
    ]
    series_of = {uid: series for series, uid in _instances_in(evidence)}
    found: dict[tuple[str, int | None], dict[str, Any]] = {}
    waiting: list[tuple[ContentItem, str]] = [(root, "")]
    while waiting:
        item, around = waiting.pop()
        text = item.name or around
        for reference in item.references:
            key = (reference.sop_instance_uid, reference.frame_number)
            if len(found) < MAX_REFERENCES and reference.sop_instance_uid:
                found.setdefault(
                    key,
                    {
                        "sop_instance_uid": reference.sop_instance_uid,
                        "series_instance_uid": series_of.get(reference.sop_instance_uid),
                        "n": None,
                        "frame_number": reference.frame_number,
                        "text": text,
                    },
                )
        said = item.value if item.value_type in {"TEXT", "CODE"} else text
        waiting += [(child, said) for child in reversed(item.children)]
    return list(found.values())


def _node(root: ContentItem) -> dict[str, Any]:
    """The tree as JSON, built from the leaves up without recursion."""
    nodes = {id(item): _flat(item) for item in root.walk()}
    for item in root.walk():
        nodes[id(item)]["children"] = [nodes[id(child)] for child in item.children]
    return nodes[id(root)]


def _flat(item: ContentItem) -> dict[str, Any]:
    node: dict[str, Any] = {
        "name": item.name,
        "value": spoken(item),
        "type": item.value_type,
        "relationship": item.relationship,
        "children": [],
    }
    if item.concept:
        node["concept"] = _coded(item.concept)
    if item.code:
        node["coded"] = _coded(item.code)
    if item.value_type == "NUM":
        node["number"] = item.value
    if item.unit:
        node["unit"] = _coded(item.unit)
    if item.qualifier:
        node["qualifier"] = _coded(item.qualifier)
    if item.refers_to:
        node["refers_to"] = item.refers_to
    if item.references:
        node["references"] = [
            {
                "sop_instance_uid": r.sop_instance_uid,
                "frame_number": r.frame_number,
                "presentation_state_uid": r.presentation_state_uid or None,
            }
            for r in item.references
        ]
    return node


def _coded(code: Code) -> dict[str, str]:
    return {"code": code.value, "scheme": code.scheme, "meaning": code.meaning}
