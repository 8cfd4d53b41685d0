"""Hostile objects through the real sandbox: each ends as one clear refusal, soon, and neighbours are still served."""

import contextlib
import io
import os
import time
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from hostile_corpus import refused
from hostile_corpus import shown as shown_anyway
from hostile_kinds import videos
from hostile_objects import compressed, frame_of, image, j2k_sized, written
from lightbox import PYDICOM_FILES
from PIL import Image
from pydicom.uid import HTJ2KLossless, JPEG2000Lossless, JPEGLSLossless

from gateway.dicom.rendering import MediaType, Rendering, Viewport
from gateway.errors import GatewayError, NotFound, Unreadable
from gateway.imaging.renderer import Opened, Renderer
from gateway.sandbox.sandbox import Sandbox, SandboxDied

PNG = Rendering(MediaType.PNG)
REFUSED, SHOWN = refused(), shown_anyway()
# What a child has at its start and 768 MB (Terms).
MOST_MEMORY = 1_100_000_000
SOUND = written(image())
Image.MAX_IMAGE_PIXELS = None  # a large picture is what is looked at here


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


def of_kind(renderer, hostile, path):
    """What comes of the object when it is asked for as what it claims to be."""
    path.write_bytes(hostile.whole)
    sound_path = path.with_name("sound.dcm")
    sound_path.write_bytes(SOUND)
    with path.open("rb") as file, sound_path.open("rb") as sound:
        if hostile.kind == "state":
            return renderer.render(Opened(sound, file), 1, PNG)[0]
        if hostile.kind == "slide":
            return renderer.slide(file, Rendering(MediaType.PNG, viewport=Viewport(128, 128)))
        if hostile.kind == "report":
            return renderer.sandbox.run("gateway.reporting.structured:read_report", {}, [file.fileno()])
        return renderer.render(Opened(file), hostile.frame_number, PNG)[0]


def children_of_this_process():
    """The decoding children of the template that this test run has started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    return [pid for pid, parent in parents.items() if parents.get(parent) == os.getpid()]


def most_resident_bytes():
    """The most memory that any child has had resident at once."""
    peaks = [0]
    for pid in children_of_this_process():
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{pid}/status").read_text()
            peaks += [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks)


def neighbour_is_served(renderer):
    with (PYDICOM_FILES / "CT_small.dcm").open("rb") as file:
        assert pixels(renderer.render(Opened(file), 1, PNG)[0]).shape == (128, 128)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_soon_and_with_a_sentence(name, renderer, tmp_path):
    started = time.monotonic()
    with pytest.raises(GatewayError) as refusal:
        of_kind(renderer, REFUSED[name], tmp_path / "hostile.dcm")
    assert time.monotonic() - started < 5
    assert isinstance(refusal.value, Unreadable | NotFound), refusal.value
    assert not isinstance(refusal.value, SandboxDied)
    sentence = str(refusal.value)
    assert 20 < len(sentence) < 200
    assert "Hostile" not in sentence
    assert str(tmp_path) not in sentence
    assert most_resident_bytes() < MOST_MEMORY
    neighbour_is_served(renderer)


@pytest.mark.parametrize("name", SHOWN)
def test_a_lie_beside_the_pixels_costs_no_picture(name, renderer, tmp_path):
    started = time.monotonic()
    picture = of_kind(renderer, SHOWN[name], tmp_path / "hostile.dcm")
    assert time.monotonic() - started < 5
    assert pixels(picture).shape[:2] == (picture.truth["height"], picture.truth["width"])
    assert most_resident_bytes() < MOST_MEMORY
    neighbour_is_served(renderer)


def test_the_corpus_is_hostile_in_many_ways_and_its_basis_is_sound(renderer, tmp_path):
    assert len({one.whole for one in [*REFUSED.values(), *SHOWN.values()]}) > 200
    assert pixels(shown(renderer, written(image()), tmp_path / "sound.dcm")).shape == (64, 64)


@pytest.mark.parametrize("name", [name for name in SHOWN if ("shutter" in name and "corners" in name) or "NaN" in name])
def test_what_cannot_be_understood_hides_nothing(name, renderer, tmp_path):
    """A round shutter of no radius would cover the whole picture."""
    if SHOWN[name].kind == "object":
        assert pixels(of_kind(renderer, SHOWN[name], tmp_path / "one.dcm")).std() > 10


def test_a_playlist_opens_no_file(renderer, tmp_path):
    """The file that it names has not been read: its time of access is as it was."""
    named = tmp_path / "named"
    named.write_text("a secret")
    os.utime(named, (1, 1))
    for whole in dict(videos(named)).values():
        with pytest.raises(Unreadable):
            shown(renderer, whole, tmp_path / "video.dcm")
    assert named.stat().st_atime == 1
    assert named.read_text()
    assert named.stat().st_atime != 1, "this file system does not tell when a file was read"


@pytest.mark.parametrize(
    "name", ["J2K SIZ of 16384 in a header of 512", "JPEG SOF of 65535", "JPEG-LS with other extent"]
)
def test_a_lie_about_the_extent_is_noticed_before_anything_is_decoded(name, renderer, tmp_path):
    with pytest.raises(Unreadable, match="has another size than the object says"):
        shown(renderer, REFUSED[name].whole, tmp_path / "liar.dcm")


def test_a_giant_of_few_bytes_is_bounded_in_time(renderer, tmp_path):
    """JPEG 2000 of 4 KB that honestly says 4,000 x 4,000: it may be shown or refused, but it may not hold the child."""
    giant = compressed(JPEG2000Lossless, j2k_sized(4000, 4000), Rows=4000, Columns=4000)
    started = time.monotonic()
    with contextlib.suppress(Unreadable):
        assert pixels(shown(renderer, giant, tmp_path / "giant.dcm")).shape == (4000, 4000)
    assert time.monotonic() - started < 5


def bent(frame, part):
    """The frame with one byte changed that far into it."""
    place = int(len(frame) * part)
    return frame[:place] + bytes([frame[place] ^ 0x55]) + frame[place + 1 :]


HIGH = bytes(imagecodecs.htj2k_encode(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64), reversible=True))
DAMAGED = {
    f"{name}: {how}": compressed(syntax, frame, WindowCenter=2048, WindowWidth=4096)
    for name, syntax, whole in (
        ("JPEG-LS", JPEGLSLossless, frame_of("MR_small_jpeg_ls_lossless.dcm")),
        ("J2K", JPEG2000Lossless, frame_of("MR_small_jp2klossless.dcm")),
        ("HTJ2K", HTJ2KLossless, HIGH),
    )
    for how, frame in (
        *((f"{part} of it", whole[: int(len(whole) * part)]) for part in (0.3, 0.6, 0.9)),
        *((f"garbage from {part}", whole[: int(len(whole) * part)] + b"\xa5" * 3000) for part in (0.4, 0.8)),
        *((f"a byte at {part}", bent(whole, part)) for part in (0.5, 0.7, 0.85, 0.95)),
    )
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_missing_is_never_filled_with_another_picture(renderer, tmp_path, name):
    """One child serves one patient after another: its memory must not show through where bytes are missing."""
    answers = []
    for value in (1111, 3333):
        other = image(PixelData=np.full(64 * 64, value, "<u2").tobytes(), WindowCenter=2048, WindowWidth=4096)
        for _ in range(4):
            shown(renderer, written(other), tmp_path / "other.dcm")
        try:
            answers.append(shown(renderer, DAMAGED[name], tmp_path / "damaged.dcm").body)
        except Unreadable as refused:
            answers.append(str(refused).encode())
    assert answers[0] == answers[1]
