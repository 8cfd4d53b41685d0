"""Single flight: one at a time for a key across threads and processes; a killed leader blocks nobody."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from gateway.store.single_flight import SingleFlight

ROOT = Path(__file__).resolve().parents[3]


def test_threads_take_turns_for_one_key(tmp_path):
    inside, most = 0, 0
    flight, counting = SingleFlight(tmp_path), threading.Lock()

    def work():
        nonlocal inside, most
        with flight.of("a tile"):
            with counting:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with counting:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_killed_leader_lets_the_next_one_in(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from gateway.store.single_flight import SingleFlight\n"
        "with SingleFlight(Path(sys.argv[1])).of('a tile'):\n    print('in', flush=True); time.sleep(60)"
    )
    leader = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert leader.stdout.readline() == b"in\n"
    entered = threading.Event()

    def follow():
        with SingleFlight(tmp_path).of("a tile"):
            entered.set()

    follower = threading.Thread(target=follow)
    follower.start()
    assert not entered.wait(0.3)
    leader.kill()
    leader.wait()
    leader.stdout.close()
    assert entered.wait(2)
    follower.join()
