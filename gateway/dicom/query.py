"""A search in an archive: QIDO-RS matching (PS3.18 8.3.4) and the app's own search words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.dicom.attributes import Level


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for at which level.

    `matches` maps a keyword to a matching value as PS3.4 C.2.2.2 has it: exact, `*` and `?` wildcards, date and time
    ranges with `-`, a list of UIDs or modalities separated by commas. `words` is free text: every word must begin a
    component of the patient name (any group) or begin the patient ID or accession number, case-insensitively.
    `allowed` narrows by policy: the keyword's value must be one of the given ones, exactly; unlike `matches` no
    wildcard is read. `arrived_after` is a moment in seconds since 1970: only studies whose first object came later are
    meant, the latest arrivals first. Studies come newest first, series and instances by their numbers.
    """

    level: Level = Level.STUDY
    matches: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    fuzzy: bool = False
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    arrived_after: int | None = None
    limit: int = 50
    offset: int = 0
