"""Frames and bulk data: lists, forms, addresses out of metadata, pieces; and who gets none of it."""

import sqlite3
from contextlib import closing

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import generate_frames
from retrieval_forms import (
    DOCUMENT,
    EXPLICIT,
    HTJ2K,
    J2K,
    JPEG_LS,
    MP4,
    OTHER_SERIES,
    RLE,
    SERIES,
    STUDY,
    UID_OF,
    VIDEO,
    parts_of,
    path_of,
    samples,
)

OCTETS = ("application/octet-stream", EXPLICIT)


def test_the_client_reads_frames_and_they_are_the_pixels(client, original):
    frames = client.retrieve_instance_frames(STUDY, SERIES, UID_OF["rle"], [2, 1], media_types=(OCTETS,))
    expected = samples(original["rle"])
    assert [np.frombuffer(frame, np.uint8).reshape(100, 100, 3).tolist() for frame in frames] == [
        expected[1].tolist(),
        expected[0].tolist(),
    ]
    (frame,) = client.retrieve_instance_frames(
        STUDY, SERIES, UID_OF["jpeg-ls"], [1], media_types=(("image/jls", JPEG_LS),)
    )
    assert frame == next(generate_frames(original["jpeg-ls"].PixelData, number_of_frames=1))


@pytest.mark.parametrize(
    ("accept", "media_type", "syntax"),
    [
        ("", "application/octet-stream", EXPLICIT),
        ("*/*", "image/dicom-rle", RLE),
        ('multipart/related; type="image/*"', "image/dicom-rle", RLE),
        ('multipart/related; type="application/octet-stream"; transfer-syntax=*', "image/dicom-rle", RLE),
        ('multipart/related; type="image/jls"', "image/jls", JPEG_LS),
        ("image/jls", "image/jls", JPEG_LS),
        (f'multipart/related; type="image/jphc"; transfer-syntax={HTJ2K}', "image/jphc", HTJ2K),
        ('multipart/related; type="image/jp2"', "image/jp2", J2K),
        ('multipart/related; type="image/dicom-rle"', "image/dicom-rle", RLE),
        ("application/octet-stream", "application/octet-stream", EXPLICIT),
    ],
)
def test_a_frame_comes_in_the_accepted_form(caller, original, accept, media_type, syntax):
    # requests itself sends */* where nothing is said.
    answer = caller.get(path_of("rle", "/frames/2"), headers={"Accept": accept or None})
    assert answer.status_code == 200, answer.text
    if answer.headers["Content-Type"].startswith("multipart"):
        ((part, body),) = parts_of(answer)
        assert f'type="{media_type}"' in answer.headers["Content-Type"]
        headers = part
    else:
        headers, body = answer.headers, answer.content
    assert headers["Content-Type"] == f"{media_type}; transfer-syntax={syntax}"
    assert headers["Content-Location"].endswith(path_of("rle", "/frames/2"))
    decoders = {
        EXPLICIT: lambda frame: np.frombuffer(frame, np.uint8).reshape(100, 100, 3),
        JPEG_LS: imagecodecs.jpegls_decode,
        HTJ2K: imagecodecs.jpeg2k_decode,
        J2K: imagecodecs.jpeg2k_decode,
    }
    if syntax == RLE:
        assert body == list(generate_frames(original["rle"].PixelData, number_of_frames=2))[1]
    else:
        assert np.array_equal(decoders[syntax](body), samples(original["rle"])[1])


def test_a_big_endian_frame_comes_little_endian(caller, original):
    answer = caller.get(path_of("big-endian", "/frames/1"), headers={"Accept": "application/octet-stream"})
    stored = samples(original["big-endian"])
    assert np.array_equal(np.frombuffer(answer.content, "<i2").reshape(stored.shape), stored)


@pytest.mark.parametrize(
    ("frames", "status"),
    [("3", 404), ("1,3", 404), ("1,1", 400), ("0", 400), ("a", 400), ("1,", 400), ("-1", 400), ("²", 400)],
)
def test_lists_of_frames_are_read_strictly(caller, frames, status):
    answer = caller.get(path_of("rle", f"/frames/{frames}"))
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_thousand_frames_are_the_most_at_once(caller):
    answer = caller.get(path_of("rle", "/frames/" + ",".join("1" * 1001)))
    assert answer.status_code == 400
    assert "1000" in answer.json()["detail"]


def test_what_has_no_frames_says_so(caller):
    assert caller.get(path_of("document", "/frames/1")).status_code == 404
    assert caller.get(path_of("video", "/frames/1")).status_code == 406


def bulk_address(forms, caller, name, *path) -> str:
    """The address that metadata give, below the gateway's own."""
    found = caller.get(path_of(name, "/metadata")).json()[0]
    for step in path[:-1]:
        found = found[step]["Value"] if isinstance(step, str) else found[step]
    address = found[path[-1]]["BulkDataURI"]
    assert "InlineBinary" not in found[path[-1]]
    assert address.startswith(forms.url + "/dicom-web/")
    return address.removeprefix(forms.url)


def test_metadata_say_where_bulk_data_are(forms, caller, client, original):
    address = bulk_address(forms, caller, "explicit", "7FE00010")
    assert address == path_of("explicit", "/bulkdata/7FE00010")
    assert caller.get(address).content == original["explicit"].PixelData
    assert client.retrieve_bulkdata(forms.url + address) == [original["explicit"].PixelData]
    nested = bulk_address(forms, caller, "palette", "00540220", 1, "00480120", 0, "00281201")
    assert nested.endswith("/bulkdata/00540220/1/00480120/0/00281201")
    assert caller.get(nested).content == bytes(range(256)) * 8


def test_a_value_comes_in_pieces(forms, caller, original):
    address = bulk_address(forms, caller, "explicit", "7FE00010")
    whole = original["explicit"].PixelData
    piece = caller.get(address, headers={"Range": "bytes=1001-2000"})
    assert piece.status_code == 206
    assert piece.content == whole[1001:2001]
    assert piece.headers["Content-Range"] == f"bytes 1001-2000/{len(whole)}"
    assert caller.get(address, headers={"Range": "bytes=-10"}).content == whole[-10:]
    assert caller.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert caller.get(address, headers={"Range": "bytes=0-1,4-5"}).content == whole


def test_bulk_data_of_big_endian_pixels_are_little_endian(caller, original):
    answer = caller.get(path_of("big-endian", "/bulkdata/7FE00010"), headers={"Range": "bytes=3-10"})
    assert answer.content == samples(original["big-endian"]).astype("<i2").tobytes()[3:11]


def test_compressed_bulk_data_come_a_part_for_each_frame(caller, original):
    frames = list(generate_frames(original["rle"].PixelData, number_of_frames=2))
    answer = caller.get(path_of("rle", "/bulkdata/7FE00010"))
    assert [body for _, body in parts_of(answer)] == frames
    assert {part["Content-Type"] for part, _ in parts_of(answer)} == {f"image/dicom-rle; transfer-syntax={RLE}"}
    plain = caller.get(path_of("rle", "/bulkdata/7FE00010"), headers={"Accept": "application/octet-stream"})
    assert plain.content == samples(original["rle"]).tobytes()


def test_a_video_comes_as_the_stream_that_it_is(caller):
    answer = caller.get(path_of("video", "/bulkdata/7FE00010"), headers={"Accept": "video/mp4"})
    assert answer.headers["Content-Type"] == f"video/mp4; transfer-syntax={MP4}"
    assert answer.content == VIDEO


def test_a_document_comes_as_what_it_is(forms, caller):
    address = bulk_address(forms, caller, "document", "00420011")
    answer = caller.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content == DOCUMENT
    ((part, body),) = parts_of(caller.get(address, headers={"Accept": 'multipart/related; type="application/pdf"'}))
    assert part["Content-Type"] == "application/pdf"
    assert body == DOCUMENT


@pytest.mark.parametrize(
    "path",
    ["00100010", "00420011/0/00281201", "7fe00010", "7FE00010/", "../7FE00010", "00540220/9/00281201", "00540220", "x"],
)
def test_what_is_no_bulk_data_is_not_found(caller, path):
    answer = caller.get(path_of("palette", f"/bulkdata/{path}"))
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


EVERY_KIND = ["", "/frames/1", "/bulkdata/7FE00010"]


@pytest.mark.parametrize("below", EVERY_KIND)
def test_who_has_not_opened_the_study_gets_nothing(forms, below):
    assert forms.browser(None).get(path_of("explicit", below)).status_code == 401
    for name in ("bob", "ada"):
        refused = forms.browser(name).get(path_of("explicit", below))
        assert refused.status_code == 403
        assert refused.headers["Content-Type"] == "application/problem+json"
    # Not referred by Charlie: his script's request is an opening, and policy refuses it.
    assert forms.script("charlie").get(path_of("explicit", below)).status_code == 403


@pytest.mark.parametrize("below", EVERY_KIND)
def test_a_guest_looks_and_takes_no_files(forms, below):
    browser = forms.browser("alice")
    browser.post(f"/api/v1/studies/{STUDY}/open", json={})
    assert browser.get(path_of("explicit", below)).status_code == 200
    wishes = {"study_instance_uid": STUDY, "series_instance_uids": [OTHER_SERIES]}
    made = browser.post("/api/v1/shares", json=wishes).json()
    guest = forms.browser(None)
    secret = {"secret": made["url"].split("#")[1]}
    assert guest.post(f"/api/v1/shares/{made['id']}/session", json=secret).status_code == 200
    assert guest.post(f"/api/v1/studies/{STUDY}/open", json={}).status_code == 200
    for name in ("explicit", "palette"):
        refused = guest.get(path_of(name, below))
        assert refused.status_code == 403
        assert UID_OF[name] not in refused.text


def test_a_study_that_is_retrieved_in_many_requests_is_recorded_once(forms):
    def recorded() -> int:
        with closing(sqlite3.connect(f"file:{forms.directory / 'audit.sqlite3'}?mode=ro", uri=True)) as log:
            return log.execute("select count(*) from audit_records").fetchone()[0]

    script = forms.script("bob")
    before = recorded()
    for below in EVERY_KIND * 2:
        assert script.get(path_of("explicit", below)).status_code == 200
    assert recorded() == before + 1


def test_an_object_in_another_series_is_not_found(caller):
    wrong = f"/dicom-web/studies/{STUDY}/series/{SERIES}/instances/{UID_OF['palette']}"
    for below in EVERY_KIND:
        assert caller.get(wrong + below).status_code == 404
