"""How much memory a service takes: what its processes have alone, and their share of what they have together."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.05


@dataclass
class Peak:
    """The most that was seen, in MB, how many processes it was, and in how many sessions."""

    megabytes: float = 0
    processes: int = 0
    sessions: int = 0


@contextlib.contextmanager
def watched(root_pid: int) -> Iterator[Peak]:
    """The peak of a process and all that descend from it (other sessions among them), while the block runs."""
    peak, done = Peak(), threading.Event()

    def look() -> None:
        while not done.is_set():
            family = descendants(root_pid)
            megabytes = sum(proportional_kilobytes(pid) for pid in family) / 1024
            if megabytes > peak.megabytes:
                peak.megabytes, peak.processes, peak.sessions = megabytes, len(family), _sessions(family)
            done.wait(SECONDS_BETWEEN_LOOKS)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def descendants(root_pid: int) -> list[int]:
    """The process itself, its children, theirs, and so on."""
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state ppid; the name may hold spaces and brackets itself.
            parent = status.read_text().rpartition(")")[2].split()[1]
            children[int(parent)].append(int(status.parent.name))
    found, waiting = [], [root_pid]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def _sessions(family: list[int]) -> int:
    sessions = set()
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            sessions.add(os.getsid(pid))
    return len(sessions)


def proportional_kilobytes(pid: int) -> int:
    """The process's proportional set size (Pss); 0 when it has just ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
