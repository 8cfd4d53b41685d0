"""The tables of a folder archive's index; made again from the files whenever they are lost."""

import os
from typing import Any

import sqlalchemy as sa


class FilePath(sa.TypeDecorator[str]):
    """A path as the file system has it: kept as bytes, because a name on a disk need not be text in any encoding."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        """The bytes that the file system knows it by."""
        del dialect
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        """The path as Python's own functions take it."""
        del dialect
        return None if value is None else os.fsdecode(value)


metadata = sa.MetaData()
# When a study came cannot be read out of files: this outlives an index that is made again by another release.
lasting_metadata = sa.MetaData()

arrivals = sa.Table(
    "arrivals",
    lasting_metadata,
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("arrived_at", sa.BigInteger, nullable=False),
)

files = sa.Table(
    "files",
    metadata,
    sa.Column("directory", FilePath, primary_key=True),
    sa.Column("name", FilePath, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String, nullable=False, default=""),
    # The SOP Instance UID of a file left out because another holds it: when that one goes, this one steps in.
    sa.Column("doubles", sa.String(64), nullable=False, default=""),
    sa.Index("files_with_reason", "reason"),
    sa.Index("files_that_double", "doubles"),
)

instances = sa.Table(
    "instances",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sop_instance_uid", sa.String(64), nullable=False, unique=True),
    sa.Column("series_instance_uid", sa.String(64), nullable=False),
    sa.Column("study_instance_uid", sa.String(64), nullable=False),
    sa.Column("directory", FilePath, nullable=False),
    sa.Column("name", FilePath, nullable=False),
    sa.Column("instance_number", sa.BigInteger, nullable=False),
    sa.Column("sop_class_uid", sa.String(64), nullable=False),
    sa.Column("is_image", sa.Boolean, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Index("instances_of_series", "study_instance_uid", "series_instance_uid", "instance_number"),
    sa.Index("instances_by_series", "series_instance_uid", "instance_number"),
    sa.Index("instances_of_file", "directory", "name"),
)

series = sa.Table(
    "series",
    metadata,
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("series_instance_uid", sa.String(64), primary_key=True),
    sa.Column("modality", sa.String(16), nullable=False),
    sa.Column("series_number", sa.BigInteger, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),
)

studies = sa.Table(
    "studies",
    metadata,
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(32), nullable=False),
    sa.Column("study_date", sa.String(8), nullable=False),
    sa.Column("study_time", sa.String(16), nullable=False),
    sa.Column("patient_id", sa.String, nullable=False, index=True),
    sa.Column("accession_number", sa.String, nullable=False, index=True),
    sa.Column("patient_birth_date", sa.String(8), nullable=False),
    sa.Column("patient_name", sa.String, nullable=False),
    sa.Column("modalities", sa.String, nullable=False),
    sa.Column("words", sa.String, nullable=False),
    sa.Column("image_count", sa.BigInteger, nullable=False),
    sa.Column("body_parts", sa.String, nullable=False),
    sa.Column("arrived_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Index("studies_by_time", sa.desc("study_date"), sa.desc("study_time"), "study_instance_uid"),
)
