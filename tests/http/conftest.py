"""One Lightbox for all HTTP tests of a run, and what it knows of its studies."""

import pydicom
import pytest
import requests
import retrieval_forms
from dicomweb_client import DICOMwebClient
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


@pytest.fixture(scope="session")
def forms(tmp_path_factory):
    """A Lightbox whose archive also holds the study of all forms."""
    made = installed(tmp_path_factory.mktemp("forms"), also=retrieval_forms.fill)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def caller(forms):
    """A radiologist's script."""
    return forms.script("alice")


@pytest.fixture(scope="session")
def client(forms):
    """The DICOMweb client that others use."""
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {forms.token('alice')}"
    return DICOMwebClient(f"{forms.url}/dicom-web", session=session)


@pytest.fixture(scope="session")
def original(forms):
    """What lies in the archive, by its name."""
    return {name: pydicom.dcmread(forms.archive / f"{name}.dcm") for name in retrieval_forms.UID_OF}
