"""One Lightbox for all HTTP tests of a run, and what it knows of its studies."""

import pydicom
import pytest
from lightbox import PYDICOM_FILES, installed


@pytest.fixture(scope="session")
def lightbox(tmp_path_factory):
    made = installed(tmp_path_factory.mktemp("lightbox"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def alice(lightbox):
    """A radiologist's browser."""
    return lightbox.browser("alice")


@pytest.fixture(scope="session")
def script(lightbox):
    """A radiologist's script with a token."""
    return lightbox.script("alice")


def uids_of(name: str) -> tuple[str, str, str]:
    """Study, series and instance UID of one of pydicom's files."""
    header = pydicom.dcmread(PYDICOM_FILES / name, stop_before_pixels=True)
    return str(header.StudyInstanceUID), str(header.SeriesInstanceUID), str(header.SOPInstanceUID)


@pytest.fixture(scope="session")
def ct():
    """The UIDs of a small CT slice."""
    return uids_of("CT_small.dcm")


@pytest.fixture(scope="session")
def sr():
    """The UIDs of a structured report."""
    return uids_of("test-SR.dcm")
