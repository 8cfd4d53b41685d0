"""What children died of is not tried again: by no process, until the file changes or a day has gone by."""

import contextlib
import os
import time
from pathlib import Path

import pytest

from gateway.errors import Unreadable
from gateway.sandbox.child import Terms
from gateway.sandbox.sandbox import Sandbox, SandboxDied, SandboxTimeout, SetAside
from gateway.store.quarantine import Quarantine


@pytest.fixture
def quarantine(tmp_path):
    return Quarantine(tmp_path / "quarantine")


@pytest.fixture
def sandbox(tmp_path, quarantine):
    terms = Terms(package="tests", cpu_seconds=1, wall_seconds=20)
    made = Sandbox(tmp_path / "sandbox", children=1, terms=terms, quarantine=quarantine)
    yield made
    made.close()


def put(path, content):
    path.write_bytes(content)
    return path


def run(sandbox, *paths, function="crash_if_bad"):
    with contextlib.ExitStack() as closes:
        files = [closes.enter_context(path.open("rb")).fileno() for path in paths]
        return sandbox.run(f"tests.unit.sandbox.hostile:{function}", {}, files).value


def test_a_file_that_crashes_two_children_is_refused_without_a_child(sandbox, tmp_path):
    bad, good = put(tmp_path / "bad", b"bad"), put(tmp_path / "good", b"good")
    with pytest.raises(SandboxDied):
        run(sandbox, bad)
    child = run(sandbox, good)
    for _ in range(5):
        with pytest.raises(SetAside, match="is set aside: decoding it failed twice") as refusal:
            run(sandbox, bad)
        assert refusal.value.status == 422
    assert run(sandbox, good) == child, "a child has died"


def test_other_processes_hear_of_it(sandbox, tmp_path):
    bad = put(tmp_path / "bad", b"bad")
    with pytest.raises(SandboxDied):
        run(sandbox, bad)
    with bad.open("rb") as file:
        assert Quarantine(tmp_path / "quarantine").holds([file.fileno()])


def test_a_file_that_has_changed_is_tried_again(sandbox, quarantine, tmp_path):
    bad = put(tmp_path / "bad", b"bad")
    with pytest.raises(SandboxDied):
        run(sandbox, bad)
    assert [one.path for one in quarantine.listed()] == [str(bad)]
    put(bad, b"mended")
    assert run(sandbox, bad)
    assert quarantine.listed() == []


def test_it_is_tried_again_after_a_day(sandbox, quarantine, tmp_path):
    bad = put(tmp_path / "bad", b"bad")
    with pytest.raises(SandboxDied):
        run(sandbox, bad)
    yesterday = time.time() - 25 * 3600
    for entry in quarantine.directory.iterdir():
        os.utime(entry, (yesterday, yesterday))
    with pytest.raises(SandboxDied):
        run(sandbox, bad)


def test_neighbours_in_one_task_are_not_set_aside_with_it(sandbox, tmp_path):
    bad, good, other = (put(tmp_path / name, name.encode()) for name in ("bad", "good", "other"))
    with pytest.raises(SandboxDied):
        run(sandbox, good, bad)
    with pytest.raises(SetAside):
        run(sandbox, good, bad)
    assert run(sandbox, good, other)
    assert run(sandbox, good)
    with pytest.raises(SandboxDied):
        run(sandbox, bad)
    with pytest.raises(SetAside):
        run(sandbox, other, bad)


@pytest.mark.parametrize("function", ["spin", "fail", "recurse", "panic"])
def test_time_and_refusals_set_nothing_aside(sandbox, quarantine, tmp_path, function):
    file = put(tmp_path / "file", b"x")
    for _ in range(2):
        with pytest.raises(SandboxTimeout if function == "spin" else Unreadable) as refusal:
            run(sandbox, file, function=function)
        assert not isinstance(refusal.value, SetAside)
    assert quarantine.listed() == []


def test_a_template_that_is_killed_sets_nothing_aside(sandbox, quarantine, tmp_path):
    good = put(tmp_path / "good", b"good")
    for _ in range(3):
        child = run(sandbox, good)
        template = int(Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(template, 9)
        assert run(sandbox, good)
    assert quarantine.listed() == []


def test_a_full_disk_costs_the_memory_alone(tmp_path):
    (tmp_path / "file").write_bytes(b"a file in the place of the directory")
    quarantine = Quarantine(tmp_path / "file")
    descriptor = os.open(tmp_path / "file", os.O_RDONLY)
    quarantine.add([descriptor], "any")
    assert not quarantine.holds([descriptor])
    assert quarantine.listed() == []
    os.close(descriptor)
