"""The sections of a report: what stands under which heading, paragraph by paragraph, in the document's own words."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(slots=True)
class _Open:
    """A container that is being read: what is left of it, and the section its next paragraph goes to."""

    items: Iterator[ContentItem]
    role: Role
    title: str
    is_root: bool = False
    current: Section | None = None


def sections_of(root: ContentItem) -> list[Section]:
    """All sections that say something, in the order of the document; what follows a nested one is a section again.

    The root's name is the document's title and gives no role: "Diagnostic Imaging Report" is no diagnosis.
    """
    found: list[Section] = []
    open_containers = [_Open(iter(root.children), Role(), root.name, is_root=True)]
    while open_containers:
        around = open_containers[-1]
        item = next(around.items, None)
        if item is None:
            open_containers.pop()
        elif item.value_type == "CONTAINER":
            around.current = None
            open_containers.append(_enter(item, around, found))
        elif _says_something(item):
            _add(item, around, found)
    return found


def spoken(item: ContentItem) -> str:
    """The item's own value as a person says it: a number with its unit, or the reason why there is none."""
    if item.value_type != "NUM":
        return item.value.strip()
    unit = "" if item.unit is None or item.unit.value in {"1", "{no units}"} else item.unit.meaning
    return " ".join(
        part
        for part in (item.value, unit if item.value else "", item.qualifier.meaning if item.qualifier else "")
        if part
    )


def is_context(item: ContentItem) -> bool:
    """Whether the item says about whom, by whom or how, and not what was seen."""
    return item.relationship in _CONTEXT


def _role_within(container: ContentItem, outer: Role) -> Role:
    own = role_of(container.concept)
    return outer if own.name == OTHER else own


def _says_something(item: ContentItem) -> bool:
    return item.value_type in SPOKEN and not is_context(item) and bool(spoken(item))


def _enter(container: ContentItem, around: _Open, found: list[Section]) -> _Open:
    role, title = _role_within(container, around.role), container.name or around.title
    items = [item for item in container.children if _says_something(item)]
    if not _is_prose(container, items):
        return _Open(iter(container.children), role, title)
    found.append(Section(role, title, [_joined([spoken(item) for item in items])]))
    return _Open((child for child in container.children if child.value_type == "CONTAINER"), role, title)


def _add(item: ContentItem, around: _Open, found: list[Section]) -> None:
    """Adds the item to the section it stands in, or to one of its own where its name is a heading."""
    section = _section_for(item, around)
    if section is not around.current:
        around.current = section
        found.append(section)
    section.paragraphs.append(_paragraph(item, section))


def _section_for(item: ContentItem, around: _Open) -> Section:
    is_heading = item.value_type == "TEXT" or around.is_root
    own = role_of(item.concept) if is_heading else Role()
    apart = _stands_apart(own, around.role) or (around.is_root and item.value_type == "TEXT" and bool(item.name))
    role, title = (own, item.name) if apart else (around.role, around.title)
    current = around.current
    return current if current and (current.role, current.title) == (role, title) else Section(role, title)


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
    named = bool(item.name) and item.name != section.title
    if item.value_type == "TEXT" and section.role.name != OTHER:
        # Under "Impression" the words "Impression:" or "Finding:" before each paragraph tell nothing.
        named = named and role_of(item.concept).name not in (section.role.name, FINDINGS)
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
