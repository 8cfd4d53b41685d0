"""From a frame of a stack to its picture: opens what it is made of, and keeps what took long to decode."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import BinaryIO

from gateway.archive.federation import Federation
from gateway.dicom.model import Instance
from gateway.dicom.rendering import Picture, Rendering
from gateway.errors import NotFound
from gateway.imaging.renderer import Opened, Renderer
from gateway.imaging.slide_levels import columns_of, level_for, rows_of
from gateway.imaging.stack_order import StackFrame
from gateway.store.kept_files import KeptFiles
from gateway.store.rendition_keys import SeriesKey
from gateway.store.sealed import unsealed
from gateway.store.single_flight import SingleFlight


@dataclass(frozen=True, slots=True)
class Pictures:
    """Makes pictures; may they be seen was decided before."""

    archives: Federation
    renderer: Renderer
    decoded: KeptFiles
    flight: SingleFlight

    def kept_or_made(
        self, frame: StackFrame, rendering: Rendering, key: SeriesKey, state: Instance | None = None
    ) -> Picture:
        """The picture as it was made before, else made now, once, and kept beside the decoded frame."""
        told = json.dumps([rendering.as_arguments(), state and state.sop_instance_uid], sort_keys=True)
        names = (*_directory(frame, key), f"{frame.frame_number}-{sha256(told.encode()).hexdigest()[:32]}.picture")
        if kept := self._kept_picture(names, rendering):
            return kept
        with self.flight.of("/".join(names)):
            if kept := self._kept_picture(names, rendering):
                return kept
            picture = self.of_frame(frame, rendering, key, state)
            self.decoded.keep_soon(names, lambda: picture.body)
            return picture

    def of_frame(
        self, frame: StackFrame, rendering: Rendering, key: SeriesKey, state: Instance | None = None
    ) -> Picture:
        """The frame as a picture, under the presentation state where there is one."""
        if frame.levels:
            if state is not None:
                raise NotFound("Presentation states are not applied to whole slides.")
            return self._of_slide(frame, rendering)
        kept_as = (*_directory(frame, key), f"{frame.frame_number}.jph")
        with self._opened(frame.instance, state, kept_as) as opened:
            picture, decoded = self.renderer.render(opened, frame.frame_number, rendering, keep=opened.decoded is None)
        if decoded is not None:
            self.decoded.keep_soon(kept_as, decoded)
        return picture

    def moving(
        self, instance: Instance, frame_numbers: tuple[int, ...], rendering: Rendering, state: Instance | None = None
    ) -> Picture:
        """The instance's frames, or all of them, as a picture that moves."""
        with self._opened(instance, state, None) as opened:
            return self.renderer.animate(opened, frame_numbers, rendering)

    def _kept_picture(self, names: Sequence[str], rendering: Rendering) -> Picture | None:
        file = self.decoded.open(names)
        if file is None:
            return None
        with closing(file):
            body = unsealed(file.read())
        return Picture(body, rendering.media_type.value) if body is not None else None

    def _of_slide(self, frame: StackFrame, rendering: Rendering) -> Picture:
        """The region out of the smallest level that has enough resolution for it."""
        viewport = rendering.viewport
        level = frame.levels[0]
        if viewport is not None:
            region_width = abs(viewport.region_width or columns_of(level) - viewport.x)
            region_height = abs(viewport.region_height or rows_of(level) - viewport.y)
            level = level_for(frame.levels, max(viewport.width / region_width, viewport.height / region_height))
            across = columns_of(level) / columns_of(frame.levels[0])
            down = rows_of(level) / rows_of(frame.levels[0])
            placed = replace(
                viewport,
                x=viewport.x * across,
                y=viewport.y * down,
                region_width=viewport.region_width and viewport.region_width * across,
                region_height=viewport.region_height and viewport.region_height * down,
            )
            rendering = replace(rendering, viewport=placed)
        with closing(self.archives.open_instance(level)) as file:
            return self.renderer.slide(file, rendering)

    @contextmanager
    def _opened(self, instance: Instance, state: Instance | None, kept_as: tuple[str, ...] | None) -> Iterator[Opened]:
        with ExitStack() as closes:
            file = closes.enter_context(closing(self.archives.open_instance(instance)))
            of_state: BinaryIO | None = None
            if state is not None:
                of_state = closes.enter_context(closing(self.archives.open_instance(state)))
            decoded = self.decoded.open(kept_as) if kept_as else None
            if decoded is not None:
                closes.enter_context(closing(decoded))
            yield Opened(file, of_state, decoded)


def _directory(frame: StackFrame, key: SeriesKey) -> tuple[str, str, str]:
    """Where what is kept of the instance lies: random names, and a hash in the place of the UID."""
    return key.study_key, key.series_key, sha256(frame.instance.sop_instance_uid.encode()).hexdigest()[:32]
