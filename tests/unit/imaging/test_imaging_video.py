"""Frames of stored videos, made by ffmpeg: the n-th is the n-th that is shown, whatever was asked for before."""

import subprocess

import numpy as np
import pytest
from hostile_objects import image
from pydicom.encaps import encapsulate
from rendered_pictures import of_files, open_files, pixels
from syntax_objects import described, form, whole_file

from gateway.dicom.rendering import MediaType, Rendering, Viewport
from gateway.errors import NotFound, Unreadable
from gateway.imaging.moving import animate
from gateway.imaging.video import video_facts

ROWS, COLUMNS, FRAMES, RATE = 96, 128, 24, 12
# Transfer syntax, media type, and how ffmpeg is told: with frames that lean on later ones, and few whole ones.
FORMS = {
    "MPEG-2 program stream": (form(100), "video/mpeg", ["-c:v", "mpeg2video", "-bf", "2", "-g", "12", "-f", "vob"]),
    "MPEG-2 elementary stream": (form(101), "video/mpeg", ["-c:v", "mpeg2video", "-bf", "2", "-f", "mpeg2video"]),
    "H.264 in MP4": (form(102), "video/mp4", ["-c:v", "libx264", "-bf", "3", "-g", "20", "-f", "mp4"]),
    "H.264 in a transport stream": (form(103), "video/mp2t", ["-c:v", "libx264", "-bf", "2", "-f", "mpegts"]),
    "H.265 in MP4": (form(107), "video/mp4", ["-c:v", "libx265", "-x265-params", "log-level=none", "-f", "mp4"]),
}


def drawn(number):
    """Frame `number`, from 1: a grey of its own, a bar that moves, and a red, a green and a blue corner."""
    picture = np.full((ROWS, COLUMNS, 3), 30 + 8 * number, np.uint8)
    picture[32:64, 5 * number - 4 : 5 * number + 4] = 250
    for channel, (row, column) in enumerate([(0, 0), (0, COLUMNS - 24), (ROWS - 24, 0)]):
        picture[row : row + 24, column : column + 24] = np.eye(3, dtype=np.uint8)[channel] * 200 + 20
    return picture


def stream(name, folder):
    """The stream as bytes."""
    raw = b"".join(drawn(number).tobytes() for number in range(1, FRAMES + 1))
    target = folder / "it"
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{COLUMNS}x{ROWS}", "-r", str(RATE), "-i", "-"]
    # MPEG-2 knows no 12 frames a second: each is there twice.
    rate = ["-r", "24"] if "mpeg2video" in FORMS[name][2] else []
    command = ["ffmpeg", "-v", "error", "-y", *source, *rate, "-pix_fmt", "yuv420p", "-qscale:v", "2", *FORMS[name][2]]
    subprocess.run([*command, str(target)], input=raw, check=True, capture_output=True, timeout=120)
    return target.read_bytes()


def video(body, syntax, *, pieces=1, frames=FRAMES, **changes):
    """The stream as a DICOM object, in as many fragments."""
    step = -(-len(body) // pieces) + 1 & ~1
    fragments = [body[start : start + step] for start in range(0, len(body), step)]
    facts = described(np.zeros((ROWS, COLUMNS, 3), np.uint8), PhotometricInterpretation="YBR_PARTIAL_420")
    data = encapsulate(fragments, has_bot=False)
    return whole_file(image(syntax, PixelData=data, NumberOfFrames=str(frames), CineRate=RATE, **facts | changes))


@pytest.fixture(scope="module", params=FORMS)
def made(request, tmp_path_factory):
    """Name, stream, and how often each picture is in it."""
    body = stream(request.param, tmp_path_factory.mktemp("video"))
    return request.param, body, 2 if "mpeg2video" in FORMS[request.param][2] else 1


@pytest.mark.parametrize("pieces", [1, 5])
def test_each_frame_is_the_one_asked_for(made, pieces):
    name, body, times = made
    with open_files(video(body, FORMS[name][0], pieces=pieces, frames=FRAMES * times)) as files:
        for number in (1, 2, 3, 24, 7, 8, 8, 20, 5):
            files[0].seek(0)
            found = pixels(of_files(files, number * times)[1]).astype(int)
            expected = drawn(number).astype(int)
            assert np.abs(found - expected).mean() < 5, number
            assert np.abs(found - drawn(number - 1 or 2)).mean() > 7, number


def test_colors_are_those_of_the_stream(made):
    name, body, times = made
    with open_files(video(body, FORMS[name][0], frames=FRAMES * times)) as files:
        found = pixels(of_files(files, 1)[1]).astype(int)
    for channel, (row, column) in enumerate([(12, 12), (12, COLUMNS - 12), (ROWS - 12, 12)]):
        assert np.abs(found[row, column] - (np.eye(3)[channel] * 200 + 20)).max() < 14


def test_facts_are_what_a_player_needs(made):
    name, body, times = made
    whole = video(body, FORMS[name][0], pieces=3)
    with open_files(whole) as files:
        facts, _ = video_facts({}, files)
    assert facts["media_type"] == FORMS[name][1]
    assert abs(facts["rate"] - RATE * times) < 0.1
    assert abs(facts["frames"] - FRAMES * times) <= times - 1
    assert len(facts["extents"]) == 3
    joined = b"".join(whole[offset : offset + length] for offset, length in facts["extents"])
    assert joined[: len(body)] == body


def test_a_frame_beyond_the_last_is_not_there(made):
    name, body, times = made
    with open_files(video(body, FORMS[name][0], frames=1000)) as files, pytest.raises(NotFound):
        of_files(files, FRAMES * times + 5)


PLAYLISTS = {
    "HLS": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    "DASH": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "pictures": b"\x89PNG\r\n\x1a\n" + bytes(200),
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_what_could_name_files_and_hosts_is_never_opened(name):
    with open_files(video(PLAYLISTS[name] + bytes(600), form(102))) as files:
        with pytest.raises(Unreadable, match="container"):
            of_files(files, 1)
        with pytest.raises(Unreadable, match="container"):
            video_facts({}, files)


def test_a_video_of_another_size_than_it_says_is_refused(tmp_path):
    body = stream("H.264 in MP4", tmp_path)
    with open_files(video(body, form(102), Rows=64)) as files, pytest.raises(Unreadable):
        of_files(files, 1)


def test_a_damaged_video_is_said_to_be_damaged():
    body = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 20
    with open_files(video(body, form(102))) as files, pytest.raises(Unreadable, match="damaged"):
        of_files(files, 1)


def test_a_video_moves_as_a_gif(tmp_path):
    body = stream("H.264 in MP4", tmp_path)
    rendering = Rendering(media_type=MediaType.GIF, viewport=Viewport(64, 48))
    with open_files(video(body, form(102))) as files:
        arguments = {"frame_numbers": [1, 12, 24], "rendering": rendering.as_arguments(), "files": ["object"]}
        told, moving = animate(arguments, files)
    assert (told["frames"], told["width"], told["height"]) == (3, 64, 48)
    assert moving[:6] == b"GIF89a"
