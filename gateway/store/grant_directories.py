"""A grant is a directory: nginx finds kept renderings under a session's view key, and nothing once it is unlinked.

`grants/<view key>/<study key>` is a symbolic link to the study's kept renderings; for a grant of some series it is a
directory with a link for each. nginx looks under `live/<slot>/`, where the slot names the current ten seconds and is a
link to `grants`: only a living keeper makes new slots, so nginx refuses soon after it has died.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

SLOT_SECONDS = 10
SLOTS_AHEAD = 3
DIRECTORY_MODE = 0o750


class GrantDirectories:
    """Links and unlinks grants below the tiles directory."""

    def __init__(self, tiles_dir: Path) -> None:
        self._kept = tiles_dir / "kept"
        self._grants = tiles_dir / "grants"
        self._live = tiles_dir / "live"
        for directory in (self._kept, self._grants, self._live):
            directory.parent.mkdir(parents=True, exist_ok=True)
            directory.parent.chmod(DIRECTORY_MODE)
            _make(directory)

    def link(self, view_key: str, study_key: str, series_keys: Iterable[str] = ()) -> None:
        """Lets the session's key lead to the study's kept renderings, or to those of the given series."""
        mine = self._grants / view_key
        _make(mine)
        _make(self._kept / study_key)
        only = list(series_keys)
        if not only:
            _link(mine / study_key, Path("../../kept") / study_key)
            return
        _make(mine / study_key)
        for series_key in only:
            _link(mine / study_key / series_key, Path("../../../kept") / study_key / series_key)

    def unlink_sessions(self, view_keys: Iterable[str]) -> None:
        """Takes every grant of the sessions away; done when it returns."""
        for view_key in view_keys:
            shutil.rmtree(self._grants / view_key, ignore_errors=True)

    def reconcile(self, read_valid: Callable[[], Mapping[str, set[str]]]) -> None:
        """Removes every link that is in no valid grant; `read_valid` gives study keys by view key."""
        # Listed before the rows are read: a grant that is made in between is left alone.
        linked = [(mine, list(mine.iterdir())) for mine in self._grants.iterdir()]
        valid = read_valid()
        for mine, studies in linked:
            if mine.name not in valid:
                shutil.rmtree(mine, ignore_errors=True)
                continue
            for study in studies:
                if study.name not in valid[mine.name]:
                    _remove(study)

    def beat(self) -> None:
        """Makes the slots of the coming half minute, and removes all others."""
        now = time.time()
        wanted = {slot_of(now + ahead * SLOT_SECONDS) for ahead in range(-1, SLOTS_AHEAD + 1)}
        for name in wanted:
            _link(self._live / name, Path("../grants"))
        for slot in self._live.iterdir():
            if slot.name not in wanted:
                slot.unlink(missing_ok=True)


def slot_of(moment: float) -> str:
    """The ten seconds' name, as nginx cuts it out of its $time_iso8601: local time, `2026-11-24T08:35:1`."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(moment))[:-1]


def _make(directory: Path) -> None:
    # The mode is set apart from making: a process's umask must not lock nginx's group out.
    directory.mkdir(exist_ok=True)
    directory.chmod(DIRECTORY_MODE)


def _link(path: Path, target: Path) -> None:
    with contextlib.suppress(FileExistsError):
        path.symlink_to(target)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)
