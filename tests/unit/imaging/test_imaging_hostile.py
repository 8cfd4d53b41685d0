"""Hostile objects through the real sandbox: each ends as one clear refusal, soon, and neighbours are still served."""

import contextlib
import io
import time

import numpy as np
import pytest
from hostile_objects import compressed, corpus, frame_of, image, j2k_sized, written
from lightbox import PYDICOM_FILES
from PIL import Image
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless

from gateway.dicom.rendering import MediaType, Rendering
from gateway.errors import GatewayError, NotFound, Unreadable
from gateway.imaging.renderer import Opened, Renderer
from gateway.sandbox.sandbox import Sandbox

PNG = Rendering(MediaType.PNG)
OBJECTS = dict(corpus())


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), children=1, preload=("gateway.imaging.pipeline",))
    made = Renderer(sandbox)
    with (PYDICOM_FILES / "CT_small.dcm").open("rb") as file:
        made.render(Opened(file), 1, PNG)
    yield made
    sandbox.close()


def shown(renderer, whole, path, frame_number=1):
    path.write_bytes(whole)
    with path.open("rb") as file:
        return renderer.render(Opened(file), frame_number, PNG)[0]


def pixels(picture):
    return np.asarray(Image.open(io.BytesIO(picture.body)))


@pytest.mark.parametrize("name", OBJECTS)
def test_it_is_refused_soon_and_with_a_sentence(name, renderer, tmp_path):
    started = time.monotonic()
    last = 2**31 - 1 if "the last" in name else 1
    with pytest.raises(GatewayError) as refused:
        shown(renderer, OBJECTS[name], tmp_path / "hostile.dcm", last)
    assert time.monotonic() - started < 5
    assert isinstance(refused.value, Unreadable | NotFound), refused.value
    sentence = str(refused.value)
    assert 20 < len(sentence) < 200
    assert "Hostile" not in sentence
    assert str(tmp_path) not in sentence
    with (PYDICOM_FILES / "CT_small.dcm").open("rb") as file:
        assert pixels(renderer.render(Opened(file), 1, PNG)[0]).shape == (128, 128)


def test_the_corpus_is_hostile_in_more_than_25_ways_and_its_basis_is_sound(renderer, tmp_path):
    assert len(set(OBJECTS.values())) > 25
    assert pixels(shown(renderer, written(image()), tmp_path / "sound.dcm")).shape == (64, 64)


@pytest.mark.parametrize(
    "name", ["J2K SIZ of 16384 in a header of 512", "JPEG SOF of 65535", "JPEG-LS with other extent"]
)
def test_a_lie_about_the_extent_is_noticed_before_anything_is_decoded(name, renderer, tmp_path):
    with pytest.raises(Unreadable, match="has another size than the object says"):
        shown(renderer, OBJECTS[name], tmp_path / "liar.dcm")


def test_a_giant_of_few_bytes_is_bounded_in_time(renderer, tmp_path):
    """JPEG 2000 of 4 KB that honestly says 4,000 x 4,000: it may be shown or refused, but it may not hold the child."""
    giant = compressed(JPEG2000Lossless, j2k_sized(4000, 4000), Rows=4000, Columns=4000)
    started = time.monotonic()
    with contextlib.suppress(Unreadable):
        assert pixels(shown(renderer, giant, tmp_path / "giant.dcm")).shape == (4000, 4000)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("name", "syntax"),
    [("MR_small_jpeg_ls_lossless.dcm", JPEGLSLossless), ("MR_small_jp2klossless.dcm", JPEG2000Lossless)],
)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_what_is_missing_is_never_filled_with_another_picture(renderer, tmp_path, name, syntax, part):
    """One child serves one patient after another: its memory must not show through where bytes are missing."""
    frame = frame_of(name)
    damaged = compressed(syntax, frame[: int(len(frame) * part)], WindowCenter=2048, WindowWidth=4096)
    answers = []
    for value in (1111, 3333):
        other = image(PixelData=np.full(64 * 64, value, "<u2").tobytes(), WindowCenter=2048, WindowWidth=4096)
        for _ in range(4):
            shown(renderer, written(other), tmp_path / "other.dcm")
        try:
            answers.append(shown(renderer, damaged, tmp_path / "damaged.dcm").body)
        except Unreadable as refused:
            answers.append(str(refused).encode())
    assert answers[0] == answers[1]
