"""The installation's keeper: one process at a time sweeps grants, beats the heart and looks through the archives."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done again and again: `work` is called every `seconds`, and once at the start."""

    name: str
    seconds: float
    work: Callable[[], object]


class Keeper:
    """Runs the duties in a thread of whichever process holds the lock; when that one dies, another takes over."""

    def __init__(self, lock_file: Path, duties: Sequence[Duty]) -> None:
        self._lock_file = lock_file
        self._duties = duties
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begins in the background; to be called after a process has forked, never before."""
        self._threads = [threading.Thread(target=self._wait_for_turn, name="keeper", daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        """Ends the duties; one that is under way is finished first, for at most five seconds."""
        self._stop.set()
        for thread in self._threads:
            thread.join(5)

    def join(self) -> None:
        """Waits until `stop` is called."""
        self._stop.wait()

    def _wait_for_turn(self) -> None:
        self._lock_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not self._stop.is_set():
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    self._stop.wait(1)
                else:
                    self._serve()
        finally:
            os.close(descriptor)

    def _serve(self) -> None:
        # One thread each: a long look through an archive must never delay the heartbeat.
        threads = [
            threading.Thread(target=self._repeat, args=(duty,), name=f"keeper-{duty.name}", daemon=True)
            for duty in self._duties
        ]
        self._threads += threads
        for thread in threads:
            thread.start()
        self._stop.wait()

    def _repeat(self, duty: Duty) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                duty.work()
            except Exception as error:  # noqa: BLE001 - a duty that fails once must be tried again, not die silently
                log.error("duty failed", duty=duty.name, error=type(error).__name__)
            self._stop.wait(max(0.1, duty.seconds - (time.monotonic() - started)))
