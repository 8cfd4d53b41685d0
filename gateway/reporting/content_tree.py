"""The content tree of a structured report (PS3.3 A.35, C.17.3), read without recursion and within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydicom.dataset import Dataset

from gateway.errors import Unreadable
from gateway.reporting.content_values import Code, Reference, code_in, datasets_in, reading_of, text_in

MAX_DEPTH = 100
MAX_ITEMS = 20_000
MAX_CHARACTERS = 4_000_000

BY_REFERENCE = "by-reference"


@dataclass(slots=True)
class ContentItem:
    """One content item: what it is called, its value as text, and what it holds.

    `code` is the value of a CODE, `unit` and `qualifier` belong to NUM, `references` to IMAGE, COMPOSITE and WAVEFORM;
    `refers_to` is the position (`1.2.1`) that a by-reference relationship names (PS3.3 C.17.3.2.5).
    """

    value_type: str
    relationship: str
    concept: Code | None
    value: str = ""
    code: Code | None = None
    unit: Code | None = None
    qualifier: Code | None = None
    references: list[Reference] = field(default_factory=list)
    continuous: bool = False
    refers_to: str = ""
    observed_at: str = ""
    children: list[ContentItem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the item is called, empty where it has no concept name."""
        return self.concept.meaning if self.concept else ""

    def walk(self) -> Iterator[ContentItem]:
        """The item and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.children))


def read_content_tree(document: Dataset) -> ContentItem:
    """The document's root content item with everything below it.

    Raises Unreadable where it holds no content or goes beyond MAX_DEPTH, MAX_ITEMS or MAX_CHARACTERS: a report is
    shown whole or not at all.
    """
    if not text_in(document, "ValueType") and not datasets_in(document, "ContentSequence"):
        raise Unreadable("This object holds no report: it has no content tree.")
    root = _item(document)
    waiting: list[tuple[Dataset, ContentItem, int]] = [(document, root, 1)]
    items, characters = 1, _characters(root)
    while waiting:
        dataset, parent, depth = waiting.pop()
        children = datasets_in(dataset, "ContentSequence")
        if children and depth >= MAX_DEPTH:
            raise Unreadable(f"This report is nested more than {MAX_DEPTH} levels deep.")
        for child in children:
            item = _item(child)
            items, characters = items + 1, characters + _characters(item)
            _refuse_beyond_bounds(items, characters)
            parent.children.append(item)
            waiting.append((child, item, depth + 1))
    _name_what_is_referred_to(root)
    return root


def _refuse_beyond_bounds(items: int, characters: int) -> None:
    if items > MAX_ITEMS:
        raise Unreadable(f"This report has more than {MAX_ITEMS} content items.")
    if characters > MAX_CHARACTERS:
        raise Unreadable(f"This report has more than {MAX_CHARACTERS} characters of text.")


def _characters(item: ContentItem) -> int:
    return len(item.value) + len(item.name)


def _item(dataset: Dataset) -> ContentItem:
    relationship = text_in(dataset, "RelationshipType")
    position = _positions(dataset)
    if position:
        return ContentItem(BY_REFERENCE, relationship, None, refers_to=position)
    value_type = text_in(dataset, "ValueType").upper()
    return ContentItem(
        value_type,
        relationship,
        code_in(dataset, "ConceptNameCodeSequence"),
        continuous=text_in(dataset, "ContinuityOfContent") == "CONTINUOUS",
        observed_at=text_in(dataset, "ObservationDateTime"),
        **reading_of(value_type, dataset),
    )


def _positions(dataset: Dataset) -> str:
    """Referenced Content Item Identifier (0040,DB73) as `1.2.1`, empty where the item stands by value."""
    stated: Any = dataset.get("ReferencedContentItemIdentifier")
    if stated is None:
        return ""
    return ".".join(str(part) for part in (stated if hasattr(stated, "__iter__") else [stated]))


def _name_what_is_referred_to(root: ContentItem) -> None:
    """Gives each by-reference item its target's name and value; the target itself is not copied, so no cycle arises."""
    for item in root.walk():
        if item.refers_to:
            target = _at(root, item.refers_to)
            if target and target.value_type != BY_REFERENCE:
                item.concept, item.value = target.concept, target.value


def _at(root: ContentItem, position: str) -> ContentItem | None:
    """The item at a position as C.17.3.2.5 counts: from 1, the root being the first number."""
    first, *rest = (int(part) for part in position.split(".") if part.isdigit())
    if first != 1:
        return None
    found = root
    for number in rest:
        if not 1 <= number <= len(found.children):
            return None
        found = found.children[number - 1]
    return found
