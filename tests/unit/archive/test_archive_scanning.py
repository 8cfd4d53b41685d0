"""A folder is looked through again and again: new, changed and removed files are noticed, hostile ones are told."""

import os
import shutil
import zlib

import pydicom
import pytest
from lightbox import PYDICOM_FILES

from gateway.dicom.attributes import Level
from gateway.dicom.query import Query
from gateway.errors import ArchiveAway, NotFound


def put(folder, name, target=None, **changes):
    """One of pydicom's files in the folder, with attributes changed."""
    path = folder / (target or name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if changes:
        dataset = pydicom.dcmread(PYDICOM_FILES / name)
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        dataset.save_as(path)
    else:
        shutil.copy(PYDICOM_FILES / name, path)
    return path


def names(archive):
    return sorted(study.text("PatientName") for study in archive.search_for_studies(Query(limit=100)))


def reasons(archive):
    return dict(archive.problems())


def instance_of(archive, name="CT_small.dcm"):
    uid = str(pydicom.dcmread(PYDICOM_FILES / name, stop_before_pixels=True).SOPInstanceUID)
    return archive.search_for_instances(Query(Level.INSTANCE, {"SOPInstanceUID": uid}))[0]


def test_new_changed_and_removed_files_are_noticed(archive, folder):
    ct, _ = put(folder, "CT_small.dcm"), put(folder, "MR_small.dcm", "deep/er/without-extension")
    archive.scan()
    assert names(archive) == ["CompressedSamples^CT1", "CompressedSamples^MR1"]
    put(folder, "CT_small.dcm", PatientName="Changed^Name")
    put(folder, "test-SR.dcm")
    archive.scan()
    assert names(archive) == ["Changed^Name", "CompressedSamples^MR1", "Test^S R"]
    ct.unlink()
    shutil.rmtree(folder / "deep")
    archive.scan()
    assert names(archive) == ["Test^S R"]


def test_the_studys_version_changes_with_its_files_and_not_otherwise(archive, folder):
    put(folder, "CT_small.dcm")
    archive.scan()
    first = archive.search_for_studies(Query())[0].version
    archive.scan()
    assert archive.search_for_studies(Query())[0].version == first
    put(folder, "CT_small.dcm", "second.dcm", SOPInstanceUID="1.2.3.4.5")
    archive.scan()
    study = archive.search_for_studies(Query())[0]
    assert study.version != first
    assert study.text("NumberOfStudyRelatedInstances") == "2"


def test_unchanged_files_are_not_opened_again(archive, folder):
    path = put(folder, "CT_small.dcm")
    archive.scan()
    facts = path.stat()
    path.write_bytes(b"x" * facts.st_size)  # other bytes, same size and time: only opening would tell
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    archive.scan()
    assert names(archive) == ["CompressedSamples^CT1"]


def test_what_is_not_dicom_is_told_and_stops_nothing(archive, folder):
    put(folder, "CT_small.dcm")
    (folder / "notes.txt").write_text("not DICOM at all")
    (folder / "empty").touch()
    (folder / "cut.dcm").write_bytes((PYDICOM_FILES / "MR_small.dcm").read_bytes()[:400])
    (folder / "zeros.dcm").write_bytes(bytes(5000))
    put(folder, "CT_small.dcm", "copy.dcm")
    (folder / "DICOMDIR").write_bytes(b"ignored")
    archive.scan()
    told = reasons(archive)
    doubled = set(told) - {"notes.txt", "empty", "cut.dcm", "zeros.dcm"}
    assert doubled in ({"copy.dcm"}, {"CT_small.dcm"})  # whichever is listed second
    assert len(told) == 5
    assert all(len(reason) > 20 for reason in told.values())
    assert "same SOP Instance UID" in told[doubled.pop()]
    assert names(archive) == ["CompressedSamples^CT1"]


def test_a_deflate_bomb_among_many_is_the_only_one_left_out(archive, folder):
    for index in range(40):
        put(folder, "CT_small.dcm", f"{index:02d}.dcm", SOPInstanceUID=f"1.2.3.{index + 1}")
    dataset = pydicom.dcmread(PYDICOM_FILES / "image_dfl.dcm", stop_before_pixels=True)
    whole = (PYDICOM_FILES / "image_dfl.dcm").read_bytes()
    start = 132 + 12 + int.from_bytes(whole[140:144], "little")
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1.99"
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(deflater.compress(bytes(1 << 20)) for _ in range(1100)) + deflater.flush()
    (folder / "bomb.dcm").write_bytes(whole[:start] + bomb)
    archive.scan()
    assert list(reasons(archive)) == ["bomb.dcm"]
    assert archive.search_for_studies(Query())[0].text("NumberOfStudyRelatedInstances") == "40"


def test_links_pipes_and_names_that_are_no_text_do_no_harm(archive, folder, tmp_path):
    outside = put(tmp_path / "outside", "MR_small.dcm")
    (folder / "link.dcm").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    os.mkfifo(folder / "pipe.dcm")
    put(folder, "CT_small.dcm")
    (folder / os.fsdecode(b"caf\xe9.dcm")).write_bytes(b"odd name")
    archive.scan()
    assert names(archive) == ["CompressedSamples^CT1"]


def test_a_file_swapped_for_a_link_is_not_opened(archive, folder, tmp_path):
    path = put(folder, "CT_small.dcm", "inside/one.dcm")
    archive.scan()
    instance = instance_of(archive)
    (tmp_path / "secret").write_text("not for the gateway")
    path.unlink()
    path.symlink_to(tmp_path / "secret")
    with pytest.raises((NotFound, ArchiveAway)):
        archive.open_instance(instance)
    shutil.rmtree(folder / "inside")
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere", "CT_small.dcm", "one.dcm")
    (folder / "inside").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotFound):
        archive.open_instance(instance)


def test_progress_is_told(archive, folder):
    for index in range(3):
        put(folder, "CT_small.dcm", f"{index}.dcm", SOPInstanceUID=f"1.2.3.{index + 1}")
    told = []
    archive.scan(lambda done, _total, rate: told.append((done, rate)))
    assert told[-1][0] == 3
    assert told[-1][1] > 0


def test_a_folder_that_is_away_is_said_so(archive, folder):
    folder.rmdir()
    assert archive.status().state == "away"
    with pytest.raises(ArchiveAway):
        archive.scan()
