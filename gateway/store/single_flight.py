"""One worker at a time for one piece of work, across threads and processes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STRIPES = 1024


class SingleFlight:
    """Holds others back while the first makes what they all want.

    The kernel drops a lock with the process that held it, so a killed leader blocks nobody. Lock files are a fixed
    number of stripes: they never grow, and two different keys share one only by a chance of 1 in 1024.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Waits until nobody else works on the key; look again for the result inside before making it."""
        stripe = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % STRIPES
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._directory / f"{stripe:04d}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
