"""What was read lately, for as long as nothing in the database has changed: nobody sees what is no longer so.

SQLite tells each connection, in microseconds, whether any other has committed (PRAGMA data_version). It is asked before
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
MOST = 4096


class Remembered:
    """Results of reads of one SQLite file, apart for each thread."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._own = threading.local()

    def get(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """What `read` gave for the key, read anew once anything was committed since."""
        results = self._results()
        if key in results:
            results.move_to_end(key)
            found: Found = results[key]
            return found
        # A commit between the question and this read makes the result newer, never older, than what is noted.
        results[key] = found = read()
        while len(results) > MOST:
            results.popitem(last=False)
        return found

    def _results(self) -> OrderedDict[Hashable, Any]:
        own = self._own
        if getattr(own, "process", 0) != os.getpid():
            # Opened for the first time in this thread, or inherited by a fork, which SQLite forbids to use.
            own.connection = sqlite3.connect(self._path, timeout=self._busy_seconds, isolation_level=None)
            own.process, own.version, own.results = os.getpid(), None, OrderedDict()
        version = own.connection.execute("PRAGMA data_version").fetchone()[0]
        if version != own.version:
            own.version, own.results = version, OrderedDict()
        results: OrderedDict[Hashable, Any] = own.results
        return results
