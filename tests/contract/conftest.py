"""Every archive connector in front of the same studies; a new connector is one more parameter here."""

import shutil

import pytest
from lightbox import PYDICOM_FILES

from gateway.archive.folder import FolderArchive
from gateway.sandbox.sandbox import Sandbox
from gateway.store.archive_index import ArchiveIndex

CHARACTER_SETS = PYDICOM_FILES.parent / "charset_files"
FILES = [
    PYDICOM_FILES / name
    for name in ("CT_small.dcm", "MR_small.dcm", "examples_ybr_color.dcm", "JPEG2000.dcm", "test-SR.dcm")
] + [CHARACTER_SETS / name for name in ("chrH31.dcm", "chrArab.dcm", "chrGreek.dcm")]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    made = Sandbox(tmp_path_factory.mktemp("sandbox"), children=2, preload=("gateway.archive.headers",))
    yield made
    made.close()


@pytest.fixture(scope="session", params=["folder"])
def archive(request, sandbox, tmp_path_factory):
    """The archive under test, filled with the files above."""
    root = tmp_path_factory.mktemp("archive")
    for file in FILES:
        shutil.copy(file, root / file.name)
    made = FolderArchive("main", root, ArchiveIndex(tmp_path_factory.mktemp("index") / "main.sqlite3"), sandbox)
    made.scan()
    return made
