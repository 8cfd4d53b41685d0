"""One worker at a time for one piece of work, across threads and processes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STRIPES = 1 << 32


class SingleFlight:
    """Holds others back while the first makes what they all want.

    A lock is one byte of one file, at a place that the key decides (open file description locks, Linux 3.15). The
    kernel drops it with the process that held it, so a killed leader blocks nobody.
    """

    def __init__(self, directory: Path) -> None:
        self._file = directory / "flights.lock"

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Waits until nobody else works on the key; look again for the result inside before making it."""
        place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % STRIPES
        descriptor = self._opened()
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLKW, _lock(fcntl.F_WRLCK, place))
            yield
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self._file, flags, 0o600)
        except FileNotFoundError:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._file, flags, 0o600)


def _lock(kind: int, place: int) -> bytes:
    """The kernel's `struct flock`: kind, from where it counts, first byte, how many, and no process."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, place, 1, 0)
