"""Searching a folder archive's index as PS3.4 C.2.2.2 has it: what SQL can narrow it narrows, the rest is compared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import translate
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from gateway.dicom.attributes import ATTRIBUTES, DicomJson, Level, text, values
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.store.archive_tables import instances, series, studies
from gateway.store.database import Database

_UIDS = {
    "StudyInstanceUID": {Level.STUDY: studies, Level.SERIES: series, Level.INSTANCE: instances},
    "SeriesInstanceUID": {Level.SERIES: series, Level.INSTANCE: instances},
    "SOPInstanceUID": {Level.INSTANCE: instances},
}
_COLUMNS = {
    "StudyInstanceUID": "study_instance_uid",
    "SeriesInstanceUID": "series_instance_uid",
    "SOPInstanceUID": "sop_instance_uid",
}
_EXACT = {"PatientID": studies.c.patient_id, "AccessionNumber": studies.c.accession_number}
_ESCAPE = "|"
_RANGES = frozenset({"DA", "TM"})
LARGEST_REMEMBERED = 64 * 1024
_BREAKS = re.compile(r"[\s^=,;]+")


def searchable(attributes: DicomJson, modalities: list[str]) -> Mapping[str, str]:
    """The columns by which a study is found, out of its attributes: names and words case-folded, in every script."""
    name = _name(attributes, "PatientName")
    found = " ".join((name, text(attributes, "PatientID").casefold(), text(attributes, "AccessionNumber").casefold()))
    return {
        "study_date": text(attributes, "StudyDate"),
        "study_time": text(attributes, "StudyTime"),
        "patient_id": text(attributes, "PatientID"),
        "accession_number": text(attributes, "AccessionNumber"),
        "patient_birth_date": text(attributes, "PatientBirthDate"),
        "patient_name": name,
        "modalities": f" {' '.join(modalities)} ",
        "words": f" {' '.join(_BREAKS.split(found))} ",
    }


class ArchiveSearch:
    """Finds studies, series and instances in one index."""

    def __init__(self, database: Database, archive: str) -> None:
        self._database = database
        self._archive = archive

    def studies(self, query: Query) -> list[Study]:
        """The studies that match, newest first."""
        return [
            Study(
                row.study_instance_uid,
                self._archive,
                row.version,
                attributes,
                row.image_count,
                tuple(filter(None, row.body_parts.split(","))),
                row.arrived_at,
            )
            for row, attributes in self._found(query)
        ]

    def series(self, query: Query) -> list[Series]:
        """The series that match, by series number."""
        return [Series(row.study_instance_uid, row.series_instance_uid, own) for row, own in self._found(query)]

    def instances(self, query: Query) -> list[Instance]:
        """The instances that match, by instance number."""
        return [
            Instance(row.study_instance_uid, row.series_instance_uid, row.sop_instance_uid, own)
            for row, own in self._found(query)
        ]

    def _found(self, query: Query) -> Iterable[tuple[Any, DicomJson]]:
        """Rows with their own level's attributes; the one row of an address is remembered while nothing changes."""
        if query.limit != 1 or query.offset or query.words or query.allowed or query.arrived_after is not None:
            return self._read(query)
        named = dict(query.matches)
        prepared = _PREPARED.get((query.level, frozenset(named)))
        if prepared is None or any(_LIST.search(uid) for uid in named.values()):
            return self._read(query)

        def read(connection: sa.Connection) -> list[tuple[Any, DicomJson]]:
            row = connection.execute(prepared, named).first()
            return [] if row is None else [(row, json.loads(row.attributes))]

        return self._database.remembered((query.level, *sorted(named.items())), read, _is_small)

    def _read(self, query: Query) -> Iterator[tuple[Any, DicomJson]]:
        """Rows with their own level's attributes; those of the levels above take part in the matching."""
        skipped = given = 0
        compared = {keyword: value for keyword, value in query.matches.items() if not _is_narrowed(query, keyword)}
        statement = _statement(query)
        is_whole = not compared and not query.allowed
        if is_whole:
            statement = statement.limit(query.limit).offset(query.offset)
        with self._database.read() as connection:
            rows = connection.execute(statement.execution_options(yield_per=500))
            for row in rows:
                own = json.loads(row.attributes)
                if not is_whole:
                    above = json.loads(row.above) if query.level is not Level.STUDY else {}
                    if not _matches(above | own, compared, query):
                        continue
                    if skipped < query.offset:
                        skipped += 1
                        continue
                yield row, own
                given += 1
                if given == query.limit:
                    return


def _is_small(found: list[tuple[Any, DicomJson]]) -> bool:
    """Whether the rows may stay in memory: an object of a thousand frames has megabytes of attributes."""
    return sum(len(row.attributes) for row, _ in found) <= LARGEST_REMEMBERED


_LIST = re.compile(r"[,\\*?]")
# The questions for one object by its UIDs, made once: putting them together takes longer than answering them.
_PREPARED: dict[tuple[Level, frozenset[str]], sa.Select[Any]] = {
    (Level.STUDY, frozenset({"StudyInstanceUID"})): sa.select(studies).where(
        studies.c.study_instance_uid == sa.bindparam("StudyInstanceUID")
    ),
    (Level.INSTANCE, frozenset({"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"})): sa.select(
        instances
    ).where(
        instances.c.study_instance_uid == sa.bindparam("StudyInstanceUID"),
        instances.c.series_instance_uid == sa.bindparam("SeriesInstanceUID"),
        instances.c.sop_instance_uid == sa.bindparam("SOPInstanceUID"),
    ),
}


def _statement(query: Query) -> sa.Select[Any]:
    if query.level is Level.STUDY:
        chosen = sa.select(studies)
        order: tuple[Any, ...] = (
            studies.c.study_date.desc(),
            studies.c.study_time.desc(),
            studies.c.study_instance_uid,
        )
        if query.arrived_after is not None:
            order = (studies.c.arrived_at.desc(), *order)
    elif query.level is Level.SERIES:
        chosen = sa.select(series, studies.c.attributes.label("above")).join(
            studies, studies.c.study_instance_uid == series.c.study_instance_uid
        )
        order = (series.c.study_instance_uid, series.c.series_number, series.c.series_instance_uid)
    else:
        chosen = sa.select(instances, studies.c.attributes.label("above")).join(
            studies, studies.c.study_instance_uid == instances.c.study_instance_uid
        )
        order = (
            instances.c.study_instance_uid,
            instances.c.series_instance_uid,
            instances.c.instance_number,
            instances.c.id,
        )
    return chosen.where(*_conditions(query), *_arrival_conditions(query), *_name_conditions(query)).order_by(*order)


def _is_narrowed(query: Query, keyword: str) -> bool:
    """Whether SQL decides the match alone, so that nothing remains to be compared."""
    value = query.matches[keyword]
    if keyword in _UIDS:
        return query.level in _UIDS[keyword]
    if keyword in _EXACT:
        return not _is_pattern(value)
    return keyword in {"ModalitiesInStudy", "StudyDate"}


def _conditions(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    for keyword, value in query.matches.items():
        if keyword in _UIDS and query.level in _UIDS[keyword]:
            column = _UIDS[keyword][query.level].c[_COLUMNS[keyword]]
            yield column.in_([uid.strip() for uid in re.split(r"[,\\]", value)])
        elif keyword in _EXACT:
            column = _EXACT[keyword]
            yield column.like(_like(value), escape=_ESCAPE) if _is_pattern(value) else column == value
        elif keyword == "ModalitiesInStudy":
            wanted = [one.strip() for one in re.split(r"[,\\]", value) if one.strip()]
            yield sa.or_(*(studies.c.modalities.contains(f" {one} ", autoescape=True) for one in wanted), sa.false())
        elif keyword == "StudyDate":
            yield from _in_range(studies.c.study_date, value)
    for word in _BREAKS.split(query.words.casefold().strip()):
        if word:
            yield studies.c.words.contains(f" {word}", autoescape=True)


def _arrival_conditions(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    if query.arrived_after is not None:
        yield studies.c.arrived_at > query.arrived_after


def _name_conditions(query: Query) -> Iterator[sa.ColumnElement[bool]]:
    """Coarser than the match itself, which one group of the name must meet; spares reading all the others."""
    if "PatientName" in query.matches and not query.fuzzy:
        name = query.matches["PatientName"].casefold().rstrip("^")
        yield studies.c.patient_name.like(f"%{_like(name)}%", escape=_ESCAPE)


def _in_range(column: sa.Column[str], value: str) -> Iterator[sa.ColumnElement[bool]]:
    first, dash, last = value.replace(".", "").partition("-")
    if not dash:
        yield column == first
        return
    yield column != ""
    if first:
        yield column >= first
    if last:
        yield column <= last


def _matches(attributes: DicomJson, compared: Mapping[str, str], query: Query) -> bool:
    for keyword, allowed in query.allowed.items():
        if not allowed & {text(attributes, keyword), *_plain_values(attributes, keyword)}:
            return False
    return all(_matches_one(attributes, keyword, value, fuzzy=query.fuzzy) for keyword, value in compared.items())


def _matches_one(attributes: DicomJson, keyword: str, wanted: str, *, fuzzy: bool) -> bool:
    vr = ATTRIBUTES[keyword].vr
    if vr == "PN":
        return _matches_name(_name(attributes, keyword), wanted.casefold(), fuzzy=fuzzy)
    found = _plain_values(attributes, keyword)
    if vr in _RANGES and "-" in wanted:
        first, _, last = wanted.partition("-")
        return any((not first or value >= first) and (not last or value <= last) for value in found)
    if vr == "UI":
        return bool(set(re.split(r"[,\\]", wanted)) & set(found))
    if _is_pattern(wanted):
        return any(_pattern(wanted).match(value) for value in found)
    return wanted in found


def _matches_name(name: str, wanted: str, *, fuzzy: bool) -> bool:
    """A name matches by any of its groups, without regard to case (C.2.2.2.1); fuzzily by the start of each word."""
    if fuzzy:
        words = f" {' '.join(_BREAKS.split(name))}"
        return all(f" {word.strip('*')}" in words for word in _BREAKS.split(wanted) if word.strip("*"))
    return any(_pattern(wanted.rstrip("^")).match(group.rstrip("^")) for group in [name, *name.split("=")])


def _plain_values(attributes: DicomJson, keyword: str) -> list[str]:
    return [
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        for value in values(attributes, keyword)
        if not isinstance(value, dict)
    ]


def _name(attributes: DicomJson, keyword: str) -> str:
    return text(attributes, keyword).casefold()


def _is_pattern(value: str) -> bool:
    return "*" in value or "?" in value


def _like(pattern: str) -> str:
    """DICOM's pattern as one of SQL's LIKE."""
    escaped = re.sub(r"([|%_])", r"|\1", pattern)
    return escaped.replace("*", "%").replace("?", "_")


@lru_cache(maxsize=256)
def _pattern(wanted: str) -> re.Pattern[str]:
    # Only * and ? are wild in DICOM; fnmatch's sets are not.
    return re.compile(translate(wanted.replace("[", "[[]")))
