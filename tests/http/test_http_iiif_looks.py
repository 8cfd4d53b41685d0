"""Windows, states, oblong pixels and whole slides by the IIIF image service, and who may ask for them."""

import sqlite3

import numpy as np
import pytest
import requests
import zoomed
from zoomed import LEVELS, MISSING, SERIES, SLIDE_HEIGHT, SLIDE_WIDTH, STUDY, TILE

SLIDE = zoomed.placed(SLIDE_WIDTH, SLIDE_HEIGHT, next(iter(LEVELS)))
PATHS = ("/info.json", "/full/max/0/default.png")
SMALL_LEVELS = [(f, blue) for blue, f in LEVELS.items()]


def extent(reader, address):
    told = reader.get(f"{address}/info.json").json()
    return told["width"], told["height"]


def off(part, wanted):
    """By how much the part differs from what is wanted, at most."""
    assert part.shape == wanted.shape
    return np.abs(part.astype(int) - wanted).max()


def test_a_window_in_the_id_changes_the_picture(reader, service, pixels):
    stored = np.broadcast_to(np.arange(300.0), (200, 300))
    # PS3.3 C.11.2.1.2.1
    own, narrow = (((stored - (c - 0.5)) / (w - 1) + 0.5).clip(0, 1) * 255 for c, w in ((150, 300), (40, 40)))
    assert off(pixels("full/max/0/default.png", "grey"), own) <= 1
    assert off(pixels("full/max/0/default.png", "grey", look="-c40-w40"), narrow) <= 1
    assert off(pixels("20,10,100,50/max/0/default.png", "grey", look="-c40-w40"), narrow[10:60, 20:120]) <= 1
    assert reader.get(service("grey", 1, "-c40-w40") + "/info.json").json()["id"].endswith("-1-c40-w40")


def test_a_state_in_the_id_turns_the_picture_and_its_extent(reader, service, pixels):
    assert extent(reader, service("grey")) == (300, 200)
    assert extent(reader, service("grey", 1, "-p1")) == (200, 300)
    bright = pixels("full/max/0/default.png", "grey")
    # ImageRotation 90 is clockwise (PS3.3 C.10.6), and dark is bright.
    turned = np.rot90(255 - bright, -1)
    assert off(pixels("full/max/0/default.png", "grey", look="-p1"), turned) <= 1
    assert off(pixels("50,200,100,100/max/0/default.png", "grey", look="-p1"), turned[200:300, 50:150]) <= 1


def test_oblong_pixels_make_a_picture_of_the_right_shape(reader, service, pixels):
    assert extent(reader, service("oblong")) == (200, 300)
    stored = zoomed.placed(200, 150, 40)
    whole = pixels("full/max/0/default.png", "oblong")
    assert whole.shape[:2] == (300, 200)
    assert off(whole[..., 0], np.repeat(stored[..., 0], 2, axis=0)) <= 1
    assert off(whole[..., 1], np.repeat(stored[..., 1], 2, axis=0)) <= 2
    half = pixels("0,100,200,200/200,100/0/default.png", "oblong")
    assert off(half, stored[50:150]) == 0
    assert pixels("square/max/0/default.png", "oblong").shape[:2] == (200, 200)


@pytest.mark.parametrize("name", ["color", "oblong", "slide"])
def test_a_state_that_was_made_for_other_pictures_leads_nowhere(reader, service, name):
    for path in PATHS:
        assert reader.get(service(name, 1, "-p1") + path).status_code == 404


def test_a_region_thinner_than_an_oblong_pixel_is_a_picture_too(pixels):
    stored = zoomed.placed(200, 150, 40)
    for y in (0, 1, 2, 149, 298, 299):
        row = pixels(f"0,{y},200,1/max/0/default.png", "oblong")
        assert row.shape[:2] == (1, 200)
        assert np.abs(row[0, :, 1].astype(int) - y / 299 * 255).max() <= 2
        assert off(row[..., 0], stored[:1, :, 0]) == 0
    strips = [pixels(f"0,{y},200,75/max/0/default.png", "oblong") for y in range(0, 300, 75)]
    assert off(np.vstack(strips)[..., 1], np.repeat(stored[..., 1], 2, axis=0)) <= 2


@pytest.mark.parametrize("name", ["slide", "sparse", "jpeg"])
def test_a_slide_is_one_pyramid(reader, service, name):
    told = reader.get(service(name) + "/info.json").json()
    assert (told["width"], told["height"]) == (SLIDE_WIDTH, SLIDE_HEIGHT)
    assert told["tiles"][0]["scaleFactors"] == [1, 2, 4]
    beyond = reader.get(service(name, 4 if name == "slide" else 2) + "/info.json")
    assert beyond.status_code == 404


@pytest.mark.parametrize(
    "box",
    [
        (200, 200, 300, 300), (0, 0, 256, 256), (255, 255, 2, 2), (256, 512, 256, 256), (100, 600, 900, 500),
        (1279, 1023, 221, 77), (1499, 1099, 1, 1), (0, 0, 1500, 1100),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("name", "most"), [("slide", 0), ("sparse", 0), ("jpeg", 8)])
def test_regions_across_the_borders_of_tiles_are_exact(pixels, name, most, box):
    left, top, wide, high = box
    wanted = SLIDE.copy()
    if name == "sparse":
        row, column = MISSING[0] * TILE, MISSING[1] * TILE
        wanted[row : row + TILE, column : column + TILE] = 255
    part = pixels(f"{left},{top},{wide},{high}/max/0/default.png", name)
    assert off(part, wanted[top : top + high, left : left + wide]) <= most


@pytest.mark.parametrize(
    ("size", "factor"),
    [("max", 1), ("751,", 1), ("750,", 2), ("600,", 2), ("376,", 2), ("375,", 4), ("100,", 4), ("750,900", 1)],
)
@pytest.mark.parametrize("name", ["slide", "sparse", "jpeg"])
def test_the_smallest_level_that_suffices_is_taken(pixels, name, size, factor):
    # Right of and above the tile that is missing; the blue tells the level.
    whole = pixels(f"full/{size}/0/default.png", name)
    high, wide = whole.shape[:2]
    corner = whole[: high // 3, : wide // 3]
    assert np.abs(corner[..., 2].astype(int) - dict(SMALL_LEVELS)[factor]).max() <= (4 if name == "jpeg" else 0)
    across = np.linspace(0.5 / wide, 1 - 0.5 / wide, wide)[: wide // 3] * 255
    assert np.abs(corner[..., 0].mean(axis=0) - across).max() <= (5 if name == "jpeg" else 1.5)


@pytest.mark.parametrize("factor", [2, 4])
def test_a_region_of_a_smaller_level_is_exact(pixels, factor):
    level = zoomed.placed(SLIDE_WIDTH // factor, SLIDE_HEIGHT // factor, dict(SMALL_LEVELS)[factor])
    left, top, edge = 240, 160, 512
    part = pixels(f"{left},{top},{edge},{edge}/{edge // factor},/0/default.png", "slide")
    rows, columns = (slice(first // factor, (first + edge) // factor) for first in (top, left))
    assert off(part, level[rows, columns]) == 0


def test_a_slide_turns_and_loses_its_colours_like_any_picture(pixels):
    turned = pixels("200,200,300,100/max/!90/default.png", "slide")
    assert off(turned, np.rot90(SLIDE[200:300, 200:500][:, ::-1], -1)) == 0
    gray = pixels("200,200,300,100/max/0/gray.png", "slide")
    assert off(gray, np.rint(SLIDE[200:300, 200:500] @ np.array([0.299, 0.587, 0.114]))) <= 1


def test_overview_and_label_are_pictures_of_their_own(reader, service, pixels):
    assert extent(reader, service("slide", 2)) == (120, 60)
    assert extent(reader, service("slide", 3)) == (90, 60)
    assert off(pixels("full/max/0/default.png", "slide", 2), zoomed.placed(120, 60, 77)) == 0
    assert off(pixels("30,20,40,40/max/0/default.png", "slide", 3), zoomed.placed(90, 60, 77)[20:60, 30:70]) == 0


def opened(lightbox):
    with sqlite3.connect(f"file:{lightbox.directory / 'audit.sqlite3'}?mode=ro", uri=True) as log:
        return log.execute("select count(*) from audit_records").fetchone()[0]


def test_without_sign_in_or_an_opened_study_there_is_nothing(zoomed_house, service):
    for path in ("", *PATHS):
        assert requests.get(zoomed_house.url + service() + path, timeout=10).status_code == 401
        forged = {"Authorization": "Bearer x.y.z"}
        assert requests.get(zoomed_house.url + service() + path, headers=forged, timeout=10).status_code == 401
    colleague = zoomed_house.browser("bob")
    for path in PATHS:
        answer = colleague.get(service() + path)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-opened")


def test_the_first_request_of_a_token_opens_the_study_and_is_recorded_once(zoomed_house, service):
    script = zoomed_house.script("bob")
    before = opened(zoomed_house)
    for path in PATHS * 2:
        assert script.get(service("slide") + path).status_code == 200
    assert opened(zoomed_house) == before + 1


@pytest.mark.parametrize("name", ["charlie", "ada"])
def test_a_token_opens_no_more_than_its_owner_may(zoomed_house, service, name):
    script = zoomed_house.script(name)
    before = opened(zoomed_house)
    for path in PATHS:
        assert script.get(service() + path).status_code == 403
    assert opened(zoomed_house) == before + 2, "refusals are recorded too"


def test_a_guest_sees_the_shared_series_and_no_other(zoomed_house, reader, service):
    wish = {"study_instance_uid": STUDY, "series_instance_uids": [SERIES["color"]]}
    made = reader.post("/api/v1/shares", json=wish).json()
    guest = zoomed_house.browser(None)
    secret = {"secret": made["url"].split("#")[1]}
    assert guest.post(f"/api/v1/shares/{made['id']}/session", json=secret).status_code == 200
    assert guest.get(service() + "/info.json").status_code == 403
    assert guest.post(f"/api/v1/studies/{STUDY}/open", json={}).status_code == 200
    for path in PATHS:
        assert guest.get(service() + path).status_code == 200
        assert guest.get(service("slide") + path).status_code == 403
        assert guest.get(service("grey", 1, "-p1") + path).status_code == 403
    assert reader.delete(f"/api/v1/shares/{made['id']}").status_code == 204
    assert {guest.get(service() + path).status_code for path in PATHS} <= {401, 403}


def test_keys_of_another_study_do_not_open_this_one(reader, service):
    study, series, n = service().removeprefix("/iiif/3/").split("-")
    for path in PATHS:
        assert reader.get(f"/iiif/3/{series}-{study}-{n}{path}").status_code == 404
        assert reader.get(f"/iiif/3/{study}-{'0' * 32}-{n}{path}").status_code == 404
