"""All previews of a series in one streamed answer, nearest first, and only for those who have the study open."""

import io
import struct

import pydicom
import pytest
from lightbox import PYDICOM_FILES
from PIL import Image


@pytest.fixture(scope="module")
def cine():
    """The study and series of a cine of 30 frames."""
    header = pydicom.dcmread(PYDICOM_FILES / "examples_ybr_color.dcm", stop_before_pixels=True)
    return f"/api/v1/studies/{header.StudyInstanceUID}/series/{header.SeriesInstanceUID}/previews"


def pictures(body):
    found, position = [], 0
    while position < len(body):
        n, length = struct.unpack_from(">II", body, position)
        found.append((n, body[position + 8 : position + 8 + length]))
        position += 8 + length
    return found


def test_every_slice_comes_once_from_the_middle_outwards(script, cine):
    answer = script.get(f"{cine}?from=10")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = pictures(answer.content)
    assert [n for n, _ in found[:7]] == [10, 11, 9, 12, 8, 13, 7]
    assert sorted(n for n, _ in found) == list(range(1, 31))
    sizes = {Image.open(io.BytesIO(jpeg)).size for _, jpeg in found}
    assert sizes == {(256, 192)}
    assert len({jpeg for _, jpeg in found}) > 20, "each slice is its own picture"


def test_they_are_the_kept_previews(script, cine, lightbox):
    found = dict(pictures(script.get(cine).content))
    study = script.get(cine.rsplit("/series/", 1)[0]).json()
    tiles = next(series["tiles"] for series in study["series"] if series["frame_count"] == 30)
    assert script.get(tiles.format(rendition="p256", n=7)).content == found[7]


def test_a_stream_wants_the_study_open(lightbox, cine):
    assert lightbox.browser(None).get(cine).status_code == 401
    assert lightbox.browser("bob").get(cine).status_code == 403


@pytest.mark.parametrize("start", ["x", "-1", "12345678"])
def test_a_start_that_is_no_number_is_a_fault_of_the_request(script, cine, start):
    assert script.get(f"{cine}?from={start}").status_code == 400


def test_a_start_beyond_the_end_begins_at_the_end(script, cine):
    assert pictures(script.get(f"{cine}?from=5000").content)[0][0] == 30
