"""Attributes of a data set as DICOM JSON, one by one and in bounds: what is no value is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

from gateway.dicom.attributes import ATTRIBUTES, DicomJson

LARGEST_TEXT = 1024
MOST_VALUES = 20_000
_WHOLE = frozenset({"IS", "US", "UL", "SS", "SL"})
_DECIMAL = frozenset({"DS", "FL", "FD"})


def attributes_of(holder: Dataset, keywords: Iterable[str]) -> DicomJson:
    """Those of the attributes that the data set or item has."""
    found: DicomJson = {}
    for keyword in keywords:
        attribute = ATTRIBUTES[keyword]
        if keyword in holder and (values := list(_values(holder[keyword], attribute.vr))):
            found[attribute.tag] = {"vr": attribute.vr, "Value": values[:MOST_VALUES]}
    return found


def _values(element: DataElement, vr: str) -> Iterator[Any]:
    value = element.value
    for one in value if isinstance(value, MultiValue | list | tuple) else [value]:
        converted = _value(one, vr)
        if converted is not None:
            yield converted


def _value(one: Any, vr: str) -> Any:
    if one is None or one == "":
        return None
    if vr == "PN":
        return _person_name(one if isinstance(one, PersonName) else PersonName(str(one)))
    try:
        if vr in _WHOLE:
            return int(one)
        if vr in _DECIMAL:
            return float(one)
    except (TypeError, ValueError, OverflowError):
        return None
    plain = str(one).strip().strip("\0")[:LARGEST_TEXT]
    # Dates of ACR-NEMA times have dots (PS3.5 table 6.2-1, DA).
    return (plain.replace(".", "") if vr == "DA" else plain) or None


def _person_name(name: PersonName) -> dict[str, str] | None:
    groups = {"Alphabetic": name.alphabetic, "Ideographic": name.ideographic, "Phonetic": name.phonetic}
    filled = {group: str(text).strip()[:LARGEST_TEXT] for group, text in groups.items() if str(text).strip()}
    return filled or None
