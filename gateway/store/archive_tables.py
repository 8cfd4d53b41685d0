"""The tables of a folder archive's index; made again from the files whenever they are lost."""

import sqlalchemy as sa

metadata = sa.MetaData()

files = sa.Table(
    "files",
    metadata,
    sa.Column("directory", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.String, nullable=False, default=""),
    sa.Index("files_with_reason", "reason"),
)

instances = sa.Table(
    "instances",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sop_instance_uid", sa.String(64), nullable=False, unique=True),
    sa.Column("series_instance_uid", sa.String(64), nullable=False),
    sa.Column("study_instance_uid", sa.String(64), nullable=False),
    sa.Column("directory", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("instance_number", sa.BigInteger, nullable=False),
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
    sa.Column("attributes", sa.Text, nullable=False),
    sa.Index("studies_by_time", sa.desc("study_date"), sa.desc("study_time"), "study_instance_uid"),
)
