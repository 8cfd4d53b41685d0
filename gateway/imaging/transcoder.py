"""Instances, frames and bulk data as the services ask for them, streamed; the sandbox's child parses every byte."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from gateway.sandbox.sandbox import Sandbox

# How much one task of a child gives back: large enough to read a header seldom, small enough to keep memory flat.
PIECE = 16 * 1024 * 1024
_ITEM = struct.Struct("<HHI")


@dataclass(frozen=True, slots=True)
class Octets:
    """Bytes on their way: how many where that is known beforehand, and the pieces."""

    length: int | None
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class BulkValue:
    """A binary value that can be read in part."""

    length: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Transcoder:
    """Rewrites open files in limited children."""

    sandbox: Sandbox

    def instance(self, file: BinaryIO, transfer_syntax_uid: str) -> Octets:
        """The object as a Part 10 file in the named syntax; what cannot be made is raised before the first byte."""
        answer = self._run("transcode:head", file, transfer_syntax_uid=transfer_syntax_uid)
        facts, head = answer.value, answer.body
        length = facts["length"]
        total = None if length is None else len(head) + length + length % 2
        return Octets(total, self._with_pixels(file, head, facts, transfer_syntax_uid))

    def frames(
        self, file: BinaryIO, frame_numbers: Sequence[int], transfer_syntax_uid: str, frame_bytes: int
    ) -> Iterator[bytes]:
        """Each frame in the named syntax, in the order named; `frame_bytes` is about what one takes uncompressed."""
        waiting, at_once = iter(frame_numbers), max(1, PIECE // max(1, frame_bytes))
        while batch := list(islice(waiting, at_once)):
            answer = self._run("transcode:frames", file, frame_numbers=batch, transfer_syntax_uid=transfer_syntax_uid)
            start = 0
            for length in answer.value:
                yield answer.body[start : start + length]
                start += length

    def bulk(self, file: BinaryIO, path: Sequence[str]) -> BulkValue:
        """Length and media type of the value at the path; NotFound where there is none."""
        return BulkValue(**self._run("bulk:read_bulk", file, path=list(path), start=0, size=0).value)

    def bulk_octets(self, file: BinaryIO, path: Sequence[str], start: int, stop: int) -> Iterator[bytes]:
        """The value's bytes from start to before stop."""
        for first in range(start, stop, PIECE):
            size = min(PIECE, stop - first)
            yield self._run("bulk:read_bulk", file, path=list(path), start=first, size=size).body

    def fragments(self, file: BinaryIO) -> Octets:
        """The fragments of encapsulated pixel data one after the other: the stream that a video is."""
        places = self._run("bulk:fragments", file).value
        return Octets(sum(length for _, length in places), _regions(file, places))

    def _with_pixels(self, file: BinaryIO, head: bytes, facts: Any, transfer_syntax_uid: str) -> Iterator[bytes]:
        yield head
        length = facts["length"]
        if facts["follow"] == "octets":
            for start in range(0, length, PIECE):
                yield self._run("transcode:octets", file, start=start, size=min(PIECE, length - start)).body
        elif facts["follow"] == "frames":
            numbers = range(1, facts["frame_numbers"] + 1)
            frames = self.frames(file, numbers, transfer_syntax_uid, facts["frame_bytes"])
            yield from frames if length is not None else _encapsulated(frames)
        if length is not None and length % 2:
            yield b"\0"

    def _run(self, function: str, file: BinaryIO, **arguments: Any) -> Any:
        return self.sandbox.run(f"gateway.imaging.{function}", arguments, [file.fileno()])


def stored_octets(file: BinaryIO) -> Octets:
    """The file as it lies on the disk."""
    size = os.fstat(file.fileno()).st_size
    return Octets(size, _regions(file, [(0, size)]))


def is_part10(file: BinaryIO) -> bool:
    """Whether the file begins as PS3.10 7.1 wants it; old exports do not."""
    return os.pread(file.fileno(), 4, 128) == b"DICM"


def _encapsulated(frames: Iterator[bytes]) -> Iterator[bytes]:
    """One item for each frame behind an empty offset table (PS3.5 A.4)."""
    yield _ITEM.pack(0xFFFE, 0xE000, 0)
    for frame in frames:
        yield _ITEM.pack(0xFFFE, 0xE000, len(frame) + len(frame) % 2) + frame + b"\0" * (len(frame) % 2)
    yield _ITEM.pack(0xFFFE, 0xE0DD, 0)


def _regions(file: BinaryIO, places: Sequence[Sequence[int]]) -> Iterator[bytes]:
    for offset, length in places:
        position, end = offset, offset + length
        while position < end and (piece := os.pread(file.fileno(), min(1 << 20, end - position), position)):
            yield piece
            position += len(piece)
