"""A folder, its index and its archive, empty at first."""

import pytest

from gateway.archive.folder import FolderArchive
from gateway.sandbox.sandbox import Sandbox
from gateway.store.archive_index import ArchiveIndex


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    made = Sandbox(tmp_path_factory.mktemp("sandbox"), children=2, preload=("gateway.archive.headers",))
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "folder"
    root.mkdir()
    return root


@pytest.fixture
def archive(folder, tmp_path, sandbox):
    return FolderArchive("main", folder, ArchiveIndex(tmp_path / "index.sqlite3"), sandbox)
