"""Pictures and stored values as the services ask for them: the work itself is done in the sandbox's child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from gateway.dicom.rendering import MediaType, Picture, Rendering
from gateway.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Plane:
    """Stored values of one frame, packed as docs/api.md says, with what turns them into the modality's unit."""

    body: bytes
    rows: int
    columns: int
    signed: bool
    slope: float
    intercept: float
    unit: str
    invert: bool
    bits: int
    lut: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The open files that a picture is made of: the object, a presentation state, the frame as decoded before."""

    object: BinaryIO
    state: BinaryIO | None = None
    decoded: BinaryIO | None = None

    def named(self) -> tuple[list[str], list[int]]:
        """What each file is, and their descriptors in the same order."""
        files = {"object": self.object, "state": self.state, "decoded": self.decoded}
        there = {name: file.fileno() for name, file in files.items() if file is not None}
        return list(there), list(there.values())


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a player must know: where in the file the stream lies, its type, rate and how many frames it has."""

    extents: list[tuple[int, int]]
    media_type: str
    rate: float
    frames: int


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders frames of open files in limited children."""

    sandbox: Sandbox

    def render(
        self, opened: Opened, frame_number: int, rendering: Rendering, *, keep: bool = False
    ) -> tuple[Picture, Callable[[], bytes] | None]:
        """The frame as a picture, and with `keep` what waits for the decoded frame where it is worth keeping.

        Raises Unreadable with the reason, NotFound beyond the last frame, BadRequest for a state of other pictures.
        """
        names, descriptors = opened.named()
        arguments: dict[str, Any] = {
            "frame_number": frame_number,
            "rendering": rendering.as_arguments(),
            "files": names,
            "keep": keep,
        }
        answer = self.sandbox.run("gateway.imaging.pipeline:render", arguments, descriptors)
        picture = Picture(answer.body, rendering.media_type.value, answer.value)
        return picture, answer.rest.read if answer.rest else None

    def animate(self, opened: Opened, frame_numbers: Sequence[int], rendering: Rendering) -> Picture:
        """The frames, or all of them, as a picture that moves; raises Unreadable where that would be too large."""
        names, descriptors = opened.named()
        arguments = {
            "frame_numbers": list(frame_numbers),
            "rendering": rendering.as_arguments(),
            "files": names,
        }
        answer = self.sandbox.run("gateway.imaging.moving:animate", arguments, descriptors)
        return Picture(answer.body, MediaType.GIF.value, answer.value)

    def slide(self, level: BinaryIO, rendering: Rendering) -> Picture:
        """A region of a whole slide, out of the level that was chosen for it."""
        names, descriptors = Opened(level).named()
        arguments = {"rendering": rendering.as_arguments(), "files": names}
        answer = self.sandbox.run("gateway.imaging.slide:render_slide", arguments, descriptors)
        truth = answer.value
        return Picture(answer.body, rendering.media_type.value, truth)

    def plane(self, file: BinaryIO, frame_number: int, reduce: int) -> Plane:
        """The frame's stored values at a `reduce`-th of its size; NotFound for colour pictures."""
        arguments = {"frame_number": frame_number, "reduce": reduce}
        answer = self.sandbox.run("gateway.imaging.planes:plane", arguments, [file.fileno()])
        return Plane(body=answer.body, **answer.value)

    def video_facts(self, file: BinaryIO) -> VideoFacts:
        """What a player must know of the video in the file; raises Unreadable where there is none."""
        found = self.sandbox.run("gateway.imaging.video:video_facts", {}, [file.fileno()]).value
        extents = [(offset, length) for offset, length in found["extents"]]
        return VideoFacts(extents, found["media_type"], found["rate"], found["frames"])
