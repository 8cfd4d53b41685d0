"""Pictures in parts for any IIIF viewer: the tables of the IIIF Image API 3.0, on pictures that tell their places."""

import io

import numpy as np
import pytest
import requests
import zoomed
from PIL import Image
from zoomed import HEIGHT, WIDTH

CONTEXT = "http://iiif.io/api/image/3/context.json"
LD = f'application/ld+json;profile="{CONTEXT}"'
COLOR = zoomed.placed(WIDTH, HEIGHT)


def seen(part):
    """The left, top, right and bottom of what is seen, in fractions of the picture: red says across, green down."""
    red, green = part[..., 0].astype(float) / 255, part[..., 1].astype(float) / 255
    return red[:, 0].mean(), green[0].mean(), red[:, -1].mean(), green[-1].mean()


@pytest.mark.parametrize(
    ("region", "box"),
    [
        ("full", (0, 0, 600, 400)), ("square", (100, 0, 500, 400)), ("125,15,120,140", (125, 15, 245, 155)),
        ("0,0,1,1", (0, 0, 1, 1)), ("599,399,1,1", (599, 399, 600, 400)), ("500,300,200,200", (500, 300, 600, 400)),
        ("pct:25,50,50,25", (150, 200, 450, 300)), ("pct:12.5,7.5,20.25,10.75", (75, 30, 197, 73)),
        ("pct:90,90,20,20", (540, 360, 600, 400)),
    ],
)  # fmt: skip
def test_region(pixels, region, box):
    left, top, right, bottom = box
    part = pixels(f"{region}/max/0/default.png")
    assert part.shape[:2] == (bottom - top, right - left)
    assert np.abs(part.astype(int) - COLOR[top:bottom, left:right]).max() == 0


@pytest.mark.parametrize(
    ("size", "extent"),
    [
        ("max", (600, 400)), ("300,", (300, 200)), (",100", (150, 100)), ("pct:50", (300, 200)),
        ("pct:33.5", (201, 134)), ("225,100", (225, 100)), ("100,400", (100, 400)), ("!225,100", (150, 100)),
        ("!900,900", (600, 400)), ("600,400", (600, 400)), ("^900,", (900, 600)), ("^,800", (1200, 800)),
        ("^pct:120", (720, 480)), ("^360,720", (360, 720)), ("^!900,900", (900, 600)), ("^!90,90", (90, 60)),
        ("^300,", (300, 200)),
    ],
)  # fmt: skip
def test_size(pixels, size, extent):
    whole = pixels(f"full/{size}/0/default.png")
    assert whole.shape[1::-1] == extent
    assert seen(whole) == pytest.approx((0, 0, 1, 1), abs=0.012)
    middle = whole[extent[1] // 2, extent[0] // 2, :2] / 255
    assert middle == pytest.approx((0.5, 0.5), abs=0.015)


def test_as_large_as_allowed_means_the_limits_that_are_told(reader, service, pixels):
    told = reader.get(service() + "/info.json").json()
    for size in ("^max", "^!20000,20000"):
        high, wide = pixels(f"full/{size}/0/default.jpg").shape[:2]
        assert wide <= told["maxWidth"]
        assert high <= told["maxHeight"]
        assert 0.99 * told["maxArea"] < wide * high <= told["maxArea"]
        assert wide / high == pytest.approx(1.5, abs=0.001)


def test_size_is_of_the_region(pixels):
    part = pixels("150,100,300,200/150,/0/default.png")
    assert part.shape[:2] == (100, 150)
    assert seen(part) == pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.01)


@pytest.mark.parametrize(
    ("rotation", "turned"),
    [
        ("0", lambda whole: whole), ("90", lambda whole: np.rot90(whole, -1)),
        ("180", lambda whole: np.rot90(whole, 2)), ("270", lambda whole: np.rot90(whole, 1)),
        ("360", lambda whole: whole), ("!0", lambda whole: whole[:, ::-1]),
        ("!90", lambda whole: np.rot90(whole[:, ::-1], -1)), ("!180", lambda whole: np.rot90(whole[:, ::-1], 2)),
        ("!270", lambda whole: np.rot90(whole[:, ::-1], 1)),
    ],
)  # fmt: skip
def test_rotation_is_clockwise_after_mirroring(pixels, rotation, turned):
    assert np.array_equal(pixels(f"full/max/{rotation}/default.png"), turned(COLOR))
    part = pixels(f"120,40,200,100/max/{rotation}/default.png")
    assert np.array_equal(part, turned(COLOR[40:140, 120:320]))
    # The size is that before turning (4.6).
    assert pixels(f"full/300,100/{rotation}/default.png").shape[:2] == turned(np.zeros((100, 300))).shape


def test_quality(pixels):
    assert np.array_equal(pixels("full/max/0/default.png"), pixels("full/max/0/color.png"))
    gray = pixels("full/max/0/gray.png")
    assert gray.ndim == 2
    assert np.abs(gray - COLOR @ np.array([0.299, 0.587, 0.114])).max() <= 1
    assert pixels("full/max/0/gray.jpg").ndim == 2
    # Asked for colours it has not, a picture of greys is no error (4.4).
    assert pixels("full/max/0/color.png", "grey").shape == (200, 300)


@pytest.mark.parametrize(("format", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("gif", "GIF")])
def test_format(reader, service, format, kind):  # noqa: A002 - the specification's word
    answer = reader.get(f"{service()}/150,100,300,200/max/0/default.{format}")
    picture = Image.open(io.BytesIO(answer.content), formats=[kind])
    assert picture.size == (300, 200)
    assert seen(np.asarray(picture.convert("RGB"))) == pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.08)
    assert answer.headers["Content-Type"] == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("1,2,3/max/0/default.jpg", 400), ("some/max/0/default.jpg", 400), ("0,0,0,5/max/0/default.jpg", 400),
        ("600,0,5,5/max/0/default.jpg", 400), ("pct:100,0,5,5/max/0/default.jpg", 400),
        ("full/full/0/default.jpg", 400), ("full/601,/0/default.jpg", 400), ("full/pct:120/0/default.jpg", 400),
        ("full/0,/0/default.jpg", 400), ("full/!0,9/0/default.jpg", 400), ("full/^9000,/0/default.jpg", 400),
        ("full/max/361/default.jpg", 400),
        ("full/max/-90/default.jpg", 400), ("full/max/x/default.jpg", 400), ("full/max/0/grey.jpg", 400),
        ("full/max/0/default.xyz", 400), ("full/max/22.5/default.png", 501), ("full/max/0/bitonal.png", 501),
        ("full/max/0/default.tif", 501), ("full/max/0/default.jp2", 501), ("full/max/0/default.pdf", 501),
        ("full/max/0/default", 404), ("full/max/0", 404), ("full/max/0/1/default.jpg", 404), ("info.xml", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_with_a_sentence(reader, service, path, status):
    answer = reader.get(f"{service()}/{path}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 10


def test_ids(reader, service, pixels):
    assert reader.get(service().replace("-", "%2D") + "/full/max/0/default.png").status_code == 200
    assert reader.get(service() + "/full/%5E700%2C/0/default.png").status_code == 200
    wrong = ("", "random", service()[8:].replace("-", "%2F"), service()[8:].replace("-", "/"), "[frob]", "a%2Fb", "%00")
    for picture in (
        *wrong,
        service(n=2)[8:],
        service(n=0)[8:],
        service(look="-c40")[8:],
        service(look="-p9")[8:],
        "0" * 32,
    ):
        for path in ("info.json", "full/max/0/default.jpg"):
            assert reader.get(f"/iiif/3/{picture}/{path}").status_code == 404, picture


def test_information(zoomed_house, reader, service):
    told = reader.get(service() + "/info.json").json()
    assert next(iter(told)) == "@context"
    assert told.items() >= {
        "@context": CONTEXT, "id": zoomed_house.url + service(), "type": "ImageService3", "protocol": "http://iiif.io/api/image",
        "profile": "level2", "width": WIDTH, "height": HEIGHT, "maxWidth": 8192, "maxHeight": 8192,
    }.items()  # fmt: skip
    assert set(told["extraFormats"]) == {"webp", "gif"}
    assert set(told["extraFeatures"]) == {"mirroring", "sizeUpscaling", "profileLinkHeader"}
    assert set(told["extraQualities"]) == {"color", "gray"}
    assert {"width": WIDTH, "height": HEIGHT} in told["sizes"]


@pytest.mark.parametrize("name", ["color", "slide", "oblong"])
def test_every_size_and_every_tile_that_is_told_can_be_had(reader, service, pixels, name):
    told = reader.get(service(name) + "/info.json").json()
    for size in [(one["width"], one["height"]) for one in told["sizes"]]:
        assert pixels(f"full/{size[0]},{size[1]}/0/default.jpg", name).shape[1::-1] == size
    (tiles,) = told["tiles"]
    for factor in tiles["scaleFactors"]:
        edge = tiles["width"] * factor
        for left in range(0, told["width"], edge):
            for top in range(0, told["height"], edge):
                wide, high = min(edge, told["width"] - left), min(edge, told["height"] - top)
                size = (-(-wide // factor), -(-high // factor))
                part = pixels(f"{left},{top},{wide},{high}/{size[0]},{size[1]}/0/default.png", name)
                assert part.shape[1::-1] == size
                box = (left / told["width"], top / told["height"])
                assert seen(part)[:2] == pytest.approx(box, abs=0.02)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, LD), ("application/ld+json", LD), (f'application/ld+json;profile="{CONTEXT}"', LD),
        ("application/json;q=0.5, application/ld+json", LD), ("application/json", "application/json"),
        ("*/*", "application/json"), ("application/ld+json;q=0.5, application/json", "application/json"),
        ("application/ld+json;q=0, */*", "application/json"),
    ],
)  # fmt: skip
def test_information_is_json_ld_where_that_is_preferred(reader, service, accept, kind):
    answer = reader.get(service() + "/info.json", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == kind
    assert "Accept" in answer.headers["Vary"].replace(" ", "").split(",")
    assert answer.json()["@context"] == CONTEXT


def test_the_base_leads_to_the_information(zoomed_house, reader, service):
    answer = reader.get(service(), allow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{zoomed_house.url}{service()}/info.json"
    assert reader.get(service()).json()["id"] == zoomed_house.url + service()


def test_other_origins_may_ask_with_a_token_and_never_with_a_cookie(zoomed_house, reader, service):
    asks = {"Origin": "https://viewer.example", "Access-Control-Request-Method": "GET"}
    for path in (service(), service() + "/info.json", service() + "/full/max/0/default.jpg"):
        before = requests.options(
            zoomed_house.url + path, headers=asks | {"Access-Control-Request-Headers": "authorization"}, timeout=10
        )
        assert before.status_code == 200
        assert before.headers["Access-Control-Allow-Headers"].lower() == "authorization"
        for answer in (before, reader.get(path, headers={"Origin": asks["Origin"]}, allow_redirects=False)):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer.headers
    for refused in (
        reader.get(service() + "/x/max/0/default.jpg"),
        requests.get(zoomed_house.url + service(), timeout=10),
    ):
        assert refused.status_code in {400, 401}
        assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_the_profile_stands_in_a_header_and_head_is_answered(zoomed_house, reader, service):
    for path in ("/info.json", "/full/max/0/default.jpg"):
        answer = reader.session.head(zoomed_house.url + service() + path, timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Link"] == '<http://iiif.io/api/image/3/level2.json>;rel="profile"'
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.content
