"""Lightbox itself, as an administrator installs it: gunicorn on loopback in front of the folder with the objects."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from clients import Service

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from lightbox import Lightbox, free_port, installed  # noqa: E402 - found through the line above

__all__ = ["free_port", "served"]

TOKEN_MINUTES = 720
# The children that read the files for the index end this long after it; the service is to start its own.
SECONDS_OF_GRACE = 5


@contextlib.contextmanager
def served(directory: Path, fill: Callable[[Path], None]) -> Iterator[tuple[Service, int]]:
    """Lightbox in front of what `fill` writes, for a radiologist's script; with the process id of its master."""
    directory.mkdir(parents=True)
    made: Lightbox = installed(directory, also=fill)
    time.sleep(SECONDS_OF_GRACE)
    made.start()
    assert made.process is not None
    try:
        headers = {"Authorization": f"Bearer {made.token('alice', TOKEN_MINUTES)}"}
        yield Service("Lightbox", made.port, headers), made.process.pid
    finally:
        made.stop()
