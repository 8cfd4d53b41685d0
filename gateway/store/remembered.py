"""What was read lately, for as long as nothing in the database has changed: nobody sees what is no longer so.

Every write of ours moves the epoch before its answer goes out, so a revocation in any process is seen at the very next
request. What others write into the file is noticed within a fifth of a second (SQLite's PRAGMA data_version).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

from gateway.store.epoch import Epoch

Found = TypeVar("Found")
MOST = 8192
LOOK_EVERY = 0.2


class Remembered:
    """Results of reads of one SQLite file, shared by all threads of the process."""

    def __init__(self, path: Path, epoch: Epoch, busy_seconds: float) -> None:
        self._path = path
        self._epoch = epoch
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._process, self._looked_at = 0, 0.0
        self._seen: tuple[int, int] = (-1, -1)
        self._connection: sqlite3.Connection | None = None
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], Found], is_small: Callable[[Found], bool] | None = None) -> Found:
        """What `read` gave for the key, read anew once anything was committed since."""
        with self._lock:
            state = self._state()
            if state is not None and key in self._results:
                self._results.move_to_end(key)
                known: Found = self._results[key]
                return known
        found = read()
        if state is None or not (is_small is None or is_small(found)):
            return found
        with self._lock:
            # Noted only where nothing was written meanwhile.
            if state == self._seen and self._epoch.now() == state[0]:
                self._results[key] = found
                while len(self._results) > MOST:
                    self._results.popitem(last=False)
        return found

    def _state(self) -> tuple[int, int] | None:
        """What the database is at; None while somebody writes, when nothing remembered may be used."""
        epoch = self._epoch.now()
        if epoch % 2:
            return None
        version = self._seen[1]
        if epoch != self._seen[0] or time.monotonic() - self._looked_at > LOOK_EVERY or self._process != os.getpid():
            version = self._data_version()
        if (epoch, version) != self._seen:
            self._seen = epoch, version
            self._results.clear()
        return self._seen

    def _data_version(self) -> int:
        if self._connection is None or self._process != os.getpid():
            # Opened for the first time, or inherited by a fork, which SQLite forbids to use.
            self._connection = sqlite3.connect(
                self._path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
            self._process = os.getpid()
        self._looked_at = time.monotonic()
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version
