"""Taking turns: one holder at a time among all threads of all processes of a machine."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.errors import Unavailable

_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.01


class Turn:
    """A lock on a file, let go by the kernel when its holder dies.

    SQLite's own waiting sleeps up to 100 ms between tries and starves the unlucky; asking here first keeps waits even.
    Raises Unavailable when the turn has not come within `longest_wait` seconds.
    """

    def __init__(self, path: Path, longest_wait: float) -> None:
        self._path = path
        self._longest_wait = longest_wait
        self._threads = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Holds the turn while the block runs; not reentrant."""
        ends = time.monotonic() + self._longest_wait
        if not self._threads.acquire(timeout=self._longest_wait):
            raise Unavailable("Too much is being written at once.")
        try:
            descriptor = self._locked(ends)
            try:
                yield
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()

    def _locked(self, ends: float) -> int:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable("A file of this site cannot be written.") from error
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > ends:
                    os.close(descriptor)
                    raise Unavailable("Too much is being written at once.") from error
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
            else:
                return descriptor
