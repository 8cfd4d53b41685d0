"""Files that decoding children died of: set aside for a day, until they change, for all processes.

One small file for each, named by a hash of what is set aside: to ask costs a look at one name.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

# Memory that ran out elsewhere kills children too: a good picture must not be away for ever.
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class FileSetAside:
    """A file that children died of, when (seconds since 1970) and in which function."""

    path: str
    since: float
    function: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The quarantine in that directory, shared by all processes."""

    directory: Path
    seconds: float = DAY

    def holds(self, files: Sequence[int]) -> bool:
        """Whether one of the open files is set aside, or all of them together are."""
        identities = [_identity(os.fstat(file)) for file in files]
        alone = any(self._holds(_name([one])) for one in identities)
        return alone or (len(identities) > 1 and self._holds(_name(identities)))

    def add(self, files: Sequence[int], function: str) -> None:
        """Sets the open files aside, together; where the disk is full they are only not remembered."""
        name = _name([_identity(os.fstat(file)) for file in files])
        told = {"files": [[_path(file), _identity(os.fstat(file))] for file in files], "function": function}
        unfinished = self.directory / f"{name}.{os.getpid()}"
        with suppress(OSError):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(told), encoding="utf-8", errors="surrogateescape")
            unfinished.replace(self.directory / name)

    def listed(self) -> list[FileSetAside]:
        """What is set aside now, the latest first; what has changed or gone since is forgotten."""
        found: list[FileSetAside] = []
        for entry in self.directory.glob("?" * 64):
            with suppress(OSError, ValueError, KeyError):
                told = json.loads(entry.read_text(encoding="utf-8", errors="surrogateescape"))
                since = entry.stat().st_mtime
                if self._holds(entry.name) and all(_is_still(path, identity) for path, identity in told["files"]):
                    found += [FileSetAside(path, since, told["function"]) for path, _ in told["files"]]
                else:
                    entry.unlink(missing_ok=True)
        return sorted(found, key=lambda one: -one.since)

    def _holds(self, name: str) -> bool:
        try:
            return time.time() - (self.directory / name).stat().st_mtime < self.seconds
        except OSError:
            return False


def _identity(facts: os.stat_result) -> list[int]:
    return [facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns]


def _name(identities: Sequence[Sequence[int]]) -> str:
    return sha256(json.dumps(identities).encode()).hexdigest()


def _path(file: int) -> str:
    return str(Path(f"/proc/self/fd/{file}").readlink())


def _is_still(path: str, identity: list[int]) -> bool:
    try:
        return _identity(Path(path).stat()) == identity
    except OSError:
        return False
