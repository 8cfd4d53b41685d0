"""Looking through a folder: only what is new or changed is opened, what is gone is forgotten, memory stays bounded."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from gateway.errors import ArchiveAway, GatewayError, Unavailable
from gateway.sandbox.sandbox import Sandbox
from gateway.store.archive_index import ArchiveIndex, KnownFile, ScannedFile

Progress = Callable[[int, int | None, float], None]
READ_TOGETHER = 32
READ_AT_ONCE = 4
KEPT_TOGETHER = 16 * READ_TOGETHER
IGNORED_NAMES = frozenset({"DICOMDIR", ".COMPLETE", ".DS_STORE", "THUMBS.DB"})


def nothing_to_say(_done: int, _total: int | None, _rate: float) -> None:
    """The progress report that nobody wants."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in the folder, as the directory lists it."""

    directory: str
    name: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk through the folder met: directories, known files that it missed, and what it could not list."""

    visited: set[str] = field(default_factory=set)
    gone: dict[str, list[str]] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)

    def knows(self, directory: str) -> bool:
        """Whether the directory was met, or may be there yet because one above it cannot be listed."""
        return directory in self.visited or any(directory.startswith(f"{above}/") for above in self.unlisted)


class FolderScan:
    """Brings the index up to what is in the folder; one scan at a time in all processes."""

    def __init__(self, root: Path, index: ArchiveIndex, sandbox: Sandbox) -> None:
        self._root = root
        self._index = index
        self._sandbox = sandbox
        assert index.database.path is not None  # noqa: S101 - an index is always a file
        self._lock_file = index.database.path.with_suffix(".scan.lock")

    def is_running(self) -> bool:
        """Whether any process is scanning right now."""
        with self._lock() as is_ours:
            return not is_ours

    def run(self, progress: Progress) -> None:
        """Scans the folder; returns at once when another process already does. Raises ArchiveAway without a folder."""
        if not self._root.is_dir():
            raise ArchiveAway("The archive's folder is not there.")
        with self._lock() as is_ours:
            if is_ours:
                self._scan(progress)

    @contextmanager
    def _lock(self) -> Iterator[bool]:
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            yield False
        finally:
            os.close(descriptor)

    def look_again(self, directory: str, name: str) -> None:
        """Brings the index up to what one file holds now."""
        try:
            facts = (self._root / directory / name).stat(follow_symlinks=False)
        except OSError:
            self._index.forget(directory, [name])
            return
        self._index.keep(self._read([FoundFile(directory, name, facts.st_size, facts.st_mtime_ns)]))

    def _scan(self, progress: Progress) -> None:
        started, done = time.monotonic(), 0
        total = None if progress is nothing_to_say else sum(1 for _ in self._changed_files(Walk()))
        with ThreadPoolExecutor(READ_AT_ONCE, "scan") as readers:
            # A file that was moved is found in its new place before the old one is missed: a second walk reads it.
            for _ in range(2):
                walk = Walk()
                changed = self._changed_files(walk)
                while batch := list(islice(changed, KEPT_TOGETHER)):
                    self._index.keep([read for part in readers.map(self._read, _parts(batch)) for read in part])
                    done += len(batch)
                    progress(done, total and max(total, done), done / max(0.001, time.monotonic() - started))
                if not self._forget_what_is_gone(walk):
                    break

    def _changed_files(self, walk: Walk) -> Iterator[FoundFile]:
        waiting = [""]
        while waiting:
            directory = waiting.pop()
            walk.visited.add(directory)
            known = self._index.files_in(directory)
            try:
                for entry in _entries(self._root / directory):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{directory}/{entry.name}".lstrip("/"))
                    elif (found := _file(entry, directory)) and known.pop(entry.name, None) != KnownFile(
                        found.size, found.modified_ns
                    ):
                        yield found
            except OSError as error:
                walk.unlisted[directory] = f"The folder cannot be listed: {error.strerror}."
                continue
            if known:
                walk.gone[directory] = list(known)

    def _forget_what_is_gone(self, walk: Walk) -> bool:
        """Drops what the walk missed; whether a file that doubled something dropped is to be read now."""
        if "" in walk.unlisted:
            raise ArchiveAway("The archive's folder cannot be read.")
        freed = [self._index.forget(directory, names) for directory, names in walk.gone.items()]
        freed += [self._index.forget(one) for one in self._index.directories() if not walk.knows(one)]
        self._index.keep([ScannedFile(where, "", 0, 0, None, why) for where, why in walk.unlisted.items()])
        return any(freed)

    def _read(self, batch: list[FoundFile]) -> list[ScannedFile]:
        read: list[ScannedFile] = []
        opened, readable = [], []
        for file in batch:
            try:
                path = self._root / file.directory / file.name
                opened.append(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK))
                readable.append(file)
            except OSError as error:
                read.append(_scanned(file, {"reason": f"The file cannot be opened: {error.strerror}."}))
        try:
            read += self._read_opened(readable, opened)
        finally:
            for descriptor in opened:
                os.close(descriptor)
        return read

    def _read_opened(self, files: list[FoundFile], opened: list[int]) -> Iterator[ScannedFile]:
        if not files:
            return
        try:
            answers = self._sandbox.run("gateway.archive.headers:read_headers", {}, opened).value
        except GatewayError as error:
            if len(files) == 1:
                # Load says nothing against a file: the next scan tries it again.
                if not isinstance(error, Unavailable):
                    yield _scanned(files[0], {"reason": str(error)})
                return
            # One of them broke the child: asked one by one, only the hostile one is listed.
            for file, descriptor in zip(files, opened, strict=True):
                yield from self._read_opened([file], [descriptor])
            return
        for file, answer in zip(files, answers, strict=True):
            yield _scanned(file, answer)


def _entries(directory: Path) -> Iterator[os.DirEntry[str]]:
    """The directory's entries, none where it has gone meanwhile; raises OSError where it cannot be listed."""
    try:
        with os.scandir(directory) as entries:
            yield from entries
    except FileNotFoundError:
        return


def _file(entry: os.DirEntry[str], directory: str) -> FoundFile | None:
    if entry.name.upper() in IGNORED_NAMES:
        return None
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return FoundFile(directory, entry.name, facts.st_size, facts.st_mtime_ns)


def _scanned(file: FoundFile, answer: dict[str, Any]) -> ScannedFile:
    return ScannedFile(
        file.directory,
        file.name,
        file.size,
        file.modified_ns,
        answer.get("attributes"),
        answer.get("reason", ""),
    )


def _parts(batch: list[FoundFile]) -> Iterator[list[FoundFile]]:
    for start in range(0, len(batch), READ_TOGETHER):
        yield batch[start : start + READ_TOGETHER]
