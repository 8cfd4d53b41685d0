"""A DICOM person name as the app writes it, for what the server draws before the app's script has come.

The same rules stand in pwa/src/person.ts; tests/unit/web holds both to the same names.
"""

from __future__ import annotations

import unicodedata


def readable_name(person_name: str) -> str:
    """`Yamada^Tarou=山田^太郎` as `YAMADA, Tarou · 山田 太郎` (PS3.5 6.2.1.1); `No name` where there is none."""
    groups = [readable for group in person_name.split("=") if (readable := _readable_group(group))]
    return " · ".join(dict.fromkeys(groups)) or "No name"


def _readable_group(group: str) -> str:
    components = [component.strip() for component in group.split("^")][:5]
    family, given, middle, prefix, suffix = components + [""] * (5 - len(components))
    if any(_is_ideographic(letter) for letter in group):
        return " ".join(filter(None, (family, given, middle)))
    surname = family.upper() if all(_is_latin(letter) for letter in family) else family
    called = ", ".join(filter(None, (surname, " ".join(filter(None, (given, middle))), suffix)))
    return " ".join(filter(None, (called, f"({prefix})" if prefix else "")))


def _is_ideographic(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HANGUL"))


def _is_latin(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith("LATIN")
