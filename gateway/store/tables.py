"""The tables of an installation: people, sessions, grants, shares, keys. Times are whole seconds since 1970, UTC."""

import sqlalchemy as sa

from gateway.store.database import Database

metadata = sa.MetaData()

users = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.String(128), primary_key=True),
    sa.Column("display_name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("password_hash", sa.String(255), nullable=False),
    sa.Column("identifiers", sa.Text, nullable=False),
    sa.Column("loopback_only", sa.Boolean, nullable=False),
    sa.Column("disabled_at", sa.BigInteger),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("secret_hash", sa.String(64), unique=True),
    sa.Column("user_name", sa.String(128), sa.ForeignKey("users.name")),
    sa.Column("share_id", sa.String(32), sa.ForeignKey("shares.id")),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("view_key", sa.String(64), nullable=False, unique=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("last_seen_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("revoked_at", sa.BigInteger),
    sa.Index("sessions_of_user", "user_name", "created_at"),
)

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("session_id", sa.String(32), sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("study_instance_uid", sa.String(64), nullable=False),
    sa.Column("series_instance_uids", sa.Text, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("audit_sequence", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("session_id", "study_instance_uid"),
)

shares = sa.Table(
    "shares",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("secret_hash", sa.String(64), nullable=False),
    sa.Column("study_instance_uid", sa.String(64), nullable=False, index=True),
    sa.Column("series_instance_uids", sa.Text, nullable=False),
    sa.Column("with_report", sa.Boolean, nullable=False),
    sa.Column("created_by", sa.String(128), sa.ForeignKey("users.name"), nullable=False, index=True),
    sa.Column("shared_by", sa.String(200), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("max_opens", sa.Integer),
    sa.Column("opens", sa.Integer, nullable=False),
    sa.Column("passphrase_hash", sa.String(255)),
    sa.Column("recipient", sa.String(200), nullable=False),
    sa.Column("purpose", sa.String(200), nullable=False),
    sa.Column("revoked_at", sa.BigInteger),
)

share_trail = sa.Table(
    "share_trail",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("share_id", sa.String(32), sa.ForeignKey("shares.id"), nullable=False, index=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("device", sa.String(64), nullable=False),
)

measurements = sa.Table(
    "measurements",
    metadata,
    sa.Column("user_name", sa.String(128), sa.ForeignKey("users.name"), primary_key=True),
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("drawn", sa.Text, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
)

# When each person last looked at the worklist: what arrived since is new to them.
looks = sa.Table(
    "looks",
    metadata,
    sa.Column("user_name", sa.String(128), sa.ForeignKey("users.name"), primary_key=True),
    sa.Column("new_since", sa.BigInteger, nullable=False),
    sa.Column("last_at", sa.BigInteger, nullable=False),
)

# Digests of what was asked and recorded lately, never the questions themselves.
questions = sa.Table(
    "questions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, index=True),
)

study_keys = sa.Table(
    "study_keys",
    metadata,
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("study_key", sa.String(32), nullable=False, unique=True),
)

series_keys = sa.Table(
    "series_keys",
    metadata,
    sa.Column("study_instance_uid", sa.String(64), primary_key=True),
    sa.Column("series_instance_uid", sa.String(64), primary_key=True),
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("series_key", sa.String(32), nullable=False, unique=True),
)


def make_tables(database: Database) -> None:
    """Makes the tables that are not there yet."""
    with database.write() as connection:
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            for index in table.indexes:
                # An installation of an earlier release has the table without it.
                index.create(connection, checkfirst=True)
