"""Which studies come first on call: what the archive says, else the rules below, which a person can read and mend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from gateway.dicom.attributes import values
from gateway.dicom.model import Study


class Urgency(IntEnum):
    """How urgent a study is; `LIKELY` is a guess of the rules, the others are what was requested."""

    LIKELY = 1
    HIGH = 2
    STAT = 3


@dataclass(frozen=True, slots=True)
class Urgent:
    """How urgent a study is, and what says so, for people to read."""

    urgency: Urgency
    because: str


class Rule(NamedTuple):
    """Pictures of these modalities that are about one of these: a word of the description or the body part."""

    modalities: frozenset[str]
    about: frozenset[str]
    because: str
    only_at_night: bool = False


_CROSS_SECTIONS = frozenset({"CT", "MR"})
_CT = frozenset({"CT"})
RULES = (
    Rule(_CROSS_SECTIONS, frozenset({"stroke", "thrombectomy", "perfusion", "cta head", "angio head"}), "stroke"),
    Rule(_CT, frozenset({"trauma", "polytrauma", "whole body trauma", "traumascan"}), "trauma"),
    Rule(_CT, frozenset({"embolism", "ctpa", "pe chest", "dissection", "aorta", "aneurysm"}), "vessels of the chest"),
    Rule(_CROSS_SECTIONS, frozenset({"cauda", "cord compression"}), "spinal cord"),
    Rule(frozenset({"CT", "MR", "CR", "DX", "US"}), frozenset({"torsion", "free air", "ileus"}), "acute abdomen"),
    Rule(_CT, frozenset({"head", "brain", "skull", "neuro"}), "head at night", only_at_night=True),
    Rule(
        _CT,
        frozenset({"chest", "abdomen", "abdomenpelvis", "pelvis", "spine", "cspine"}),
        "body at night",
        only_at_night=True,
    ),
)
# Hours of the scanner's clock in which nobody makes what can wait.
NIGHT_BEGINS, NIGHT_ENDS = 20, 7
# What was urgent the day before yesterday is not what a list begins with.
URGENT_DAYS = 1
_WORDS = re.compile(r"[^\w]+")
# Defined terms of Requested Procedure Priority (0040,1003), PS3.3 C.4.11; any other says that it can wait.
_REQUESTED = {"STAT": Urgency.STAT, "HIGH": Urgency.HIGH}


def urgent_from(today: date) -> str:
    """The first day (DA) whose studies can be urgent."""
    return (today - timedelta(days=URGENT_DAYS)).strftime("%Y%m%d")


def urgency_of(study: Study, today: date) -> Urgent | None:
    """How urgent the study is, None for one that can wait or is of another day."""
    if study.text("StudyDate") < urgent_from(today):
        return None
    if requested := study.text("RequestedProcedurePriority").strip().upper():
        urgency = _REQUESTED.get(requested)
        return Urgent(urgency, f"requested as {requested}") if urgency else None
    modalities = {str(value) for value in values(study.attributes, "ModalitiesInStudy")}
    about = _spaced(study.text("StudyDescription"), *study.body_parts)
    for rule in RULES:
        if not modalities & rule.modalities or (rule.only_at_night and not _is_night(study.text("StudyTime"))):
            continue
        if any(f" {word} " in about for word in rule.about):
            return Urgent(Urgency.LIKELY, rule.because)
    return None


def _spaced(*texts: str) -> str:
    return f" {' '.join(' '.join(_WORDS.split(text.casefold())).strip() for text in texts)} "


def _is_night(tm: str) -> bool:
    return tm[:2].isdigit() and not NIGHT_ENDS <= int(tm[:2]) < NIGHT_BEGINS
