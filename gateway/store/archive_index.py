"""The index of a folder archive: which file holds which instance, and what can be searched without opening any."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from gateway.dicom.attributes import ATTRIBUTES, DicomJson, Level, element, number, text, values
from gateway.store.archive_search import searchable
from gateway.store.archive_tables import arrivals, files, instances, lasting_metadata, metadata, series, studies
from gateway.store.database import Database

# SQLite bounds the values of one statement.
_NAMES_TOGETHER = 500

# Rises when more is read out of files than before: an index of an older content is made again.
CONTENT_VERSION = 4


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was last looked at."""

    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class HoldingFile:
    """The file that holds an instance, and as what it was indexed."""

    directory: str
    name: str
    indexed: KnownFile


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file that was read: its attributes, or the reason why it has none."""

    directory: str
    name: str
    size: int
    modified_ns: int
    attributes: DicomJson | None
    reason: str = ""


class ArchiveIndex:
    """Holds files, instances, series and studies of one folder archive in an SQLite file that can be made again."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, durable=False)
        with self.database.write() as connection:
            if not _is_of_this_release(connection):
                metadata.drop_all(connection)
            metadata.create_all(connection)
            lasting_metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={CONTENT_VERSION}")

    def files_in(self, directory: str) -> dict[str, KnownFile]:
        """The known files of a directory by name."""
        query = sa.select(files.c.name, files.c.size, files.c.modified_ns).where(files.c.directory == directory)
        with self.database.read() as connection:
            return {name: KnownFile(size, modified) for name, size, modified in connection.execute(query)}

    def directories(self) -> list[str]:
        """Every directory that holds a known file."""
        with self.database.read() as connection:
            return list(connection.scalars(sa.select(files.c.directory).distinct()))

    def keep(self, scanned: Sequence[ScannedFile]) -> None:
        """Takes in files that are new or have changed, in one transaction."""
        with self.database.write() as connection:
            names: dict[str, list[str]] = {}
            for file in scanned:
                names.setdefault(file.directory, []).append(file.name)
            touched: set[str] = set()
            for directory, its_names in names.items():
                touched |= _forget(connection, directory, its_names)[0]
            for file in scanned:
                touched |= _insert(connection, file)
            _sum_up(connection, touched)

    def forget(self, directory: str, names: Sequence[str] | None = None) -> bool:
        """Drops files that are gone, all of the directory's where no names are given; whether doubles may step in."""
        with self.database.write() as connection:
            touched, freed = _forget(connection, directory, names)
            _sum_up(connection, touched)
        return freed > 0

    def problems(self) -> list[tuple[str, str]]:
        """Every file that is not indexed: its path below the root, and why."""
        query = sa.select(files.c.directory, files.c.name, files.c.reason).where(files.c.reason != "")
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(files.c.directory, files.c.name)).all()
        return [(_printable(f"{directory}/{name}".lstrip("/")), reason) for directory, name, reason in rows]

    def count(self) -> tuple[int, int, int]:
        """How many studies and instances there are, and how many files are not indexed."""
        return self.database.remembered("count", _count)

    def file_of(self, sop_instance_uid: str, series_instance_uid: str, study_instance_uid: str) -> HoldingFile | None:
        """The file that holds the instance, None where none does."""
        named = {"sop": sop_instance_uid, "series": series_instance_uid, "study": study_instance_uid}
        found = self.database.remembered(
            ("file", *named.values()), lambda connection: connection.execute(_FILE_OF, named).first()
        )
        return HoldingFile(found.directory, found.name, KnownFile(found.size, found.modified_ns)) if found else None


def _count(connection: sa.Connection) -> tuple[int, int, int]:
    counted = [
        connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0
        for table, condition in ((studies, sa.true()), (instances, sa.true()), (files, files.c.reason != ""))
    ]
    return counted[0], counted[1], counted[2]


# Made once: putting the question together takes longer than answering it.
_FILE_OF = (
    sa.select(files)
    .join(instances, sa.and_(files.c.directory == instances.c.directory, files.c.name == instances.c.name))
    .where(
        instances.c.sop_instance_uid == sa.bindparam("sop"),
        instances.c.series_instance_uid == sa.bindparam("series"),
        instances.c.study_instance_uid == sa.bindparam("study"),
    )
)


def _is_of_this_release(connection: sa.Connection) -> bool:
    """Whether the tables are as this release makes them; those of another are made again from the files."""
    if connection.exec_driver_sql("PRAGMA user_version").scalar() != CONTENT_VERSION:
        return False
    inspected = sa.inspect(connection)
    there = set(inspected.get_table_names())
    return all(
        {column["name"] for column in inspected.get_columns(table.name)} == set(table.columns.keys())
        for table in metadata.sorted_tables
        if table.name in there
    )


def _printable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _forget(connection: sa.Connection, directory: str, names: Sequence[str] | None) -> tuple[set[str], int]:
    """Deletes the files' rows; the studies that lost an instance, and how many doubles are now to be read again."""
    if names is not None and len(names) > _NAMES_TOGETHER:
        first, freed_first = _forget(connection, directory, names[:_NAMES_TOGETHER])
        rest, freed_rest = _forget(connection, directory, names[_NAMES_TOGETHER:])
        return first | rest, freed_first + freed_rest
    of_file, of_instance = [files.c.directory == directory], [instances.c.directory == directory]
    if names is not None:
        of_file.append(files.c.name.in_(names))
        of_instance.append(instances.c.name.in_(names))
    touched = set(connection.scalars(sa.select(instances.c.study_instance_uid).distinct().where(*of_instance)))
    lost = sa.select(instances.c.sop_instance_uid).where(*of_instance)
    freed = connection.execute(sa.delete(files).where(files.c.doubles.in_(lost))).rowcount
    connection.execute(sa.delete(instances).where(*of_instance))
    connection.execute(sa.delete(files).where(*of_file))
    return touched, freed


def _insert(connection: sa.Connection, file: ScannedFile) -> set[str]:
    attributes, reason, doubles = file.attributes, file.reason, ""
    if attributes is not None:
        uid = text(attributes, "SOPInstanceUID")
        if connection.scalar(sa.select(sa.true()).where(instances.c.sop_instance_uid == uid)):
            attributes, reason, doubles = None, "Another file holds the same SOP Instance UID.", uid
    row = {"directory": file.directory, "name": file.name, "size": file.size, "modified_ns": file.modified_ns}
    connection.execute(sa.insert(files).values(**row, reason=reason, doubles=doubles))
    if attributes is None:
        return set()
    study = text(attributes, "StudyInstanceUID")
    connection.execute(
        sa.insert(instances).values(
            sop_instance_uid=text(attributes, "SOPInstanceUID"),
            series_instance_uid=text(attributes, "SeriesInstanceUID"),
            study_instance_uid=study,
            directory=file.directory,
            name=file.name,
            instance_number=int(number(attributes, "InstanceNumber") or 0),
            sop_class_uid=text(attributes, "SOPClassUID"),
            is_image=bool(number(attributes, "Rows")),
            attributes=json.dumps(attributes, ensure_ascii=False, separators=(",", ":")),
        )
    )
    return {study}


def _sum_up(connection: sa.Connection, touched: Iterable[str]) -> None:
    """Makes the rows of series and study anew for every study that an instance came to or left."""
    for study in touched:
        connection.execute(sa.delete(series).where(series.c.study_instance_uid == study))
        connection.execute(sa.delete(studies).where(studies.c.study_instance_uid == study))
        counted = connection.execute(_SERIES_OF, {"study": study}).all()
        if not counted:
            continue
        gathered = _Gathered(study)
        for row in sorted(counted, key=lambda row: row.first_id):
            attributes = _attributes_of(connection, row.first_id)
            gathered.take(attributes, row)
            connection.execute(
                sa.insert(series).values(_series_row(study, row.series_instance_uid, row.instances, attributes))
            )
        arrival = sqlite.insert(arrivals).values(study_instance_uid=study, arrived_at=int(time.time()))
        connection.execute(arrival.on_conflict_do_nothing())
        arrived_at = connection.scalar(sa.select(arrivals.c.arrived_at).where(arrivals.c.study_instance_uid == study))
        connection.execute(sa.insert(studies).values(gathered.row() | {"arrived_at": arrived_at}))


_SERIES_OF = (
    sa.select(
        instances.c.series_instance_uid,
        sa.func.count().label("instances"),
        sa.func.min(instances.c.id).label("first_id"),
        sa.func.sum(sa.cast(instances.c.is_image, sa.Integer)).label("images"),
        sa.func.group_concat(instances.c.sop_class_uid.distinct()).label("sop_classes"),
    )
    .where(instances.c.study_instance_uid == sa.bindparam("study"))
    .group_by(instances.c.series_instance_uid)
)


def _attributes_of(connection: sa.Connection, instance_id: int) -> DicomJson:
    found = connection.scalar(sa.select(instances.c.attributes).where(instances.c.id == instance_id))
    attributes: DicomJson = json.loads(found or "{}")
    return attributes


def at_level(attributes: DicomJson, level: Level) -> DicomJson:
    """The attributes that stand at the level."""
    tags = {attribute.tag for attribute in ATTRIBUTES.values() if attribute.level is level}
    return {tag: value for tag, value in attributes.items() if tag in tags}


def _series_row(study: str, uid: str, count: int, attributes: DicomJson) -> dict[str, Any]:
    own = at_level(attributes, Level.SERIES) | element("NumberOfSeriesRelatedInstances", count)
    return {
        "series_instance_uid": uid,
        "study_instance_uid": study,
        "modality": text(attributes, "Modality"),
        "series_number": int(number(attributes, "SeriesNumber") or 0),
        "attributes": json.dumps(own, ensure_ascii=False),
    }


class _Gathered:
    """What a study's row says, gathered from its series: the first one tells of patient and study."""

    def __init__(self, study: str) -> None:
        self.study = study
        self.first: DicomJson = {}
        self.found: dict[str, set[str]] = {"Modality": set(), "BodyPartExamined": set()}
        self.sop_classes: set[str] = set()
        self.series = self.instances = self.images = 0

    def take(self, attributes: DicomJson, counted: Any) -> None:
        """Adds one series: the attributes of its first instance, and what was counted in it."""
        self.first = self.first or attributes
        for keyword, found in self.found.items():
            found |= {str(value) for value in values(attributes, keyword)}
        self.sop_classes |= set(filter(None, counted.sop_classes.split(",")))
        self.series += 1
        self.instances += counted.instances
        self.images += counted.images

    def row(self) -> dict[str, Any]:
        """The study's row but for its arrival."""
        modalities = sorted(self.found["Modality"])
        own = at_level(self.first, Level.STUDY)
        own |= element("ModalitiesInStudy", *modalities) | element("SOPClassesInStudy", *sorted(self.sop_classes))
        own |= element("NumberOfStudyRelatedSeries", self.series)
        own |= element("NumberOfStudyRelatedInstances", self.instances)
        return dict(searchable(own, modalities)) | {
            "study_instance_uid": self.study,
            "version": secrets.token_hex(8),
            "image_count": self.images,
            "body_parts": ",".join(sorted(self.found["BodyPartExamined"])),
            "attributes": json.dumps(own, ensure_ascii=False),
        }
