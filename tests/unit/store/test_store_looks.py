"""A look at the worklist lasts while it is refreshed; what came since the one before is new."""

import pytest
import sqlalchemy as sa

from gateway.store.database import Database
from gateway.store.looks import LookStore
from gateway.store.tables import looks, make_tables, users

NIGHT = 1_800_000_000


@pytest.fixture
def database(tmp_path):
    made = Database(tmp_path / "lightbox.sqlite3")
    make_tables(made)
    with made.write() as connection:
        for name in ("alice", "bob"):
            row = {"name": name, "display_name": name, "role": "radiologist", "password_hash": ""}
            connection.execute(sa.insert(users).values(**row, identifiers="[]", loopback_only=False))
    return made


def test_new_is_what_came_since_the_look_before(database):
    store = LookStore(database)
    assert store.look("alice", NIGHT) == NIGHT
    ends = NIGHT
    for ends in range(NIGHT + 30, NIGHT + 1000, 30):
        assert store.look("alice", ends) == NIGHT  # one long look
    again = store.look("alice", ends + 3600)
    assert ends - 60 < again <= ends
    assert store.look("alice", ends + 3630) == again
    assert store.look("bob", ends + 3600) == ends + 3600
    assert LookStore(database).look("alice", ends + 3640) == again


def test_looking_every_half_minute_writes_once_a_minute(database):
    store, written = LookStore(database), set()
    for second in range(0, 600, 30):
        store.look("alice", NIGHT + second)
        with database.read() as connection:
            written.add(connection.scalar(sa.select(looks.c.last_at)))
    assert len(written) == 10


def test_an_older_installation_gains_the_index_of_sessions(tmp_path):
    made = Database(tmp_path / "old.sqlite3")
    make_tables(made)
    with made.write() as connection:
        connection.exec_driver_sql("drop index sessions_of_user")
    make_tables(made)
    with made.read() as connection:
        names = {index["name"] for index in sa.inspect(connection).get_indexes("sessions")}
    assert "sessions_of_user" in names
