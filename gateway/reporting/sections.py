"""The sections of a report: what stands under which heading, paragraph by paragraph, in the document's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.reporting.content_tree import ContentItem
from gateway.reporting.section_roles import FINDINGS, IMPRESSION, OTHER, RECOMMENDATION, Role, role_of

SPOKEN = frozenset({"TEXT", "CODE", "NUM", "DATE", "TIME", "DATETIME", "PNAME"})
_CONTEXT = frozenset({"HAS OBS CONTEXT", "HAS ACQ CONTEXT", "HAS CONCEPT MOD"})
_QUALIFYING = frozenset({"HAS CONCEPT MOD", "HAS PROPERTIES"})
_ENDS_A_SENTENCE = (".", ",", ";", ":", "!", "?")


@dataclass(slots=True)
class Section:
    """One section: its role and by what it was known, its heading and its paragraphs."""

    role: Role
    title: str
    paragraphs: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The section as docs/api.md has it."""
        return {
            "role": self.role.name,
            "matched_by": self.role.matched_by,
            "title": self.title,
            "paragraphs": self.paragraphs,
        }


def sections_of(root: ContentItem) -> list[Section]:
    """All sections that say something, in the order of the document; nested ones follow the one they stand in.

    The root's name is the document's title and gives no role: "Diagnostic Imaging Report" is no diagnosis.
    """
    found: list[Section] = []
    waiting: list[tuple[ContentItem, Role, str]] = [(root, Role(), root.name)]
    while waiting:
        container, role, title = waiting.pop()
        found += _sections_in(container, Section(role, title))
        inner = [child for child in container.children if child.value_type == "CONTAINER"]
        waiting += [(child, _role_within(child, role), child.name or title) for child in reversed(inner)]
    return [section for section in found if section.paragraphs]


def spoken(item: ContentItem) -> str:
    """The item's own value as a person says it: a number with its unit, or the reason why there is none."""
    if item.value_type != "NUM":
        return item.value.strip()
    unit = "" if item.unit is None or item.unit.value in {"1", "{no units}"} else item.unit.meaning
    return " ".join(part for part in (item.value, unit if item.value else "", item.qualifier) if part)


def is_context(item: ContentItem) -> bool:
    """Whether the item says about whom, by whom or how, and not what was seen."""
    return item.relationship in _CONTEXT


def _role_within(container: ContentItem, outer: Role) -> Role:
    own = role_of(container.concept)
    return outer if own.name == OTHER else own


def _sections_in(container: ContentItem, section: Section) -> list[Section]:
    """The container's own section, and one more for each run of items that carry a role of their own."""
    spoken_items = [c for c in container.children if c.value_type in SPOKEN and not is_context(c) and spoken(c)]
    if _is_prose(container, spoken_items):
        section.paragraphs = [_joined([spoken(item) for item in spoken_items])]
        return [section]
    found, current = [section], section
    for item in spoken_items:
        role = role_of(item.concept) if item.value_type == "TEXT" or not container.relationship else Role()
        if not _stands_apart(role, section.role):
            current = section
        elif current.title != item.name or current is section:
            current = Section(role, item.name)
            found.append(current)
        current.paragraphs.append(_paragraph(item, current))
    return found


def _is_prose(container: ContentItem, items: list[ContentItem]) -> bool:
    """Whether the items are one sentence cut in pieces (Continuity of Content, PS3.3 C.18.8).

    Measurement groups are often flagged continuous too; a list of numbers without their names would say nothing.
    """
    return container.continuous and 2 * sum(item.value_type == "TEXT" for item in items) > len(items)


def _stands_apart(own: Role, around: Role) -> bool:
    """Whether an item leaves its section: "Impression" amid findings does, "Finding" amid conclusions does not."""
    if own.name in (OTHER, around.name):
        return False
    return around.name == OTHER or (own.name in (IMPRESSION, RECOMMENDATION) and around.name == FINDINGS)


def _paragraph(item: ContentItem, section: Section) -> str:
    said = spoken(item)
    named = item.name and item.name != section.title
    if item.value_type == "TEXT" and role_of(item.concept).name == section.role.name != OTHER:
        named = False
    details = [
        f"{child.name}: {spoken(child)}" if child.name else spoken(child)
        for child in item.children
        if child.relationship in _QUALIFYING and child.value_type in SPOKEN and spoken(child)
    ]
    said = f"{item.name}: {said}" if named else said
    return f"{said} ({'; '.join(details)})" if details else said


def _joined(parts: list[str]) -> str:
    sentence = ""
    for part in parts:
        sentence += part if not sentence or part.startswith(_ENDS_A_SENTENCE) else f" {part}"
    return sentence
