"""Kept renderings: whole or not there, readable by nginx's group, gone when old."""

import os
import subprocess
import sys
import threading
import time

import pytest
from lightbox import ROOT

from gateway.store.grant_directories import GrantDirectories
from gateway.store.kept_files import KeptFiles

STUDY, SERIES = "a" * 32, "b" * 32
SIZE = 300_000

FULL = """
import resource, sys
from pathlib import Path
from gateway.store.kept_files import KeptFiles
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
kept = KeptFiles(Path(sys.argv[1]) / "kept", shared=True)
print(kept.keep(("a" * 32, "b" * 32, "w1", "1.jpg"), b"x" * 300_000))
print(kept.keep(("a" * 32, "b" * 32, "w1", "2.jpg"), b"x" * 300) is not None)
"""


@pytest.fixture
def tiles(tmp_path):
    GrantDirectories(tmp_path / "tiles")
    return tmp_path / "tiles"


@pytest.fixture
def kept(tiles):
    return KeptFiles(tiles / "kept", shared=True)


def files_of(tiles):
    return sorted(path.name for path in tiles.rglob("*") if path.is_file())


def test_what_was_kept_is_found_under_its_own_name_alone(kept):
    assert kept.find((STUDY, SERIES, "w1", "3.jpg")) is None
    assert kept.keep((STUDY, SERIES, "w1", "3.jpg"), b"picture") == kept.find((STUDY, SERIES, "w1", "3.jpg"))
    assert kept.find((STUDY, SERIES, "w1", "3.jpg")).read_bytes() == b"picture"
    for other in (
        (SERIES, SERIES, "w1", "3.jpg"),
        (STUDY, STUDY, "w1", "3.jpg"),
        (STUDY, SERIES, "w2", "3.jpg"),
        (STUDY, SERIES, "w1", "4.jpg"),
    ):
        assert kept.find(other) is None


def test_a_reader_never_meets_half_a_picture(kept):
    kept.keep((STUDY, SERIES, "w1", "1.jpg"), b"0" * SIZE)
    stopped, read = threading.Event(), set()

    def look():
        while not stopped.is_set():
            body = kept.find((STUDY, SERIES, "w1", "1.jpg")).read_bytes()
            read.add((len(body), len(set(body))))

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(1, 30):
        kept.keep((STUDY, SERIES, "w1", "1.jpg"), bytes([48 + number]) * SIZE)
    stopped.set()
    reader.join()
    assert read == {(SIZE, 1)}


def test_a_picture_that_does_not_fit_leaves_nothing_and_the_next_is_kept(tiles):
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tiles)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.split() == ["None", "True"]
    assert files_of(tiles) == ["2.jpg"]


def test_a_place_that_cannot_be_written_is_no_error(kept, tiles):
    (tiles / "kept" / STUDY).write_bytes(b"in the way")  # as root a mode would not keep anybody out
    assert kept.keep((STUDY, SERIES, "w1", "1.jpg"), b"picture") is None
    assert files_of(tiles) == [STUDY]


def test_nginxs_group_may_read_whatever_the_umask_and_others_may_not(tmp_path):
    before = os.umask(0o077)
    try:
        directories = GrantDirectories(tmp_path / "tiles")
        directories.link("f" * 64, STUDY, [SERIES])
        KeptFiles(tmp_path / "tiles" / "kept", shared=True).keep((STUDY, SERIES, "w1", "1.jpg"), b"picture")
    finally:
        os.umask(before)
    every = [tmp_path / "tiles", *(path for path in (tmp_path / "tiles").rglob("*") if not path.is_symlink())]
    modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in every}
    assert modes == {(True, 0o750), (False, 0o640)}


def test_what_is_old_goes_with_what_was_left_half_written(kept, tiles):
    old = kept.keep((STUDY, SERIES, "w1", "1.jpg"), b"old")
    half = old.with_name(".half.part")
    half.write_bytes(b"ha")
    fresh = kept.keep((STUDY, SERIES, "w2", "1.jpg"), b"fresh")
    for path in (old, half):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    assert kept.drop_older_than(3600) == 2
    assert files_of(tiles) == ["1.jpg"]
    assert kept.find((STUDY, SERIES, "w2", "1.jpg")) == fresh
    assert not old.parent.exists()
    assert kept.keep((STUDY, SERIES, "w1", "1.jpg"), b"again").read_bytes() == b"again"
