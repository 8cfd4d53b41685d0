"""What was read lately, for as long as nothing in the database has changed: nobody sees what is no longer so.

SQLite tells a connection, in microseconds, whether any other has committed (PRAGMA data_version). It is asked before
each use, so a revocation in any process is seen at the very next request.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

Found = TypeVar("Found")
MOST = 8192


class Remembered:
    """Results of reads of one SQLite file, shared by all threads of the process."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._process, self._version = 0, -1
        self._connection: sqlite3.Connection | None = None
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """What `read` gave for the key, read anew once anything was committed since."""
        with self._lock:
            version = self._current_version()
            if key in self._results:
                self._results.move_to_end(key)
                known: Found = self._results[key]
                return known
        found = read()
        with self._lock:
            # Noted only where no commit was seen meanwhile; one that was not seen yet will clear it.
            if version == self._version:
                self._results[key] = found
                while len(self._results) > MOST:
                    self._results.popitem(last=False)
        return found

    def _current_version(self) -> int:
        if self._connection is None or self._process != os.getpid():
            # Opened for the first time, or inherited by a fork, which SQLite forbids to use.
            self._connection = sqlite3.connect(
                self._path, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False
            )
            self._process, self._version = os.getpid(), -1
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self._results.clear()
        return version
