"""The numbers of a report, each with its unit and what it was measured of."""

from __future__ import annotations

from typing import Any

from gateway.reporting.content_tree import BY_REFERENCE, ContentItem
from gateway.reporting.sections import spoken

# What TID 1501 says of the thing measured, each once in its group. Sentences beside a number do not name it.
_NAMES_THE_FINDING = (
    ("DCM", "112039", "TEXT"),  # Tracking Identifier
    ("DCM", "121071", "CODE"),  # Finding
    ("SCT", "363698007", "CODE"),  # Finding Site
    ("SRT", "G-C0E3", "CODE"),  # Finding Site, in the older scheme
)


def measurements_of(root: ContentItem) -> list[dict[str, Any]]:
    """Every number of the report with its unit, and the finding or the heading it belongs to."""
    found: list[dict[str, Any]] = []
    waiting: list[tuple[ContentItem, str]] = [(root, "")]
    while waiting:
        item, finding = waiting.pop()
        if item.value_type == "NUM":
            found.append(_measurement(item, finding))
        within = _finding_in(item) or finding
        waiting += [(child, within) for child in reversed(item.children)]
    return found


def _measurement(item: ContentItem, finding: str) -> dict[str, Any]:
    return {
        "name": item.name,
        "value": item.value,
        "unit": item.unit.meaning if item.unit else "",
        "unit_code": item.unit.value if item.unit else "",
        "qualifier": item.qualifier.meaning if item.qualifier else "",
        "finding": finding or None,
    }


def _finding_in(item: ContentItem) -> str:
    """What a container's numbers are about: tracking identifier, finding and site as stated, else its heading."""
    if item.value_type != "CONTAINER":
        return item.name if item.value_type == BY_REFERENCE else spoken(item)
    stated: dict[tuple[str, str, str], list[str]] = {}
    for child in item.children:
        if child.concept:
            key = (child.concept.scheme, child.concept.value, child.value_type)
            stated.setdefault(key, []).append(spoken(child))
    named = [stated[key][0] for key in _NAMES_THE_FINDING if len(stated.get(key, [])) == 1]
    return ", ".join(dict.fromkeys(named)) or item.name
