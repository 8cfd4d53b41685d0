"""Files that were slow to make, kept for a while: written whole or not at all, each under names that are no UIDs."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import structlog

from gateway.store.sealed import sealed

MOST_WAITING = 32
LEAST_FREE = 256 * 1024 * 1024
log = structlog.get_logger(__name__)
Waiting = tuple[tuple[str, ...], Callable[[], bytes]]


class KeptFiles:
    """Files below one directory.

    With `shared` the group may read them: those are what nginx serves, and they are on the disk before they have their
    name. The others are for this gateway alone, which reads them through `sealed`: they need not wait for the disk.
    """

    def __init__(self, root: Path, *, shared: bool = False) -> None:
        self._shared = shared
        self._root = root
        self._starting, self._owner = threading.Lock(), 0
        self._queue: queue.Queue[Waiting] = queue.Queue(MOST_WAITING)
        self._directory_mode, self._file_mode = (0o750, 0o640) if shared else (0o700, 0o600)

    def find(self, names: Sequence[str]) -> Path | None:
        """The kept file, None where there is none."""
        path = self._root.joinpath(*names)
        return path if path.is_file() else None

    def open(self, names: Sequence[str]) -> BinaryIO | None:
        """The kept file, opened, sealed where it is not shared; None where there is none."""
        try:
            return self._root.joinpath(*names).open("rb")
        except OSError:
            return None

    def keep(self, names: Sequence[str], body: bytes) -> Path | None:
        """The file that now holds the body; None where the disk would not take it, which is no error."""
        if not self._has_room():
            return None
        path = self._root.joinpath(*names)
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            descriptor = self._created(part)
            os.fchmod(descriptor, self._file_mode)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(body if self._shared else sealed(body))
                    if self._shared:
                        file.flush()
                        os.fsync(file.fileno())
                part.rename(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            if self._shared:
                _sync_directory(path.parent)
        except OSError:
            return None
        return path

    def keep_soon(self, names: Sequence[str], body_of: Callable[[], bytes]) -> None:
        """Keeps the body, if there is any, after the caller has gone on; where too many wait already, not at all."""
        with contextlib.suppress(queue.Full):
            self._waiting().put_nowait((tuple(names), body_of))

    def _waiting(self) -> queue.Queue[Waiting]:
        with self._starting:
            if self._owner != os.getpid():
                # Threads do not survive a fork: each process has a writer of its own, made when it is needed.
                self._queue, self._owner = queue.Queue(MOST_WAITING), os.getpid()
                threading.Thread(target=self._write, args=(self._queue,), name="kept-files", daemon=True).start()
            return self._queue

    def _write(self, waiting: queue.Queue[Waiting]) -> None:
        while True:
            names, body_of = waiting.get()
            try:
                if body := body_of():
                    self.keep(names, body)
            except Exception as error:  # noqa: BLE001 - what cannot be kept is made again; the writer goes on
                log.warning("not kept", error=type(error).__name__)

    def drop_older_than(self, seconds: float) -> int:
        """Removes what was written longer ago; how many files that were."""
        limit, dropped = time.time() - seconds, 0
        for directory, _, names in os.walk(self._root, topdown=False):
            for name in names:
                path = Path(directory) / name
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < limit:
                        path.unlink()
                        dropped += 1
            with contextlib.suppress(OSError):  # not empty
                if directory != str(self._root) and Path(directory).parent != self._root:
                    Path(directory).rmdir()
        return dropped

    def _has_room(self) -> bool:
        """Whether the disk has so much left that copies may have some of it: the audit log comes first."""
        with contextlib.suppress(OSError):
            disk = os.statvfs(self._root if self._root.is_dir() else self._root.parent)
            return disk.f_bavail * disk.f_frsize >= LEAST_FREE
        return True

    def _created(self, part: Path) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            return os.open(part, flags, self._file_mode)
        except FileNotFoundError:
            self._make_directories(part.parent)
            return os.open(part, flags, self._file_mode)

    def _make_directories(self, directory: Path) -> None:
        """Makes the directories down from the root with their mode, whatever the umask."""
        below = directory.relative_to(self._root)
        for one in [*reversed(below.parents), below]:
            place = self._root / one
            if not place.is_dir():
                with contextlib.suppress(FileExistsError):
                    place.mkdir(parents=True)
                place.chmod(self._directory_mode)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
