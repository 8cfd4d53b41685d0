"""A number beside a database that changes with every write, in the memory of all processes: to look costs nothing."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE = 8


class Epoch:
    """Even while nothing is being written, odd from before a write until after its end.

    Writers take turns, so there is one at a time; one that died leaves it odd, which costs others their memory alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._view: memoryview | None = None

    def now(self) -> int:
        """The number, odd while somebody writes."""
        return self._shared()[0]

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Around a write: nobody trusts what was read before, from now on and after it has ended."""
        shared = self._shared()
        shared[0] |= 1
        try:
            yield
        finally:
            shared[0] += 1

    def _shared(self) -> memoryview:
        if self._view is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(descriptor).st_size < _SIZE:
                    # Its place on the disk is taken now: a full disk must not show when the number is moved.
                    os.posix_fallocate(descriptor, 0, _SIZE)
                self._view = memoryview(mmap.mmap(descriptor, _SIZE)).cast("Q")
            finally:
                os.close(descriptor)
        return self._view
