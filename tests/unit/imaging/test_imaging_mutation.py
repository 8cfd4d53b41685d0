"""Real files of every transfer syntax with bytes changed, put in, left out or cut off, through the real sandbox.

Whatever comes of it is a picture or one clear refusal, soon. SOAK_EXAMPLES says how many files are tried (make soak).
"""

import os
import time

import imagecodecs
import numpy as np
import pytest
from hostile_objects import DEFLATED_FRAMES, JPEG_XL, bomb, compressed
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lightbox import PYDICOM_FILES
from pydicom.uid import HTJ2KLossless

from gateway.dicom.rendering import MediaType, Rendering, Viewport
from gateway.errors import Unreadable
from gateway.imaging.renderer import Opened, Renderer
from gateway.sandbox.sandbox import Sandbox, SandboxDied

SOAK = int(os.environ.get("SOAK_EXAMPLES") or 0)
RENDERINGS = (Rendering(MediaType.PNG), Rendering(MediaType.JPEG, viewport=Viewport(48, 48)))
GREYS = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
SMALL = [path for path in sorted(PYDICOM_FILES.glob("*.dcm")) if path.stat().st_size < 200_000]
FILES = {path.name: path.read_bytes() for path in SMALL} | {
    "HTJ2K": compressed(HTJ2KLossless, bytes(imagecodecs.htj2k_encode(GREYS, reversible=True))),
    "JPEG XL": compressed(JPEG_XL, imagecodecs.jpegxl_encode(GREYS, lossless=True)),
    "deflated frame": compressed(DEFLATED_FRAMES, bomb(1 << 20)),
}
PLACES = st.one_of(st.integers(0, 2_000), st.floats(0, 1, exclude_max=True))
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), PLACES, st.integers(1, 255)),
        st.tuples(st.just("put in"), PLACES, st.binary(min_size=1, max_size=20)),
        st.tuples(st.just("write over"), PLACES, st.sampled_from([b"\xff" * 4, bytes(4), b"\xff\x7f", b"\xff\xd9"])),
        st.tuples(st.just("leave out"), PLACES, st.integers(1, 300)),
        st.tuples(st.just("cut"), PLACES, st.none()),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), children=1, preload=("gateway.imaging.pipeline",))
    yield Renderer(sandbox)
    sandbox.close()


def changed(whole, changes):
    """The bytes after each of the changes; a place is a distance from the start or a part of the whole."""
    for kind, where, what in changes:
        place = min(where if isinstance(where, int) else int(where * len(whole)), max(0, len(whole) - 1))
        before, after = whole[:place], whole[place:]
        if kind == "flip":
            whole = before + bytes([after[0] ^ what]) + after[1:] if after else before
        elif kind == "put in":
            whole = before + what + after
        elif kind == "write over":
            whole = before + what + after[len(what) :]
        else:
            whole = before + (after[what:] if what else b"")
    return whole


@settings(
    max_examples=SOAK or 600,
    deadline=None,
    derandomize=not SOAK,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(name=st.sampled_from(sorted(FILES)), changes=CHANGES, rendering=st.sampled_from(RENDERINGS))
@example(name="CT_small.dcm", changes=[("cut", 0, None)], rendering=RENDERINGS[0])
def test_a_damaged_file_is_a_picture_or_a_refusal_and_soon(renderer, tmp_path_factory, name, changes, rendering):
    path = tmp_path_factory.getbasetemp() / "damaged.dcm"
    path.write_bytes(changed(FILES[name], changes))
    started = time.monotonic()
    refusal = None
    with path.open("rb") as file:
        try:
            assert renderer.render(Opened(file), 1, rendering)[0].body
        except Unreadable as error:
            refusal = error
    assert not isinstance(refusal, SandboxDied)
    assert time.monotonic() - started < 5
