"""Hostile work in the sandbox: each kind ends as one clear refusal, and the next task is served as if nothing was."""

import os
import threading
import time
from pathlib import Path

import pytest

from gateway.errors import GatewayError, NotFound, Unreadable
from gateway.sandbox.child import Terms
from gateway.sandbox.sandbox import Sandbox, SandboxDied, SandboxTimeout


@pytest.fixture
def made(tmp_path):
    """Makes sandboxes that run this folder's hostile functions."""
    sandboxes = []

    def make(**terms):
        sandbox = Sandbox(tmp_path / "sandbox", children=2, terms=Terms(package="tests", **terms))
        sandboxes.append(sandbox)
        return sandbox

    yield make
    for sandbox in sandboxes:
        sandbox.close()


def call(sandbox, function, files=(), **arguments):
    return sandbox.run(f"tests.unit.sandbox.hostile:{function}", arguments, files)


def resident_bytes(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_values_files_and_bodies_cross_the_border(made, tmp_path):
    (tmp_path / "one").write_text("read by the child")
    descriptor = os.open(tmp_path / "one", os.O_RDONLY)
    answer = call(made(), "echo", [descriptor], name="Ωmega", many=list(range(10_000)))
    os.close(descriptor)
    assert answer.value["read"] == ["read by the child"]
    assert answer.value["arguments"] == {"name": "Ωmega", "many": list(range(10_000))}
    assert answer.body == b"body"


def test_functions_outside_the_package_are_not_run(made):
    with pytest.raises(Unreadable):
        made().run("os:getcwd", {})


@pytest.mark.parametrize("name", ["crash", "recurse", "fail", "panic"])
def test_what_breaks_is_refused_and_the_next_task_is_served(made, name):
    sandbox = made()
    with pytest.raises(Unreadable) as refusal:
        call(sandbox, name)
    assert "patient" not in str(refusal.value)
    assert call(sandbox, "echo").body == b"body"


def test_a_child_that_dies_twice_is_told_apart(made):
    with pytest.raises(SandboxDied):
        call(made(), "crash")


def test_a_child_that_dies_once_costs_one_retry(made):
    reading, writing = os.pipe()
    os.write(writing, b"x")
    os.close(writing)
    assert call(made(), "abort_once", [reading]).value == "second time"
    os.close(reading)


def test_errors_of_ours_arrive_as_themselves(made):
    with pytest.raises(NotFound, match="There is no such frame"):
        call(made(), "not_found")


def test_memory_beyond_the_limit_is_refused(made):
    sandbox = made(memory_bytes=64 * 1024 * 1024)
    assert call(sandbox, "take_memory", bytes=16 * 1024 * 1024).value == 16 * 1024 * 1024
    with pytest.raises(Unreadable, match="memory"):
        call(sandbox, "take_memory", bytes=256 * 1024 * 1024)


@pytest.mark.parametrize(("name", "wall_seconds"), [("spin", 20), ("spin_in_c", 2.5)])
def test_processor_time_beyond_the_limit_says_nothing_against_the_object(made, name, wall_seconds):
    sandbox = made(cpu_seconds=1, wall_seconds=wall_seconds)
    started = time.monotonic()
    with pytest.raises(SandboxTimeout):
        call(sandbox, name)
    assert time.monotonic() - started < 12
    assert call(sandbox, "echo").body == b"body"


def test_wall_time_beyond_the_limit_says_nothing_against_the_object(made):
    sandbox = made(wall_seconds=0.5)
    with pytest.raises(SandboxTimeout):
        call(sandbox, "sleep", seconds=30)
    assert call(sandbox, "echo").body == b"body"


def test_a_child_knows_no_secret_and_holds_no_file_of_ours(made, monkeypatch, tmp_path):
    monkeypatch.setenv("LIGHTBOX_SECRET", "canary")
    with (tmp_path / "database").open("w"):
        seen = call(made(), "look_around").value
    assert "canary" not in str(seen["environment"])
    assert not [name for name in seen["descriptors"] if name.endswith("database")]
    assert not [name for name in seen["environment"] if name.startswith("LIGHTBOX")]


def test_a_child_cannot_fill_the_disk(made, tmp_path):
    with pytest.raises(GatewayError):
        call(made(), "fill_disk", path=str(tmp_path / "filled"))
    assert not (tmp_path / "filled").exists()


def test_a_child_that_was_taken_over_reaches_nothing(made, tmp_path):
    """Whoever it runs as: no process, program or socket, no file written or removed, nobody signalled."""
    (tmp_path / "there").write_bytes(b"x")
    came_of_it = call(made(), "forbidden", path=str(tmp_path / "made"), there=str(tmp_path / "there")).value
    assert set(came_of_it.values()) == {"PermissionError"}, came_of_it
    assert [one.name for one in tmp_path.iterdir() if one.name in ("made", "there")] == ["there"]


def test_a_child_may_have_threads(made):
    assert call(made(), "thread").value == ["from a thread"]


def test_two_children_work_at_once(made):
    sandbox = made()
    call(sandbox, "echo")
    pids = []
    threads = [
        threading.Thread(target=lambda: pids.append(call(sandbox, "sleep", seconds=0.5).value)) for _ in range(2)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 2
    assert time.monotonic() - started < 0.95


def test_a_child_makes_room_for_a_fresh_one(made):
    sandbox = made(tasks_per_child=2)
    pids = {call(sandbox, "who").value for _ in range(8)}
    assert len(pids) >= 4


def test_nothing_outlives_the_gateway(made, tmp_path):
    sandbox = made()
    child = call(sandbox, "who").value
    template = int(Path(f"/proc/{child}/stat").read_text().split(")")[1].split()[1])
    sandbox.close()
    wait_until_gone(child, template)


def test_a_killed_template_is_replaced_and_takes_its_children_along(made):
    sandbox = made()
    child = call(sandbox, "who").value
    template = int(Path(f"/proc/{child}/stat").read_text().split(")")[1].split()[1])
    os.kill(template, 9)
    wait_until_gone(child, template)
    assert call(sandbox, "who").value != child


def test_a_template_killed_under_load_costs_nobody_anything(made):
    sandbox = made()
    child = call(sandbox, "who").value
    template = int(Path(f"/proc/{child}/stat").read_text().split(")")[1].split()[1])
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.extend(call(sandbox, "echo").body for _ in range(20))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    os.kill(template, 9)
    for thread in threads:
        thread.join()
    assert answers == [b"body"] * 80


def wait_until_gone(*pids):
    deadline = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.05)
