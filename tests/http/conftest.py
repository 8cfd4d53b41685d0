"""One Lightbox for all HTTP tests of a run, and what it knows of its studies."""

import io

import numpy as np
import pydicom
import pytest
import requests
import retrieval_forms
import zoomed
from dicomweb_client import DICOMwebClient
from lightbox import PYDICOM_FILES, installed
from PIL import Image


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


@pytest.fixture(scope="session")
def zoomed_house(tmp_path_factory):
    """A Lightbox in front of the pictures that tell their places."""
    made = installed(tmp_path_factory.mktemp("zoomed"), also=zoomed.add_zoomed)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def reader(zoomed_house):
    """A radiologist's browser that has the study open."""
    browser = zoomed_house.browser("alice")
    assert browser.post(f"/api/v1/studies/{zoomed.STUDY}/open", json={}).status_code == 200
    return browser


@pytest.fixture(scope="session")
def service(reader):
    """The path of a picture's image service, by the series' name, the picture's number and its look."""
    series = reader.get(f"/api/v1/studies/{zoomed.STUDY}").json()["series"]
    keys = {one["series_description"]: one["tiles"].split("/")[2:4] for one in series if one["tiles"]}
    return lambda name="color", n=1, look="": "/iiif/3/" + "-".join([*keys[name], str(n)]) + look


@pytest.fixture(scope="session")
def pixels(reader, service):
    """The pixels of an answer, and nothing else than a picture."""

    def ask(path, name="color", n=1, look=""):
        answer = reader.get(f"{service(name, n, look)}/{path}")
        assert answer.status_code == 200, answer.text
        picture = Image.open(io.BytesIO(answer.content))
        assert answer.headers["Content-Type"] == Image.MIME[picture.format]
        return np.asarray(picture)

    return ask
