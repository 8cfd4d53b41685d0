"""Rendered resources in every form that can be asked for, and what is kept of them."""

import io
import time

import imagecodecs
import numpy as np
import pytest
import rendered_forms as forms
from lightbox import installed
from PIL import Image, ImageSequence
from rendered_forms import CINE_GREYS, FRAME_TIME, VECTOR, VIDEO_GREYS, path_of, picture
from retrieval_forms import parts_of

from gateway.store.sealed import sealed, unsealed

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
PNG = {"Accept": "image/png"}
MULTIPART = {"Accept": 'multipart/related; type="image/png"'}


@pytest.fixture(scope="module")
def stream():
    return forms.video_stream()


@pytest.fixture(scope="module")
def house(tmp_path_factory, stream):
    """A Lightbox whose archive also holds the study of all kinds of pictures."""
    made = installed(tmp_path_factory.mktemp("rendered"), also=lambda folder: forms.fill(folder, stream))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def reader(house):
    return house.script("alice")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_picture_is_had_by_header_and_by_parameter(reader, kind):
    by_header = reader.get(path_of("ct", "/rendered"), headers={"Accept": kind})
    by_parameter = reader.get(path_of("ct", "/rendered"), params={"accept": kind}, headers={"Accept": "text/html"})
    for answer in (by_header, by_parameter):
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert Image.open(io.BytesIO(answer.content)).format == KINDS[kind]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "image/jpeg"),
        ("image/*", "image/jpeg"),
        ("image/tiff, image/png;q=0.2", "image/png"),
        ("image/jpeg;q=0.3, image/webp;q=0.8", "image/webp"),
    ],
)
def test_the_kind_that_is_liked_best_is_sent(reader, accept, kind):
    answer = reader.get(path_of("ct", "/rendered"), headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)


@pytest.mark.parametrize("accept", ["image/tiff", "application/pdf", "image/jp2, text/plain"])
def test_what_cannot_be_made_is_refused_with_what_can(reader, accept):
    answer = reader.get(path_of("ct", "/rendered"), headers={"Accept": accept})
    assert answer.status_code == 406
    assert all(kind in answer.json()["detail"] for kind in KINDS)


def greys_of(parts):
    return [int(np.median(np.asarray(Image.open(io.BytesIO(body))))) for _, body in parts]


def test_several_frames_come_as_parts_in_their_order(reader):
    answer = reader.get(path_of("cine", "/frames/3,1,5/rendered"), headers=MULTIPART)
    parts = parts_of(answer)
    assert greys_of(parts) == [CINE_GREYS[n] for n in (2, 0, 4)]
    assert [part["Content-Type"] for part, _ in parts] == ["image/png"] * 3
    ends = [part["Content-Location"].rsplit("/instances/", 1)[1] for part, _ in parts]
    assert ends == [f"{forms.UID_OF['cine']}/frames/{n}/rendered" for n in (3, 1, 5)]


def test_all_frames_below_an_instance_and_a_series_come_as_parts(reader):
    assert greys_of(parts_of(reader.get(path_of("cine", "/rendered"), headers=MULTIPART))) == list(CINE_GREYS)
    series = f"/dicom-web/studies/{forms.STUDY}/series/{forms.MOVING}/rendered"
    assert len(parts_of(reader.get(series, headers=MULTIPART))) == 2 * len(CINE_GREYS)


def test_several_frames_do_not_fit_into_one_still_picture(reader):
    assert reader.get(path_of("cine", "/frames/1,3/rendered"), headers=PNG).status_code == 406


@pytest.mark.parametrize("frames", ["0", "-1", "1.5", "x", "1,,2", "1,x"])
def test_what_is_no_frame_number_is_a_fault_of_the_request(reader, frames):
    assert reader.get(path_of("cine", f"/frames/{frames}/rendered"), headers=PNG).status_code == 400


def test_a_frame_that_is_not_there_is_not_found(reader):
    assert reader.get(path_of("cine", "/frames/6/rendered"), headers=PNG).status_code == 404


@pytest.mark.parametrize(
    ("name", "below", "numbers", "times"),
    [
        ("cine", "/rendered", [1, 2, 3, 4, 5], [FRAME_TIME] * 5),
        ("cine", "/frames/2,4/rendered", [2, 4], [FRAME_TIME] * 2),
        ("uneven", "/rendered", [1, 2, 3, 4, 5], VECTOR[1:]),
    ],
)
def test_a_cine_moves_as_gif_with_all_its_frames_and_their_times(reader, name, below, numbers, times):
    answer = reader.get(path_of(name, below), headers={"Accept": "image/gif"})
    moving = Image.open(io.BytesIO(answer.content))
    frames = [
        (int(np.median(np.asarray(one.convert("L")))), one.info["duration"]) for one in ImageSequence.Iterator(moving)
    ]
    assert [grey for grey, _ in frames] == pytest.approx([CINE_GREYS[n - 1] for n in numbers], abs=2)
    assert [duration for _, duration in frames][: len(times)] == pytest.approx(times, abs=10)
    assert moving.info["loop"] == 0


def test_a_video_comes_as_it_is_stored_and_in_parts(reader, stream):
    whole = reader.get(path_of("video", "/rendered"), headers={"Accept": "video/mp4"})
    assert (whole.status_code, whole.headers["Content-Type"]) == (200, "video/mp4")
    assert whole.content[: len(stream)] == stream
    assert whole.headers["Accept-Ranges"] == "bytes"
    length, middle = len(whole.content), len(stream) // 4 * 2
    for asked, first, last in (
        ("bytes=0-99", 0, 99),
        (f"bytes={middle - 50}-{middle + 49}", middle - 50, middle + 49),
        ("bytes=-10", length - 10, length - 1),
        (f"bytes={length - 5}-", length - 5, length - 1),
    ):
        part = reader.get(path_of("video", "/rendered"), headers={"Accept": "video/mp4", "Range": asked})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{length}"
        assert part.content == whole.content[first : last + 1]
    beyond = reader.get(path_of("video", "/rendered"), headers={"Accept": "video/*", "Range": f"bytes={length}-"})
    assert beyond.status_code == 416


def test_a_video_of_another_kind_is_refused_with_its_own(reader):
    answer = reader.get(path_of("video", "/rendered"), headers={"Accept": "video/mpeg"})
    assert answer.status_code == 406
    assert "video/mp4" in answer.json()["detail"]
    assert reader.get(path_of("ct", "/rendered"), headers={"Accept": "video/mp4"}).status_code == 422


@pytest.mark.parametrize("number", [1, 9, 4, len(VIDEO_GREYS)])
def test_frames_of_a_video_are_pictures(reader, number):
    found = picture(reader.get(path_of("video", f"/frames/{number}/rendered"), headers=PNG))
    assert np.abs(found - VIDEO_GREYS[number - 1]).mean() < 4


FAULTS = [
    *[("window", one) for one in ("40", "40,0", "a,b", "40,400,cubic", "1,2,linear,3", "nan,1", "40,-5")],
    *[("viewport", one) for one in ("10", "0,10", "10,10,0,0", "x,y", "9999,10", "10,10,-1,0,5,5", "10,10,500,0,5,5")],
    *[("quality", one) for one in ("0", "101", "high", "-5", "1e2")],
    *[("iccprofile", one) for one in ("cmyk", "1")],
]


@pytest.mark.parametrize(("name", "value"), FAULTS)
def test_parameters_without_sense_are_faults_of_the_request(reader, name, value):
    answer = reader.get(path_of("ct", "/rendered"), params={name: value})
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("charset", "status"), [("utf-8", 200), ("UTF8", 200), ("*", 200), ("iso-8859-1", 406)])
def test_the_character_set_is_utf_8(reader, charset, status):
    assert reader.get(path_of("ct", "/rendered"), params={"charset": charset}).status_code == status


def test_unknown_annotations_are_left_out_and_known_ones_burned_in(reader):
    plain, unknown, patient = (
        picture(reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG))
        for asked in ({}, {"annotation": "phase-of-the-moon"}, {"annotation": "patient,phase-of-the-moon"})
    )
    assert np.array_equal(plain, unknown)
    assert not np.array_equal(plain, patient)


def test_a_presentation_state_shows_its_picture_as_it_was_seen(reader):
    window = {"window": ",".join(map(str, (forms.WINDOW[0] - 1024, forms.WINDOW[1])))}
    plain = picture(reader.get(path_of("ct", "/rendered"), params=window, headers=PNG))
    seen = picture(reader.get(path_of("state", "/rendered"), headers=PNG))
    assert np.array_equal(seen, np.rot90(plain, -1))
    both = parts_of(reader.get(path_of("state", "/rendered"), headers=MULTIPART))
    assert len(both) == 2, "it was made for two pictures"


def test_a_key_object_selection_shows_what_it_selects_in_its_order(reader):
    assert np.all(picture(reader.get(path_of("selection", "/rendered"), headers=PNG)) == CINE_GREYS[3])
    parts = parts_of(reader.get(path_of("selection", "/rendered"), headers=MULTIPART))
    assert [part["Content-Location"].split("/instances/")[1].split("/")[0] for part, _ in parts] == [
        forms.UID_OF["cine"],
        forms.UID_OF["ct"],
    ]


def kept_in(house, pattern):
    return {path for path in (house.directory / "decoded").rglob(pattern) if path.is_file()}


def appeared(house, pattern, before, seconds=15):
    """The files that were kept since, once there are any; none after that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := kept_in(house, pattern) - before:
            return found
        time.sleep(0.02)
    return set()


def kept_copy(house, body):
    """The file that holds the picture, once it is there; earlier requests' may still be on their way to the disk."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for path in kept_in(house, "*.picture"):
            if unsealed(path.read_bytes()) == body:
                return path
        time.sleep(0.02)
    raise AssertionError("The picture was not kept.")


def test_a_second_request_is_answered_from_the_kept_copy(house, reader):
    asked = {"window": "123,456"}
    first = reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG)
    kept = kept_copy(house, first.content)
    second = reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG)
    assert first.content == second.content
    original = kept.read_bytes()
    kept.write_bytes(sealed(b"kept"))
    assert reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG).content == b"kept"
    kept.write_bytes(original[:-20])
    assert reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG).content == first.content, "damage"


def test_a_picture_out_of_a_kept_frame_is_the_same(house, reader):
    """What was slow to decode is kept as values, which any window may be laid on."""
    reader.get(path_of("compressed", "/rendered"), params={"window": "11,222"}, headers=PNG)
    (kept,) = appeared(house, "*.jph", set())
    for asked in ({"window": "40,400"}, {"window": "-200,900,sigmoid"}, {"viewport": "50,50"}):
        plain, compressed = (
            picture(reader.get(path_of(name, "/rendered"), params=asked, headers=PNG)) for name in ("ct", "compressed")
        )
        # A small view takes fewer levels of the wavelet, whose means are not those of areas.
        assert np.abs(plain - compressed).mean() <= (8 if "viewport" in asked else 0)
        assert plain.std() > 10
    kept.write_bytes(sealed(imagecodecs.htj2k_encode(np.full((128, 128), 3000, np.int16), reversible=True)))
    assert np.all(picture(reader.get(path_of("compressed", "/rendered"), params={"window": "1,9"}, headers=PNG)) == 255)


def test_burned_in_words_are_never_kept(house, reader):
    """A plain picture that was asked for later is on the disk; those with words before it are not."""
    written_on = []
    for words in ("patient", "technique", "patient,technique"):
        asked = {"annotation": words, "window": "77,333"}
        written_on += [reader.get(path_of("ct", "/rendered"), params=asked, headers=PNG).content for _ in range(2)]
    kept_copy(house, reader.get(path_of("ct", "/rendered"), params={"window": "77,334"}, headers=PNG).content)
    kept = {unsealed(path.read_bytes()) for path in kept_in(house, "*") if path.suffix != ".part"}
    assert len(set(written_on)) == 3
    assert kept.isdisjoint(written_on)


@pytest.mark.parametrize("below", ["", "/frames/1"])
def test_thumbnails_show_nothing_but_the_picture(reader, below):
    small = reader.get(path_of("ct", f"{below}/thumbnail"), headers=PNG)
    asked = {"annotation": "patient,technique", "window": "1,2"}
    assert reader.get(path_of("ct", f"{below}/thumbnail"), params=asked, headers=PNG).content == small.content
    assert picture(small).shape == (128, 128)


@pytest.mark.parametrize(("asked", "has_profile"), [("no", False), ("yes", True), ("srgb", True), ("rommrgb", True)])
def test_profiles_are_embedded_as_asked(reader, asked, has_profile):
    answer = reader.get(path_of("video", "/frames/1/rendered"), params={"iccprofile": asked}, headers=PNG)
    assert ("icc_profile" in Image.open(io.BytesIO(answer.content)).info) == has_profile
