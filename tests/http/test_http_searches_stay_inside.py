"""A search below an open study stays in that study, and no search makes another one lie."""

import pydicom
import pytest
from lightbox import PYDICOM_FILES


@pytest.fixture(scope="module")
def others():
    """The UID of a study that is never opened here."""
    return str(pydicom.dcmread(PYDICOM_FILES / "MR_small.dcm", stop_before_pixels=True).StudyInstanceUID)


@pytest.fixture
def browser(lightbox, ct):
    """A browser with the CT's study open and no other."""
    made = lightbox.browser("alice")
    assert made.post(f"/api/v1/studies/{ct[0]}/open", json={}).status_code == 200
    return made


@pytest.mark.parametrize("separator", [",", "\\"])
def test_a_list_of_studies_is_not_searched_under_the_grant_for_one(browser, ct, others, separator):
    both = [f"{ct[0]}{separator}{others}", f"{others}{separator}{ct[0]}"]
    for listed in both:
        for path in ("series", "instances"):
            assert browser.get(f"/dicom-web/{path}", params={"StudyInstanceUID": listed}).status_code == 404
        answer = browser.get(f"/dicom-web/studies/{ct[0]}/series", params={"StudyInstanceUID": listed})
        assert answer.status_code == 400


def test_the_open_study_is_found(browser, ct):
    found = browser.get("/dicom-web/series", params={"StudyInstanceUID": ct[0]}).json()
    assert [one["0020000E"]["Value"][0] for one in found] == [ct[1]]


def test_uids_in_each_others_place_hide_nothing(browser, ct):
    """What is remembered of one question is no answer to another."""
    study, series, instance = ct
    crossed = {"SOPInstanceUID": series, "SeriesInstanceUID": instance, "limit": 1}
    assert browser.get(f"/dicom-web/studies/{study}/instances", params=crossed).json() == []
    picture = f"/dicom-web/studies/{study}/series/{series}/instances/{instance}/rendered"
    assert browser.get(picture).status_code == 200


def test_attributes_of_items_are_not_searched(browser):
    assert browser.get("/dicom-web/studies", params={"ReferencedSOPInstanceUID": "1.2"}).status_code == 400
