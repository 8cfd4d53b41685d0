"""Where the frames of encapsulated pixel data lie (PS3.5 A.4): items, offset tables, and what to do where they lie."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from gateway.errors import Unreadable

ITEM = 0xFFFEE000
SEQUENCE_DELIMITER = 0xFFFEE0DD
MOST_FRAGMENTS = 2_000_000
_STARTS_OF_FRAMES = (b"\xff\xd8", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP", b"\x00\x00\x00\x0cJXL", b"\xff\x0a")


@dataclass(frozen=True, slots=True)
class Extent:
    """Bytes of the file: where they begin and how many they are."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Fragments:
    """The items after the Basic Offset Table, the table itself, and where its offsets count from."""

    items: list[Extent]
    basic_offsets: tuple[int, ...]
    first_item: int

    @classmethod
    def read(cls, stream: BinaryIO, start: int) -> Fragments:
        """The fragments from that position on; a missing end is no fault, the last item may be cut short."""
        size = stream.seek(0, 2)
        table = _next_item(stream, start, size)
        if table is None:
            raise Unreadable("The pixel data hold no frame.")
        stream.seek(table.offset)
        offsets = struct.unpack(f"<{table.length // 4}I", stream.read(table.length // 4 * 4))
        items: list[Extent] = []
        position = first = table.offset + table.length
        while (found := _next_item(stream, position, size)) is not None:
            items.append(found)
            position = found.offset + found.length
            if len(items) > MOST_FRAGMENTS:
                raise Unreadable("The pixel data have more fragments than are read here.")
        return cls(items, offsets, first)

    def of_frame(
        self, stream: BinaryIO, frame_number: int, number_of_frames: int, extended: Sequence[tuple[int, int]] = ()
    ) -> list[Extent]:
        """The extents of one frame; `extended` are offset and length of each out of the Extended Offset Table."""
        if len(extended) >= number_of_frames:
            offset, length = extended[frame_number - 1]
            return [Extent(self.first_item + offset + 8, length)]
        if number_of_frames == 1:
            return self.items
        if len(self.items) == number_of_frames:
            return [self.items[frame_number - 1]]
        first, end = self._span(stream, frame_number, number_of_frames)
        return self.items[first:end]

    def _span(self, stream: BinaryIO, frame_number: int, number_of_frames: int) -> tuple[int, int]:
        starts = self._starts_by_table(number_of_frames) or self._starts_by_look(stream)
        if len(starts) != number_of_frames:
            raise Unreadable("The frame's fragments are damaged or missing.")
        starts.append(len(self.items))
        return starts[frame_number - 1], starts[frame_number]

    def _starts_by_table(self, number_of_frames: int) -> list[int]:
        """The first item of each frame by the Basic Offset Table; none where the table does not meet the items."""
        if len(self.basic_offsets) != number_of_frames:
            return []
        heads = [item.offset - 8 - self.first_item for item in self.items]
        starts = [bisect_right(heads, offset) - 1 for offset in self.basic_offsets]
        meets = all(
            place >= 0 and heads[place] == offset for place, offset in zip(starts, self.basic_offsets, strict=True)
        )
        return starts if meets and starts == sorted(set(starts)) else []

    def _starts_by_look(self, stream: BinaryIO) -> list[int]:
        starts = []
        for place, item in enumerate(self.items):
            stream.seek(item.offset)
            if stream.read(min(8, item.length)).startswith(_STARTS_OF_FRAMES):
                starts.append(place)
        return starts


def _next_item(stream: BinaryIO, position: int, size: int) -> Extent | None:
    stream.seek(position)
    head = stream.read(8)
    if len(head) < 8:
        return None
    group, member, length = struct.unpack("<HHI", head)
    if (group << 16) | member != ITEM:
        return None
    return Extent(position + 8, min(length, size - position - 8))
