"""The keeper: one process at a time, taken over when it dies, a failed duty tried again."""

import subprocess
import sys
import time
from pathlib import Path

from gateway.jobs.keeper import Duty, Keeper

ROOT = Path(__file__).resolve().parents[3]


def wait_until(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_duties_are_done_again_and_again_even_after_a_failure(tmp_path):
    done = []

    def work():
        done.append(time.monotonic())
        if len(done) == 1:
            raise RuntimeError("the first time fails")

    keeper = Keeper(tmp_path / "keeper.lock", [Duty("work", 0.05, work)])
    keeper.start()
    wait_until(lambda: len(done) >= 3)
    keeper.stop()
    count = len(done)
    time.sleep(0.3)
    assert len(done) == count


def test_only_one_process_keeps_and_another_takes_over_when_it_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from gateway.jobs.keeper import Duty, Keeper; "
        "where = Path(sys.argv[1]); "
        "keeper = Keeper(where / 'keeper.lock', [Duty('say', 0.05, lambda: (where / 'alive').touch())]); "
        "keeper.start(); time.sleep(60)"
    )
    first = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT)
    wait_until((tmp_path / "alive").exists)
    done = []
    second = Keeper(tmp_path / "keeper.lock", [Duty("work", 0.05, lambda: done.append(1))])
    second.start()
    time.sleep(0.5)
    assert done == []
    first.kill()
    first.wait()
    wait_until(lambda: bool(done))
    second.stop()
