"""The `window` and `viewport` parameters (PS3.18 8.3.5.1), rendition names and UIDs: read, or refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dicom.rendering import Fit, Viewport
from gateway.dicom.rendition import Rendition
from gateway.dicom.uid import is_uid, uid_from_url
from gateway.dicom.window import VoiLutFunction, Window
from gateway.errors import BadRequest, NotFound


@pytest.mark.parametrize(
    ("text", "center", "width", "function"),
    [
        ("40,400", 40, 400, VoiLutFunction.LINEAR),
        ("40,400,linear", 40, 400, VoiLutFunction.LINEAR),
        ("-600.5,1500,linear-exact", -600.5, 1500, VoiLutFunction.LINEAR_EXACT),
        ("1e2,.5,SIGMOID", 100, 0.5, VoiLutFunction.SIGMOID),
    ],
)
def test_windows_are_read(text, center, width, function):
    window = Window.from_parameter(text)
    assert (window.window_center, window.window_width, window.function) == (center, width, function)


@pytest.mark.parametrize(
    "text",
    ["", "40", "40,", ",400", "40,0", "40,0.5,linear", "40,-1,sigmoid", "nan,1", "inf,1", "1,2,3,4", "40,400,gamma"],
)
def test_windows_that_mean_nothing_are_refused(text):
    with pytest.raises(BadRequest):
        Window.from_parameter(text)


def test_viewports_are_read_with_their_source_region():
    assert Viewport.from_parameter("512,256") == Viewport(512, 256)
    assert Viewport.from_parameter("512,256,10,20,100,-50") == Viewport(512, 256, 10, 20, 100, -50)
    assert Viewport.from_parameter("512,256,,,,") == Viewport(512, 256)


@pytest.mark.parametrize(
    "text", ["", "512", "512,0", "0,512", "9000,1", "a,b", "1,2,3", "1,2,-1,0,5,5", "1,2,0,0,0,5", "nan,5"]
)
def test_viewports_that_mean_nothing_are_refused(text):
    with pytest.raises(BadRequest):
        Viewport.from_parameter(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text):
    for read in (Window.from_parameter, Viewport.from_parameter, Rendition.from_name, uid_from_url):
        with contextlib.suppress(BadRequest, NotFound):
            assert read(text) is not None


def test_renditions_never_enlarge():
    assert Rendition.from_name("v512").rendering().viewport == Viewport(512, 512, fit=Fit.SHRINK)
    assert Rendition.from_name("full").rendering().viewport is None


def test_renditions_carry_their_window():
    window = Rendition.from_name("v1024-c-600-w1500.5-sigmoid").window
    assert window == Window(-600, 1500.5, VoiLutFunction.SIGMOID)


@pytest.mark.parametrize(
    "name", ["", "v513", "../v512", "v512-c40", "v512-c40-w", "v512-c040-w4", "V512", "v512 ", "v512\n"]
)
def test_names_that_no_rendition_has_are_not_found(name):
    with pytest.raises(NotFound):
        Rendition.from_name(name)


@pytest.mark.parametrize("uid", ["", "a", "1.2/3", "1" * 65, "1.2\n", "..%2f", "１.2"])
def test_what_is_no_uid_is_not_found(uid):
    assert not is_uid(uid)
    with pytest.raises(NotFound):
        uid_from_url(uid)
