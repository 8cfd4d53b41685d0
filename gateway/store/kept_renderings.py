"""Kept renderings: plain files that nginx may read, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

DIRECTORY_MODE, FILE_MODE = 0o750, 0o640


class KeptRenderings:
    """Files under `kept/<study key>/<series key>/<rendition>/<n>.jpg` in the tiles directory."""

    def __init__(self, tiles_dir: Path) -> None:
        self._root = tiles_dir / "kept"

    def find(self, study_key: str, series_key: str, rendition: str, n: int) -> Path | None:
        """The kept file, None where there is none."""
        path = self._path(study_key, series_key, rendition, n)
        return path if path.is_file() else None

    def keep(self, study_key: str, series_key: str, rendition: str, n: int, body: bytes) -> Path | None:
        """The file that now holds the body; None where the disk would not take it, which is no error."""
        path = self._path(study_key, series_key, rendition, n)
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            _make_directories(path.parent, self._root)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
            os.fchmod(descriptor, FILE_MODE)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(body)
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            _sync_directory(path.parent)
        except OSError:
            return None
        return path

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

    def _path(self, study_key: str, series_key: str, rendition: str, n: int) -> Path:
        return self._root / study_key / series_key / rendition / f"{n}.jpg"


def _make_directories(directory: Path, root: Path) -> None:
    """Makes the directories down from the root with a mode that lets nginx's group in, whatever the umask."""
    for one in [*reversed(directory.relative_to(root).parents), directory.relative_to(root)]:
        place = root / one
        if not place.is_dir():
            with contextlib.suppress(FileExistsError):
                place.mkdir()
            place.chmod(DIRECTORY_MODE)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
