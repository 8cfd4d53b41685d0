"""Files are moved, doubled, swapped and named in old encodings while the gateway runs; no study is lost by it."""

import os
import shutil
import sqlite3

import pytest
from lightbox import PYDICOM_FILES

from gateway.archive.folder import FolderArchive
from gateway.dicom.attributes import Level
from gateway.dicom.query import Query
from gateway.errors import ArchiveAway, NotFound, Unavailable, Unreadable
from gateway.store.archive_index import ArchiveIndex

CT, MR = "CompressedSamples^CT1", "CompressedSamples^MR1"


@pytest.fixture
def ct(folder):
    path = folder / "ward" / "ct"
    path.parent.mkdir()
    shutil.copy(PYDICOM_FILES / "CT_small.dcm", path)
    return path


def names(archive):
    return sorted(study.text("PatientName") for study in archive.search_for_studies(Query(limit=100)))


def instances(archive):
    return archive.search_for_instances(Query(Level.INSTANCE, limit=100))


def read(archive, instance):
    with archive.open_instance(instance) as file:
        return file.read()


class RefusingSandbox:
    """Stands where the sandbox stands and refuses every task in the given way."""

    def __init__(self, error):
        self.error = error

    def run(self, _function, _arguments, _files=()):
        raise self.error


@pytest.mark.parametrize("to", ["attic/ward", "ward2", "a"])
def test_a_folder_that_is_renamed_keeps_its_studies(archive, folder, ct, to):
    archive.scan()
    (folder / to).parent.mkdir(exist_ok=True)
    ct.parent.rename(folder / to)
    archive.scan()
    assert names(archive) == [CT]
    assert archive.problems() == []
    assert read(archive, instances(archive)[0]) == (folder / to / "ct").read_bytes()


def test_a_double_steps_in_when_the_first_file_is_gone(archive, folder, ct):
    archive.scan()
    double = folder / "double"
    shutil.copy(ct, double)
    archive.scan()
    assert [path for path, _ in archive.problems()] == ["double"]
    ct.unlink()
    archive.scan()
    assert archive.problems() == []
    assert names(archive) == [CT]
    assert read(archive, instances(archive)[0]) == double.read_bytes()


def test_names_in_an_old_encoding_are_indexed_opened_and_told(archive, folder, ct):
    old = os.fsencode(folder) + b"/caf\xe9"
    os.mkdir(old)  # noqa: PTH102 - a name that is no text
    ct.rename(os.fsdecode(old + b"/\xfcber"))
    with open(old + b"/brok\xe9n", "wb") as broken:  # noqa: PTH123
        broken.write(b"not DICOM")
    archive.scan()
    assert names(archive) == [CT]
    assert read(archive, instances(archive)[0]) == (PYDICOM_FILES / "CT_small.dcm").read_bytes()
    ((path, _),) = archive.problems()
    assert path == r"caf\xe9/brok\xe9n"
    archive.scan()
    assert names(archive) == [CT]


def test_a_folder_that_cannot_be_listed_loses_nothing_and_is_told(archive, folder, ct, monkeypatch):
    (ct.parent / "deeper").mkdir()
    shutil.copy(PYDICOM_FILES / "MR_small.dcm", ct.parent / "deeper" / "mr")
    archive.scan()
    list_folder = os.scandir

    def scandir(path):
        if str(path).endswith("/ward"):
            raise PermissionError(13, "Permission denied")
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", scandir)
    archive.scan()
    assert names(archive) == [CT, MR]
    assert archive.problems() == [("ward/", "The folder cannot be listed: Permission denied.")]
    monkeypatch.undo()
    archive.scan()
    assert archive.problems() == []
    assert names(archive) == [CT, MR]


def test_a_root_that_cannot_be_listed_is_an_archive_away(archive, ct, monkeypatch):
    archive.scan()

    def scandir(_path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(ArchiveAway):
        archive.scan()
    assert names(archive) == [CT]


def test_another_patients_file_in_the_same_place_is_never_handed_out(archive, ct):
    archive.scan()
    (instance,) = instances(archive)
    shutil.copy(PYDICOM_FILES / "MR_small.dcm", ct)
    with pytest.raises(NotFound):
        archive.open_instance(instance)
    assert names(archive) == [MR]


def test_a_file_written_again_is_handed_out_as_it_is_now(archive, ct):
    archive.scan()
    (instance,) = instances(archive)
    ct.write_bytes(ct.read_bytes() + bytes(2))
    assert read(archive, instance) == ct.read_bytes()


def test_load_says_nothing_against_a_file(tmp_path, folder, ct, archive):
    busy = FolderArchive("busy", folder, ArchiveIndex(tmp_path / "index.sqlite3"), RefusingSandbox(Unavailable()))
    busy.scan()
    assert busy.problems() == []
    archive.scan()  # the same index: the file is read as soon as there is room
    assert names(archive) == [CT]


def test_metadata_are_whole_or_refused_when_the_sandbox_is_busy(tmp_path, folder, ct, archive):
    archive.scan()
    study = instances(archive)[0].study_instance_uid
    busy = FolderArchive("busy", folder, ArchiveIndex(tmp_path / "index.sqlite3"), RefusingSandbox(Unavailable()))
    with pytest.raises(Unavailable):
        list(busy.retrieve_metadata(study))
    hostile = FolderArchive("bad", folder, ArchiveIndex(tmp_path / "index.sqlite3"), RefusingSandbox(Unreadable()))
    assert list(hostile.retrieve_metadata(study)) == []


def test_an_index_of_another_release_is_made_again(tmp_path, folder, ct, sandbox):
    path = tmp_path / "old.sqlite3"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE files (directory TEXT, name TEXT, size INTEGER, PRIMARY KEY (directory, name))")
        old.execute("INSERT INTO files VALUES ('gone', 'file', 1)")
    old.close()
    archive = FolderArchive("main", folder, ArchiveIndex(path), sandbox)
    archive.scan()
    assert names(archive) == [CT]
    assert archive.problems() == []


def test_a_kept_index_is_used_again(tmp_path, folder, ct, archive, sandbox):
    archive.scan()
    version = archive.search_for_studies(Query())[0].version
    again = FolderArchive("main", folder, ArchiveIndex(tmp_path / "index.sqlite3"), sandbox)
    assert again.search_for_studies(Query())[0].version == version


def test_progress_says_how_much_there_is_to_do(archive, folder, ct):
    shutil.copy(PYDICOM_FILES / "MR_small.dcm", folder / "mr")
    told = []
    archive.scan(lambda done, total, _rate: told.append((done, total)))
    assert told == [(2, 2)]
    told.clear()
    archive.scan(lambda done, total, _rate: told.append((done, total)))
    assert told == []


def test_many_files_gone_at_once_are_forgotten(archive, folder):
    for index in range(1100):
        (folder / f"{index}.txt").write_text("no DICOM")
    archive.scan()
    assert len(archive.problems()) == 1100
    shutil.rmtree(folder)
    folder.mkdir()
    archive.scan()
    assert archive.problems() == []
