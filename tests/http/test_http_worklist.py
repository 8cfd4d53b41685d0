"""The worklist on call: what is urgent, what is new, what was opened lately, and what the audit log says of it."""

import datetime as dt
import shutil
import sqlite3
import time

import pydicom
import pytest
from lightbox import PYDICOM_FILES, installed
from pydicom.uid import generate_uid

TODAY = dt.date.today()  # noqa: DTZ011 - as the gateway does, by the hospital's clock
DOSE_REPORT = "1.2.840.10008.5.1.4.1.1.88.67"


def put(archive, name, source="CT_small.dcm", **news):
    """One object of a study of its own, made out of a real file."""
    made = pydicom.dcmread(PYDICOM_FILES / source)
    made.PatientName, made.PatientID = f"OnCall^{name}", name
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = (generate_uid() for _ in range(3))
    for keyword, value in news.items():
        setattr(made, keyword, value)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(archive / f"{name}-{made.SOPInstanceUID[-12:]}.dcm")
    return made


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A Lightbox whose archive has a night behind it."""

    def fill(archive):
        today, old = TODAY.strftime("%Y%m%d"), "20200101"
        put(archive, "NIGHT", StudyDate=today, StudyTime="024100", StudyDescription="CT Head plain")
        put(archive, "DAY", StudyDate=today, StudyTime="110000", StudyDescription="CT Head plain")
        put(archive, "STAT", StudyDate=today, StudyTime="003000", RequestedProcedurePriority="STAT")
        put(archive, "ROUTINE", StudyDate=today, StudyTime="030000", StudyDescription="CT Head",
            RequestedProcedurePriority="ROUTINE")  # fmt: skip
        put(archive, "LONGAGO", StudyDate=old, StudyTime="030000", RequestedProcedurePriority="STAT")
        mixed = put(archive, "MIXED", StudyDate=old, StudyDescription="Two images and a dose report")
        same = {"PatientID": "MIXED", "StudyDate": old, "StudyInstanceUID": mixed.StudyInstanceUID}
        put(archive, "MIXED", SeriesInstanceUID=mixed.SeriesInstanceUID, **same)
        put(archive, "MIXED", "test-SR.dcm", SOPClassUID=DOSE_REPORT, **same)

    made = installed(tmp_path_factory.mktemp("worklist"), also=fill)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ask(house):
    """Asks for a page of the worklist as somebody."""
    people = {}

    def page(name="alice", **search):
        if name not in people:
            people[name] = house.browser(name)
        answer = people[name].post("/api/v1/studies/search", json=search)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return page


def ids(page):
    """Whose studies are on the page, in its order."""
    return [study["patient_id"] for study in page["studies"]]


def searches_recorded(house):
    """How many searches the audit log holds."""
    with sqlite3.connect(f"file:{house.directory / 'audit.sqlite3'}?mode=ro", uri=True) as log:
        return log.execute("select count(*) from audit_records where body like '%\"searched\"%'").fetchone()[0]


def test_what_is_urgent_comes_first_and_says_why(ask):
    listed = ask(words="oncall")
    assert ids(listed) == ["STAT", "NIGHT", "DAY", "ROUTINE", *ids(listed)[4:]]
    assert sorted(ids(listed)[4:]) == ["LONGAGO", "MIXED"]
    assert listed["urgent_count"] == 2
    said = {study["patient_id"]: (study["urgency"], study["urgency_reason"]) for study in listed["studies"]}
    assert said["STAT"] == ("stat", "requested as STAT")
    assert said["NIGHT"] == ("likely", "head at night")
    assert {said[name] for name in ("DAY", "ROUTINE", "LONGAGO", "MIXED")} == {(None, "")}
    assert ids(ask(show="urgent")) == ["STAT", "NIGHT"]
    assert ids(ask(show="urgent", date_to="2021-01-01")) == []


def test_pages_neither_repeat_nor_leave_out_a_study(ask):
    whole = ids(ask(limit=200))
    parts = [ask(limit=2, offset=offset) for offset in range(0, len(whole), 2)]
    assert [one for part in parts for one in ids(part)] == whole
    assert [part["more"] for part in parts] == [True] * (len(parts) - 1) + [False]


def test_images_are_counted_without_reports_and_a_dose_report_is_none(ask):
    (mixed,) = ask(patient_id="MIXED")["studies"]
    assert (mixed["image_count"], mixed["has_report"]) == (2, False)
    assert mixed["modalities"] == ["CT", "SR"]
    (report,) = ask(words="test", modalities=["SR"])["studies"]
    assert (report["image_count"], report["has_report"]) == (0, True)


def test_what_arrives_is_new_to_each_until_it_is_opened(house, ask):
    assert ask("alice")["new_count"] == ask("bob")["new_count"] == 0
    time.sleep(1.1)  # moments are whole seconds
    put(house.archive, "ARRIVED", StudyDate="20200102")
    house.run("archive", "index")
    listed = ask("alice", show="new")
    assert ids(listed) == ["ARRIVED"]
    assert listed["new_count"] == 1
    assert [study["patient_id"] for study in ask("alice")["studies"] if study["is_new"]] == ["ARRIVED"]
    alice = house.browser("alice")
    uid = listed["studies"][0]["study_instance_uid"]
    assert alice.post(f"/api/v1/studies/{uid}/open", json={}).status_code == 200
    assert ask("alice", show="new")["studies"] == []
    assert ids(ask("bob", show="new")) == ["ARRIVED"]


def test_recent_studies_are_those_that_one_opened_the_latest_first(house, ask):
    bob = house.browser("bob")
    assert ids(ask("bob", show="recent")) == []
    uids = {study["patient_id"]: study["study_instance_uid"] for study in ask("bob", limit=200)["studies"]}
    for name in ("1CT1", "STAT"):
        assert bob.post(f"/api/v1/studies/{uids[name]}/open", json={}).status_code == 200
        time.sleep(1.1)
    assert ids(ask("bob", show="recent")) == ["STAT", "1CT1"]
    assert ids(ask("bob", show="recent", words="compressed")) == ["1CT1"]
    assert "1CT1" not in ids(ask("alice", show="recent"))


def test_a_referrer_is_told_of_no_study_but_those_referred_by_them(ask):
    listed = ask("charlie")
    assert (listed["studies"], listed["urgent_count"], listed["new_count"]) == ([], 0, 0)


def test_a_question_that_a_screen_repeats_is_recorded_once(house, ask):
    ask(words="quartz")
    before = searches_recorded(house)
    for _ in range(5):
        ask(words="quartz")
        ask(words="quartz", offset=1)
    assert searches_recorded(house) == before
    ask(words="quartzite")
    ask(words="quartz", show="new")
    assert searches_recorded(house) == before + 2
    assert house.browser("alice").post("/api/v1/studies/search", json={"words": "quartz"}).status_code == 200
    assert searches_recorded(house) == before + 3  # another session, another device
    ask("bob", words="quartz")
    assert searches_recorded(house) == before + 4
    assert house.run("audit", "verify").returncode == 0


def test_when_a_study_came_outlives_an_index_that_is_made_again(house, ask, tmp_path):
    ask("bob")
    copy = tmp_path / "data"
    shutil.copytree(house.directory, copy, ignore=shutil.ignore_patterns("run", "tiles"))
    (index,) = (copy / "index").glob("*.sqlite3")
    with sqlite3.connect(index) as database:
        before = dict(database.execute("select study_instance_uid, arrived_at from studies"))
        database.execute("pragma user_version=2")
        database.execute("update arrivals set arrived_at = arrived_at - 1000")
    later = type(house)(copy, house.archive)
    later.run("archive", "index")
    with sqlite3.connect(index) as database:
        after = dict(database.execute("select study_instance_uid, arrived_at from studies"))
    assert after == {uid: arrived_at - 1000 for uid, arrived_at in before.items()}
