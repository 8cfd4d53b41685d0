"""The log shows every alteration, and many processes write it at once without losing anything."""

import sqlite3
import subprocess
import sys

import pytest
from lightbox import ROOT

from gateway.audit.event import Event, EventKind, Outcome
from gateway.audit.log import AuditLog
from gateway.errors import AuditUnwritable
from gateway.store.audit_log import AuditStore
from gateway.store.database import Database


def event(number=0):
    personal = {"person": f"alice {number}", "patient_name": "Müller^Änne=山田", "address": "127.0.0.1"}
    return Event(EventKind.INSTANCES_ACCESSED, Outcome.SUCCESS, "opened", study_instance_uid="1.2.3", personal=personal)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit.sqlite3"


@pytest.fixture
def log(path):
    made = AuditLog(AuditStore(Database(path)))
    for number in range(12):
        assert made.append(event(number)) == number + 1
    return made


def change(path, *statements):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    for statement, *values in statements:
        assert connection.execute(statement, values).rowcount
    connection.commit()
    connection.close()


def test_what_was_not_altered_is_whole(log):
    assert (log.verify().ok, log.verify().records) == (True, 12)
    assert log.append(event()) == 13
    assert log.verify().records == 13


@pytest.mark.parametrize(
    ("statements", "first_bad"),
    [
        ([("update audit_records set body = replace(body, '1.2.3', '1.2.4') where sequence = 5",)], 5),
        ([("update audit_records set body = cast(x'ff' || substr(body, 2) as text) where sequence = 5",)], 5),
        ([("update audit_records set hash = replace(hash, substr(hash, 1, 1), 'x') where sequence = 5",)], 5),
        ([("update audit_records set hash = upper(hash) where sequence = 5",)], 5),
        ([("update audit_personal set value = 'bob' where sequence = 7 and field = 'person'",)], 7),
        ([("update audit_personal set salt = upper(salt) || ' ' where sequence = 7 and field = 'person'",)], 7),
        ([("delete from audit_personal where sequence = 7 and field = 'person'",)], 7),
        ([("insert into audit_personal values (7, 'extra', 'ab', 'more')",)], 7),
        ([("delete from audit_records where sequence = 3",)], 3),
        ([("delete from audit_records where sequence = 1",)], 1),
        ([("delete from audit_records where sequence > 10",)], 11),
        ([("delete from audit_records where sequence > 10",), ("delete from audit_personal where sequence > 10",)], 11),
        ([("update audit_records set sequence = 99 where sequence = 3",),
          ("update audit_records set sequence = 3 where sequence = 4",),
          ("update audit_records set sequence = 4 where sequence = 99",)], 3),
        ([("insert into audit_personal values (40, 'person', 'ab', 'nobody')",)], 40),
    ],
)  # fmt: skip
def test_every_alteration_is_found_and_named(log, path, statements, first_bad):
    change(path, *statements)
    result = log.verify()
    assert not result.ok
    assert result.first_bad_sequence == first_bad
    assert result.reason


def test_names_with_markup_and_new_lines_stay_data(log):
    log.append(Event(EventKind.QUERY, Outcome.SUCCESS, "searched", personal={"asked": '"}\n{"sequence": 1\x00<b>'}))
    assert log.verify().ok


def test_four_processes_write_without_gap_or_loss(path, log):
    script = (
        "import sys; from pathlib import Path; from gateway.audit.event import Event, EventKind, Outcome; "
        "from gateway.audit.log import AuditLog; from gateway.store.audit_log import AuditStore; "
        "from gateway.store.database import Database; log = AuditLog(AuditStore(Database(Path(sys.argv[1])))); "
        "[log.append(Event(EventKind.QUERY, Outcome.SUCCESS, 'searched', personal={'person': 'p'})) for _ in range(50)]"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path)], cwd=ROOT) for _ in range(4)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    assert (log.verify().ok, log.verify().records) == (True, 212)


def test_a_log_that_cannot_be_written_refuses(log, path):
    path.unlink()
    path.mkdir()  # whatever is in its place is no database; as root a mode would not keep anybody out
    log._store._database.close()
    with pytest.raises(AuditUnwritable):
        log.append(event())
    with pytest.raises(AuditUnwritable):
        log.check_writable()
