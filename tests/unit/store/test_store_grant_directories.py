"""A grant leads to what was granted, to nothing else, and to nothing once it is taken away."""

import time

import pytest

from gateway.store.grant_directories import SLOT_SECONDS, GrantDirectories, slot_of
from gateway.store.kept_files import KeptFiles

MINE, OTHER = "e" * 64, "f" * 64
STUDY, SECOND = "a" * 32, "c" * 32
SERIES, HIDDEN = "b" * 32, "d" * 32


@pytest.fixture
def tiles(tmp_path):
    return tmp_path / "tiles"


@pytest.fixture
def directories(tiles):
    made, kept = GrantDirectories(tiles), KeptFiles(tiles / "kept", shared=True)
    for study in (STUDY, SECOND):
        for series in (SERIES, HIDDEN):
            kept.keep((study, series, "w1", "1.jpg"), f"{study} {series}".encode())
    return made


def served(tiles, view_key, study, series):
    """What nginx would find under the present slot."""
    path = tiles / "live" / slot_of(time.time()) / view_key / study / series / "w1" / "1.jpg"
    return path.read_text() if path.is_file() else None


def test_a_key_leads_to_its_own_study_alone(directories, tiles):
    directories.beat()
    directories.link(MINE, STUDY)
    directories.link(MINE, STUDY)
    assert served(tiles, MINE, STUDY, SERIES) == f"{STUDY} {SERIES}"
    assert served(tiles, MINE, STUDY, HIDDEN) == f"{STUDY} {HIDDEN}"
    assert served(tiles, MINE, SECOND, SERIES) is None
    assert served(tiles, OTHER, STUDY, SERIES) is None


def test_a_grant_of_one_series_does_not_lead_to_its_neighbour(directories, tiles):
    directories.beat()
    directories.link(MINE, STUDY, [SERIES])
    assert served(tiles, MINE, STUDY, SERIES) == f"{STUDY} {SERIES}"
    assert served(tiles, MINE, STUDY, HIDDEN) is None


def test_a_study_without_pictures_yet_may_be_granted(directories, tiles):
    directories.beat()
    directories.link(MINE, "9" * 32)
    assert served(tiles, MINE, "9" * 32, SERIES) is None
    KeptFiles(tiles / "kept", shared=True).keep(("9" * 32, SERIES, "w1", "1.jpg"), b"made later")
    assert served(tiles, MINE, "9" * 32, SERIES) == "made later"


def test_taking_away_takes_the_session_and_leaves_pictures_and_other_sessions(directories, tiles):
    directories.beat()
    for key in (MINE, OTHER):
        directories.link(key, STUDY)
        directories.link(key, SECOND, [SERIES])
    directories.unlink_sessions([MINE, "0" * 64])
    assert served(tiles, MINE, STUDY, SERIES) is None
    assert served(tiles, MINE, SECOND, SERIES) is None
    assert served(tiles, OTHER, STUDY, SERIES) == f"{STUDY} {SERIES}"
    assert served(tiles, OTHER, SECOND, SERIES) == f"{SECOND} {SERIES}"
    assert KeptFiles(tiles / "kept", shared=True).find((STUDY, SERIES, "w1", "1.jpg")) is not None


def test_reconciling_removes_what_is_not_valid_and_no_picture(directories, tiles):
    directories.beat()
    directories.link(MINE, STUDY)
    directories.link(MINE, SECOND, [SERIES])
    directories.link(OTHER, STUDY)
    directories.reconcile(lambda: {MINE: {STUDY}})
    assert served(tiles, MINE, STUDY, SERIES) == f"{STUDY} {SERIES}"
    assert served(tiles, MINE, SECOND, SERIES) is None
    assert served(tiles, OTHER, STUDY, SERIES) is None
    assert KeptFiles(tiles / "kept", shared=True).find((SECOND, SERIES, "w1", "1.jpg")) is not None


def test_a_grant_made_while_the_valid_ones_are_read_stays(directories, tiles):
    directories.beat()
    directories.link(MINE, STUDY)

    def read_valid():
        directories.link(MINE, SECOND)
        directories.link(OTHER, STUDY)
        return {MINE: {STUDY}}

    directories.reconcile(read_valid)
    assert served(tiles, MINE, SECOND, SERIES) is not None
    assert served(tiles, OTHER, STUDY, SERIES) is not None


def test_nothing_is_served_soon_after_the_last_beat(directories, tiles, monkeypatch):
    directories.link(MINE, STUDY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    assert served(tiles, MINE, STUDY, SERIES) is None
    directories.beat()
    for seconds in range(0, 31, 5):
        monkeypatch.setattr(time, "time", lambda at=now + seconds: at)
        assert served(tiles, MINE, STUDY, SERIES) is not None
    monkeypatch.setattr(time, "time", lambda: now + 4 * SLOT_SECONDS)
    assert served(tiles, MINE, STUDY, SERIES) is None


def test_old_slots_are_taken_away(directories, tiles, monkeypatch):
    now = time.time()
    for beats in range(20):
        monkeypatch.setattr(time, "time", lambda at=now + beats * SLOT_SECONDS: at)
        directories.beat()
    slots = sorted(path.name for path in (tiles / "live").iterdir())
    assert len(slots) == 5
    assert slots[1] == slot_of(now + 19 * SLOT_SECONDS)
