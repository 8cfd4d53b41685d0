"""What a standard DICOMweb client sees."""

import io

import pydicom
import pytest
from lightbox import PYDICOM_FILES
from PIL import Image

CT = "CT_small.dcm"


def address(ct, level="instance"):
    study, series, instance = ct
    paths = {
        "study": f"/dicom-web/studies/{study}",
        "series": f"/dicom-web/studies/{study}/series/{series}",
        "instance": f"/dicom-web/studies/{study}/series/{series}/instances/{instance}",
        "frame": f"/dicom-web/studies/{study}/series/{series}/instances/{instance}/frames/1",
    }
    return paths[level]


def test_without_a_token_nothing_is_told(lightbox, ct):
    stranger = lightbox.browser(None)
    for path in (
        "/dicom-web/studies",
        address(ct) + "/rendered",
        address(ct) + "/thumbnail",
        address(ct) + "/metadata",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "/problems/not-signed-in"


def test_search_for_studies_finds_all_and_by_patient(script, ct):
    found = script.get("/dicom-web/studies", headers={"Accept": "application/dicom+json"})
    assert found.status_code == 200
    assert found.headers["Content-Type"] == "application/dicom+json"
    assert ct[0] in {study["0020000D"]["Value"][0] for study in found.json()}
    one = script.get("/dicom-web/studies", params={"PatientID": "1CT1"}).json()
    assert [study["00100020"]["Value"] for study in one] == [["1CT1"]]
    assert one[0]["00100010"]["Value"][0]["Alphabetic"] == "CompressedSamples^CT1"
    assert one[0]["00081190"]["Value"][0].endswith(f"/dicom-web/studies/{ct[0]}")


def test_search_pages_through_with_limit_and_offset(script):
    everything = [s["0020000D"]["Value"][0] for s in script.get("/dicom-web/studies").json()]
    paged = []
    for offset in range(len(everything)):
        page = script.get("/dicom-web/studies", params={"limit": 1, "offset": offset}).json()
        paged += [s["0020000D"]["Value"][0] for s in page]
    assert paged == everything
    assert len(set(everything)) == len(everything) >= 5


def test_search_for_series_and_instances(script, ct):
    series = script.get(address(ct, "study") + "/series").json()
    assert series[0]["0020000E"]["Value"] == [ct[1]]
    assert series[0]["00080060"]["Value"] == ["CT"]
    instances = script.get(address(ct, "series") + "/instances").json()
    assert instances[0]["00080018"]["Value"] == [ct[2]]
    assert instances[0]["00280010"]["Value"] == [128]


def test_metadata_is_the_whole_header_without_pixels(script, ct):
    for level in ("study", "series", "instance"):
        answer = script.get(address(ct, level) + "/metadata")
        assert answer.status_code == 200
        header = answer.json()[0]
        original = pydicom.dcmread(PYDICOM_FILES / CT)
        assert header["00280030"]["Value"] == [float(v) for v in original.PixelSpacing]
        assert header["00181120"]["Value"] == [float(original.GantryDetectorTilt)]
        assert "Value" not in header.get("7FE00010", {})
        assert "InlineBinary" not in header.get("7FE00010", {})


@pytest.mark.parametrize("level", ["study", "series", "instance", "frame"])
def test_rendered_and_thumbnail_at_every_level(script, ct, level):
    rendered = script.get(address(ct, level) + "/rendered")
    assert rendered.status_code == 200
    assert rendered.headers["Content-Type"] == "image/jpeg"
    assert rendered.headers["Cache-Control"] == "no-store"
    picture = Image.open(io.BytesIO(rendered.content), formats=["JPEG"])
    assert picture.size == (128, 128)
    # Baseline: standard clients fetch one picture over a good line, and it is made in a fifth of the time.
    assert "progressive" not in picture.info
    thumbnail = script.get(address(ct, level) + "/thumbnail", params={"viewport": "32,32"})
    assert Image.open(io.BytesIO(thumbnail.content), formats=["JPEG"]).size == (32, 32)


def test_window_viewport_and_quality_do_what_they_say(script, ct):
    path = address(ct) + "/rendered"
    png = {"Accept": "image/png"}
    pixels = pydicom.dcmread(PYDICOM_FILES / CT).pixel_array.astype(float) - 1024
    picture = Image.open(io.BytesIO(script.get(path, params={"window": "40,400,linear"}, headers=png).content))
    # PS3.3 C.11.2.1.2.1 with center 40, width 400
    expected = ((pixels - 39.5) / 399 + 0.5).clip(0, 1) * 255
    shown = picture.convert("L").get_flattened_data() if hasattr(picture, "get_flattened_data") else picture.getdata()
    worst = max(abs(got - want) for got, want in zip(shown, expected.flatten(), strict=True))
    assert worst <= 1
    region = script.get(path, params={"viewport": "64,64,32,32,64,64"}, headers=png)
    assert Image.open(io.BytesIO(region.content)).size == (64, 64)
    small, large = (len(script.get(path, params={"quality": quality}).content) for quality in ("10", "95"))
    assert small < large


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("window=abc", 400), ("window=40", 400), ("window=40,0,linear", 400), ("window=40,400,cubic", 400),
        ("viewport=0,0", 400), ("viewport=10", 400), ("viewport=a,b", 400), ("quality=0", 400), ("quality=x", 400),
        ("quality=101", 400), ("accept=application/pdf", 406),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(script, ct, query, status):
    answer = script.get(f"{address(ct)}/rendered?{query}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 20


@pytest.mark.parametrize(
    "path",
    [
        "/dicom-web/studies/1.2.3.4/rendered",
        "/dicom-web/studies/not-a-uid/rendered",
        "/dicom-web/studies/1.2.3.4/metadata",
        "/dicom-web/studies/{0}/series/1.2.3/rendered",
        "/dicom-web/studies/{0}/series/{1}/instances/1.2.3/rendered",
        "/dicom-web/studies/{0}/series/{1}/instances/{2}/frames/2/rendered",
    ],
)
def test_wrong_addresses_are_not_found(script, ct, path):
    answer = script.get(path.format(*ct))
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_report_has_no_picture_and_says_so(script, sr):
    answer = script.get(address(sr) + "/rendered")
    assert answer.status_code == 422
    assert "picture" in answer.json()["detail"]


def test_several_pictures_come_as_parts(script, ct):
    answer = script.get(address(ct, "study") + "/rendered", headers={"Accept": 'multipart/related; type="image/jpeg"'})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("multipart/related")
    assert answer.content.count(b"Content-Type: image/jpeg") == 1
    assert b"\xff\xd8\xff" in answer.content


def test_unknown_search_keys_are_refused_rather_than_ignored(script):
    assert script.get("/dicom-web/studies", params={"Shoe": "42"}).status_code == 400
    assert script.get("/dicom-web/studies", params={"limit": "-1"}).status_code == 400
