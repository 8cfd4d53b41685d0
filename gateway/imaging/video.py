"""Video (PS3.5 8.2.5 to 8.2.8): single frames out of it, and what a player must know of the whole."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import cv2
import numpy as np

from gateway.dicom.transfer_syntax import VIDEO
from gateway.errors import NotFound, Unreadable
from gateway.imaging.fragments import Extent
from gateway.imaging.samples import Samples
from gateway.imaging.source import Source

MOST_FRAMES = 200_000


class _Extents(io.BufferedIOBase):
    """The fragments of a file as the one stream that they make together."""

    def __init__(self, file: BinaryIO, extents: Sequence[Extent]) -> None:
        self.file = file
        self._extents = extents
        self._size = sum(extent.length for extent in extents)
        self._position = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def seekable(self) -> bool:
        """Whether it can be sought in: always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Moves to the place, and says where that is."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = min(max(0, base + offset), self._size)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes, fewer at the end."""
        wanted = self._size - self._position if size is None or size < 0 else size
        found, skipped = bytearray(), self._position
        for extent in self._extents:
            if skipped >= extent.length:
                skipped -= extent.length
                continue
            if len(found) == wanted:
                break
            self.file.seek(extent.offset + skipped)
            found += self.file.read(min(extent.length - skipped, wanted - len(found)))
            skipped = 0
        self._position += len(found)
        return bytes(found)


@dataclass(slots=True)
class _Playing:
    """A video that is open, and the frame that comes next."""

    identity: tuple[int, ...]
    stream: _Extents
    capture: Any
    media_type: str
    next_frame: int = 1


_last: list[_Playing] = []


def decode_video_frame(source: Source, frame_number: int) -> Samples:
    """The frame as RGB, counted in the order of showing; NotFound beyond the last."""
    playing = _playing(source)
    if frame_number < playing.next_frame:
        _last.clear()
        playing = _playing(source)
    if playing.media_type == "video/mp4" and frame_number > playing.next_frame + 1:
        playing.capture.set(cv2.CAP_PROP_POS_FRAMES, frame_number - 1)
        playing.next_frame = frame_number
    while playing.next_frame < frame_number:
        if not playing.capture.grab():
            raise NotFound(f"The video ends before frame {frame_number}.")
        playing.next_frame += 1
    found, picture = playing.capture.read()
    if not found:
        raise NotFound(f"The video ends before frame {frame_number}.")
    playing.next_frame += 1
    if picture.shape[:2] != (source.format.rows, source.format.columns):
        raise Unreadable("The video has another size than the object says.")
    return Samples(np.ascontiguousarray(picture[:, :, ::-1]), "RGB")


def video_facts(_arguments: dict[str, Any], files: list[BinaryIO]) -> tuple[Any, bytes]:
    """`extents` of the stream in the file, `media_type`, `rate` in frames a second and how many `frames` it has."""
    source = Source.from_file(files[0])
    if source.transfer_syntax_uid not in VIDEO:
        raise Unreadable("The object holds no video.")
    playing = _playing(source)
    rate = float(playing.capture.get(cv2.CAP_PROP_FPS) or 0)
    frames = int(playing.capture.get(cv2.CAP_PROP_FRAME_COUNT) or 0)
    if playing.media_type != "video/mp4":
        # Streams without an index tell their length by being read.
        frames = 0
        while frames < MOST_FRAMES and playing.capture.grab():
            frames += 1
    _last.clear()
    return {
        "extents": [[extent.offset, extent.length] for extent in source.extents()],
        "media_type": playing.media_type,
        "rate": rate if 0 < rate <= 1000 else float(source.header.get("CineRate") or 25),
        "frames": min(max(frames, 1), MOST_FRAMES),
    }, b""


def _playing(source: Source) -> _Playing:
    """The video opened, or still open from the frame before where the file is the same."""
    file = source.stream
    facts = os.fstat(file.fileno())
    identity = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)
    if _last and _last[0].identity == identity:
        _last[0].stream.file = file
        return _last[0]
    _last.clear()
    extents = source.extents()
    stream = _Extents(file, extents)
    media_type = _container(stream.read(512))
    stream.seek(0)
    capture = cv2.VideoCapture(stream, cv2.CAP_FFMPEG, [])  # type: ignore[call-overload]  # any BufferedIOBase will do
    if not capture.isOpened():
        raise Unreadable("The video is damaged.")
    _last.append(_Playing(identity, stream, capture, media_type))
    return _last[0]


def _container(head: bytes) -> str:
    """The media type by the first bytes; nothing else is opened: a playlist could name files and hosts."""
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:1] == b"\x47" and head[188:189] == b"\x47":
        return "video/mp2t"
    if head[:4] == b"\x00\x00\x01\xba" or head[:4] == b"\x00\x00\x01\xb3":
        return "video/mpeg"
    raise Unreadable("The video is in no container that is known here.")
