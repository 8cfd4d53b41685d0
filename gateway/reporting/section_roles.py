"""What part a section plays in a report: by its coded concept, else by the words of its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.reporting.content_values import Code

IMPRESSION, FINDINGS, INDICATION = "impression", "findings", "indication"
COMPARISON, RECOMMENDATION, OTHER = "comparison", "recommendation", "other"


@dataclass(frozen=True, slots=True)
class Role:
    """A section's role and by what it was known: `concept`, `heading`, or `none` for other."""

    name: str = OTHER
    matched_by: str = "none"


# PS3.16 CID 7001 (headings) and CID 7002 (items) in the codes of DCM, and LOINC with the codes reports are sent with.
_BY_CONCEPT: dict[str, dict[str, tuple[str, ...]]] = {
    IMPRESSION: {
        "DCM": ("121072", "121073", "121076", "121077", "121111"),
        "LN": ("19005-8", "55110-1", "55112-7"),
    },
    FINDINGS: {
        "DCM": ("121070", "121071"),
        "LN": ("59776-5", "18782-3"),
    },
    INDICATION: {
        "DCM": ("121060", "121062", "121109", "121110"),
        "LN": ("11329-0", "55115-0", "18785-6", "59768-2"),
    },
    COMPARISON: {
        "DCM": ("121068", "121069", "121066"),
        "LN": ("18834-2", "55114-3"),
    },
    RECOMMENDATION: {
        "DCM": ("121074", "121075"),
        "LN": ("18783-1",),
    },
}
_ROLE_OF_CODE = {
    (scheme, value): role
    for role, schemes in _BY_CONCEPT.items()
    for scheme, values in schemes.items()
    for value in values
}

# Beginnings of words, in the order in which they decide: "Previous findings" is a comparison, "Clinical diagnosis"
# what the request said, "Impression and recommendation" an impression. English, German, French, Italian, Spanish and
# Dutch.
_BY_HEADING = (
    (COMPARISON, "comparison previous prior vergleich voruntersuch vorbefund comparais confront"),
    (
        INDICATION,
        (
            "indica indikat histor clinical klinisch request anamnes fragestell vorgeschichte "
            "antecedent motif motivo vraagstelling quesito renseignement"
        ),
    ),
    (
        IMPRESSION,
        "impression impresi conclus schlussfolger beurteil zusammenfass diagnosi diagnose diagnóstico",
    ),
    (RECOMMENDATION, "recommend empfehl procedere recommandat raccomand recomend aanbeveling"),
    (FINDINGS, "finding befund result résultat referto repert hallazgo bevinding"),
)
_BEGINNINGS = tuple((role, tuple(beginnings.split())) for role, beginnings in _BY_HEADING)
_WHOLE_HEADINGS = {"summary": IMPRESSION, "opinion": IMPRESSION, "synthèse": IMPRESSION, "observations": FINDINGS}
_WORDS = re.compile(r"\w+")


def role_of(concept: Code | None) -> Role:
    """The role that a heading gives its section; other where neither its code nor its words say one."""
    if concept is None:
        return Role()
    scheme = "LN" if concept.scheme.upper() == "LOINC" else concept.scheme.upper()
    by_code = _ROLE_OF_CODE.get((scheme, concept.value))
    if by_code:
        return Role(by_code, "concept")
    by_words = _role_of_words(concept.meaning)
    return Role(by_words, "heading") if by_words else Role()


def _role_of_words(heading: str) -> str:
    lowered = heading.strip(" :").lower()
    words = _WORDS.findall(lowered)
    for role, beginnings in _BEGINNINGS:
        if any(word.startswith(beginnings) for word in words):
            return role
    return _WHOLE_HEADINGS.get(lowered, "")
