"""The command line: one clear line for each fault, exit code 1; bad usage is 2."""

import pytest
from lightbox import Lightbox, fill_archive


@pytest.fixture
def fresh(tmp_path):
    """An installation that nobody keeps yet."""
    fill_archive(tmp_path / "archive")
    (tmp_path / "archive" / "notes.txt").write_text("no DICOM")
    made = Lightbox(tmp_path / "data", tmp_path / "archive")
    made.directory.mkdir(mode=0o700)
    return made


def fault(ran, code=1):
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    return ran.stderr


def test_beyond_loopback_only_once_somebody_keeps_the_site(fresh):
    fresh.extra["LIGHTBOX_BIND"] = f"0.0.0.0:{fresh.port}"
    assert "Add an admin" in fault(fresh.run("serve", check=False))


def test_faults_are_one_line(fresh):
    assert fault(fresh.run("tokens", "issue", "--user", "nobody", check=False)).count("\n") == 1
    weak = fresh.run("users", "add", "bob", "--role", "physician", "--password-stdin", stdin="short", check=False)
    assert "15 to 128 characters" in fault(weak)
    fault(fresh.run("users", "add", "bob", "--role", "king", "--password-stdin", check=False), code=2)
    fault(fresh.run("nonsense", check=False), code=2)
    fresh.extra["LIGHTBOX_COLOUR"] = "blue"
    assert "LIGHTBOX_COLOUR: no such setting" in fault(fresh.run("doctor", check=False))


def test_people_are_added_listed_and_disabled(fresh):
    fresh.add_people()
    assert "alice\tradiologist\tactive" in fresh.run("users", "list").stdout
    token = fresh.token("alice")
    assert token.count(".") == 2
    fresh.run("users", "disable", "alice")
    assert "alice\tradiologist\tdisabled" in fresh.run("users", "list").stdout
    fault(fresh.run("tokens", "issue", "--user", "alice", check=False))


def test_the_archive_is_indexed_and_its_faults_are_told(fresh):
    assert "8 objects" in fresh.run("archive", "index").stdout
    assert "notes.txt: The file is no DICOM file" in fresh.run("archive", "check").stdout


def test_the_doctor_finds_all_well_and_says_what_is_not(fresh):
    fresh.run("archive", "index")
    said = fresh.run("doctor").stdout
    for well in ("data directory", "audit log: can be written", "decoding children: answer", "archive archive: ready"):
        assert well in said
    fresh.directory.chmod(0o755)
    ill = fresh.run("doctor", check=False)
    assert ill.returncode == 1
    assert "chmod" in ill.stdout
