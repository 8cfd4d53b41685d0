"""The path of an image request, row by row of the IIIF Image API 3.0 (chapter 4): what is asked of which picture."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dicom.rendering import MediaType
from gateway.errors import BadRequest
from gateway.web.iiif_request import MAX_AREA, MAX_EDGE, ImageRequest, NotSupported

# The specification's own examples are of a picture of 300 x 200.
WIDTH, HEIGHT = 300, 200


def asked(region="full", size="max", rotation="0", quality="default", format="jpg", extent=(WIDTH, HEIGHT)):  # noqa: A002
    return ImageRequest(region, size, rotation, quality, format).rendering(*extent)


def region_of(text):
    viewport = asked(region=text).viewport
    return viewport.x, viewport.y, viewport.region_width, viewport.region_height


def size_of(text, extent=(WIDTH, HEIGHT), region="full"):
    viewport = asked(region=region, size=text, extent=extent).viewport
    return viewport.width, viewport.height


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("full", (0, 0, 300, 200)),
        ("square", (50, 0, 200, 200)),
        ("125,15,120,140", (125, 15, 120, 140)),
        ("pct:41.6,7.5,40,70", (125, 15, 120, 140)),
        ("125,15,200,200", (125, 15, 175, 185)),
        ("pct:41.6,7.5,66.6,100", (125, 15, 175, 185)),
        ("0,0,300,200", (0, 0, 300, 200)),
        ("299,199,1,1", (299, 199, 1, 1)),
        ("pct:.5,0.5,99.5,99.50", (2, 1, 298, 199)),
    ],
)
def test_region(text, region):
    assert region_of(text) == region


@pytest.mark.parametrize(
    "text",
    [
        "", "Full", "rect", "1,2,3", "1,2,3,4,5", "-1,0,10,10", "0,-1,10,10", "0,0,10.5,10", "a,b,c,d", "0,0,1e2,10",
        "+1,0,10,10", "0,0, 10,10", "pct:0,0,50", "pct:0,0,-50,50", "pct:+1,0,10,10", "pct:0,0,1e1,10", "pct:",
        "pct:nan,0,10,10", "pct:0,0,inf,10", "percent:0,0,10,10", "0,0,٣,٣",
        "0,0,0,10", "0,0,10,0", "pct:0,0,0,10", "pct:0,0,10,0", "300,0,10,10", "0,200,10,10", "pct:100,0,10,10",
        "0,0,9999999999,1",
    ],
)  # fmt: skip
def test_region_that_is_no_region_is_empty_or_outside(text):
    with pytest.raises(BadRequest):
        asked(region=text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("max", (300, 200)), ("150,", (150, 100)), (",150", (225, 150)), ("pct:50", (150, 100)),
        ("225,100", (225, 100)), ("!225,100", (150, 100)), ("!9000,9000", (300, 200)), ("300,200", (300, 200)),
        ("pct:100", (300, 200)), ("1,", (1, 1)), ("pct:33.3", (100, 67)),
        ("^360,", (360, 240)), ("^,240", (360, 240)), ("^pct:120", (360, 240)), ("^360,360", (360, 360)),
        ("^!360,360", (360, 240)), ("^150,", (150, 100)), ("^!225,100", (150, 100)), ("^225,100", (225, 100)),
    ],
)  # fmt: skip
def test_size(text, size):
    assert size_of(text) == size


def test_size_is_that_of_the_region():
    assert size_of("max", region="125,15,120,140") == (120, 140)
    assert size_of("pct:50", region="square") == (100, 100)
    with pytest.raises(BadRequest):
        size_of("121,", region="125,15,120,140")


@pytest.mark.parametrize(
    "text",
    [
        "", "full", "Max", ",", "!,", "!150,", "!,150", "150", "150,100,50", "15.5,", "-150,", "a,b", "^", "^^max",
        "max^", "!^360,360", ",^240", "pct:", "pct:a", "pct:-10", "pct:+10", "pct:1e1", "pct:10,10", "!pct:10", "!max",
        "301,", ",201", "pct:101", "301,200", "300,201",
        "0,", ",0", "0,0", "!0,100", "!100,0", "^0,", "^!0,100", "pct:0", "pct:0.1", "^8193,1", "^1,8193", "^5000,5000",
        "^pct:3000",
    ],
)  # fmt: skip
def test_size_that_is_no_size_too_small_or_too_large(text):
    with pytest.raises(BadRequest):
        size_of(text)


@pytest.mark.parametrize("text", ["max", "!20000,20000", "^!20000,20000", "^max"])
@pytest.mark.parametrize("extent", [(10_000, 10_000), (20_001, 100), (100, 20_001), (9001, 7), (4097, 4095)])
def test_as_large_as_our_own_limits_allow(text, extent):
    wide, high = size_of(text, extent)
    assert wide * high <= MAX_AREA
    assert max(wide, high) <= MAX_EDGE
    assert max(wide, high) == MAX_EDGE or wide * high > 0.998 * MAX_AREA
    assert wide / high == pytest.approx(extent[0] / extent[1], rel=0.08)


@given(st.integers(1, 200_000), st.integers(1, 200_000), st.sampled_from(["max", "^max", "!512,512", "^!9999,9999"]))
def test_what_is_fitted_is_always_a_picture_within_the_limits(width, height, text):
    wide, high = size_of(text, (width, height))
    assert 1 <= wide <= MAX_EDGE
    assert 1 <= high <= MAX_EDGE
    assert wide * high <= MAX_AREA
    assert text.startswith("^") or (wide <= width and high <= height)


@pytest.mark.parametrize(
    ("text", "mirror", "turns"),
    [
        ("0", False, 0), ("90", False, 1), ("180", False, 2), ("270", False, 3), ("360", False, 0), ("!0", True, 0),
        ("!90", True, 1), ("!180", True, 2), ("!270", True, 3), ("90.0", False, 1),
    ],
)  # fmt: skip
def test_rotation(text, mirror, turns):
    rendering = asked(rotation=text)
    assert (rendering.mirror, rendering.turns) == (mirror, turns)


@pytest.mark.parametrize("text", ["", "-90", "+90", "361", "360.5", "450", "90!", "!", "!!90", "ninety", "9e1", "nan"])
def test_rotation_that_is_none(text):
    with pytest.raises(BadRequest):
        asked(rotation=text)


@pytest.mark.parametrize(("text", "gray"), [("default", False), ("color", False), ("gray", True)])
def test_quality(text, gray):
    assert asked(quality=text).gray is gray


@pytest.mark.parametrize(("text", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("gif", "GIF")])
def test_format(text, kind):
    assert asked(format=text).media_type is MediaType[kind]


@pytest.mark.parametrize(
    "part", [{"quality": "grey"}, {"quality": "native"}, {"quality": ""}, {"format": "jpeg"}, {"format": "xyz"}]
)
def test_quality_and_format_that_nobody_knows(part):
    with pytest.raises(BadRequest):
        asked(**part)


@pytest.mark.parametrize(
    "part",
    [
        {"rotation": "22.5"},
        {"rotation": "!45"},
        {"quality": "bitonal"},
        *({"format": f} for f in ("tif", "jp2", "pdf")),
    ],
)
def test_what_the_specification_has_and_we_do_not(part):
    with pytest.raises(NotSupported) as refused:
        asked(**part)
    assert refused.value.status == 501


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20), st.text(max_size=10), st.text(max_size=6))
def test_nothing_that_is_asked_fails_in_another_way(region, size, rotation, quality, format):  # noqa: A002
    with contextlib.suppress(BadRequest, NotSupported):
        asked(region, size, rotation, quality, format)
