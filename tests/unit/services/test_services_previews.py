"""The stream of previews ends where the grant does, and leaves nothing running when nobody listens."""

import shutil
import threading

import pydicom
import pytest
from house import here
from lightbox import PYDICOM_FILES

from gateway.access.principal import Role
from gateway.factory import build
from gateway.services.frames import StackAddress
from gateway.services.previews import nearest_first
from gateway.settings import Settings

PASSWORD = "correct horse battery"


@pytest.fixture
def opened(tmp_path):
    """The parts of an installation over one cine of 30 frames, and a person who has it open."""
    (tmp_path / "archive").mkdir()
    shutil.copy(PYDICOM_FILES / "examples_ybr_color.dcm", tmp_path / "archive")
    archives = [{"url": f"folder:{tmp_path / 'archive'}"}]
    parts = build(Settings(data_dir=tmp_path / "data", archives=archives, public_url="http://127.0.0.1:8000"))
    for folder in parts.archives:
        folder.scan()
    parts.accounts.add_user("alice", Role.RADIOLOGIST, PASSWORD)
    signed_in = parts.accounts.sign_in("alice", PASSWORD, here(), from_loopback=True)
    principal = parts.accounts.principal_of_cookie(signed_in.session_secret)
    header = pydicom.dcmread(PYDICOM_FILES / "examples_ybr_color.dcm", stop_before_pixels=True)
    parts.studies.open(principal, str(header.StudyInstanceUID), here())
    yield parts, principal, StackAddress(str(header.StudyInstanceUID), str(header.SeriesInstanceUID), 1)
    parts.sandbox.close()


def test_signing_out_stops_the_stream(opened):
    parts, principal, address = opened
    stream = parts.previews.outwards(principal, address, here())
    seen = [next(stream)[0] for _ in range(3)]
    parts.accounts.sign_out(principal, here())
    rest = list(stream)
    assert seen == [1, 2, 3]
    assert len(rest) <= 5, "at most what was made already"


def test_nothing_is_made_for_nobody(opened):
    parts, principal, address = opened
    stream = parts.previews.outwards(principal, address, here())
    next(stream)
    stream.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("previews")]
    kept = list((parts.settings.data_dir / "tiles" / "kept").rglob("*.jpg"))
    assert 1 <= len(kept) <= 8


def test_the_nearest_come_first():
    assert nearest_first(5, 3) == [3, 4, 2, 5, 1]
    assert nearest_first(4, 4) == [4, 3, 2, 1]
    assert nearest_first(1, 1) == [1]
