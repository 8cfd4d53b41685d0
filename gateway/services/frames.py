"""Pictures: may they, is it kept, else fetch and render once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.dicom.attributes import Level
from gateway.dicom.model import FrameAddress, Instance
from gateway.dicom.query import Query
from gateway.dicom.rendering import Picture, Rendering
from gateway.dicom.rendition import Rendition
from gateway.errors import NotFound
from gateway.imaging.renderer import Plane
from gateway.imaging.stack_order import StackFrame
from gateway.services.openings import Openings
from gateway.services.pictures import Pictures
from gateway.services.stacks import Stack, Stacks, presentation_states
from gateway.store.kept_files import KeptFiles
from gateway.store.rendition_keys import RenditionKeys, SeriesKey
from gateway.store.single_flight import SingleFlight


@dataclass(frozen=True, slots=True)
class TileAddress:
    """What `/tiles/<study key>/<series key>/<rendition>/<n>.jpg` names."""

    study_key: str
    series_key: str
    rendition: str
    n: int


@dataclass(frozen=True, slots=True)
class StackAddress:
    """The n-th picture of a series in reading order, counted from 1."""

    study_instance_uid: str
    series_instance_uid: str
    n: int


@dataclass(frozen=True, slots=True)
class KeyedFrame:
    """A frame found by its keys under a grant, and the presentation states that its study has."""

    frame: StackFrame
    key: SeriesKey
    states: list[Instance]

    def state(self, place: int | None) -> Instance | None:
        """The presentation state at that place, from 1; raises NotFound where the study has no such state."""
        if place is None:
            return None
        if not 1 <= place <= len(self.states):
            raise NotFound("There is no such presentation state.")
        return self.states[place - 1]


@dataclass(frozen=True, slots=True)
class Frames:
    """Delivers pictures and stored values under a grant, each from one archive read and one decode."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    pictures: Pictures
    keys: RenditionKeys
    kept: KeptFiles
    flight: SingleFlight

    def tile(self, principal: Principal, address: TileAddress) -> bytes | Path:
        """The kept rendering as a file, or its bytes where it could not be kept; raises NotOpened without a grant."""
        opened = self._opened(principal, address.study_key, address.series_key)
        rendition = Rendition.from_name(address.rendition)
        kept_under = (address.study_key, address.series_key, rendition.name, f"{address.n}.jpg")
        if path := self.kept.find(kept_under):
            return path
        found = self._keyed(*opened, address)
        with self.flight.of("/".join(kept_under)):
            if path := self.kept.find(kept_under):
                return path
            state = found.state(rendition.state)
            picture = self.pictures.of_frame(found.frame, rendition.rendering(), found.key, state)
            return self.kept.keep(kept_under, picture.body) or picture.body

    def keyed_frame(self, principal: Principal, address: TileAddress) -> KeyedFrame:
        """The frame that the keys and the number name, under a grant."""
        return self._keyed(*self._opened(principal, address.study_key, address.series_key), address)

    def rendered(
        self, principal: Principal, address: FrameAddress, rendering: Rendering, circumstances: Circumstances
    ) -> Picture:
        """One frame as a picture (PS3.18 10.4.1.1.4); a Bearer client's first request opens the study."""
        instance = self.find_instance(principal, address, circumstances)
        return self.picture_of(instance, address.frame_number, rendering)

    def picture_of(
        self, instance: Instance, frame_number: int, rendering: Rendering, state: Instance | None = None
    ) -> Picture:
        """The frame of an instance that was found under a grant; one without burned-in words is kept."""
        study = self.archives.find_study(instance.study_instance_uid)
        key = self.keys.keys_for_series(study.study_instance_uid, instance.series_instance_uid, study.version)
        frame = StackFrame(1, instance, frame_number)
        if rendering.annotations:
            return self.pictures.of_frame(frame, rendering, key, state)
        return self.pictures.kept_or_made(frame, rendering, key, state)

    def find_instance(self, principal: Principal, address: FrameAddress, circumstances: Circumstances) -> Instance:
        """The instance, once the principal has the study open; raises NotFound where the archive lacks it."""
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        self.openings.require_series(grant, address.series_instance_uid)
        matches = {
            "StudyInstanceUID": address.study_instance_uid,
            "SeriesInstanceUID": address.series_instance_uid,
            "SOPInstanceUID": address.sop_instance_uid,
        }
        found = self.archives.search_for_instances(Query(Level.INSTANCE, matches, limit=1))
        if not found:
            raise NotFound("There is no such instance in this series.")
        return found[0]

    def stored_values(
        self, principal: Principal, address: StackAddress, reduce: int, circumstances: Circumstances
    ) -> Plane:
        """The n-th picture's exact stored values, for windowing where it is shown."""
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        self.openings.require_series(grant, address.series_instance_uid)
        frame = _nth(
            self.stacks.of_series(study.study_instance_uid, address.series_instance_uid, study.version), address.n
        )
        if frame.levels:
            raise NotFound("A slide has no values to window.")
        with closing(self.archives.open_instance(frame.instance)) as file:
            return self.pictures.renderer.plane(file, frame.frame_number, reduce)

    def _opened(self, principal: Principal, study_key: str, series_key: str) -> tuple[str, str, str]:
        """Study, series and version behind the keys, once a grant covers them."""
        found = self.keys.series_of_keys(study_key, series_key)
        if found is None:
            raise NotFound("There is no such picture.")
        self.openings.require(principal, found[0], found[1])
        return found

    def _keyed(self, study: str, series: str, version: str, address: TileAddress) -> KeyedFrame:
        frame = _nth(self.stacks.of_series(study, series, version), address.n)
        states = presentation_states(self.stacks.of_version(study, version))
        return KeyedFrame(frame, SeriesKey(address.study_key, address.series_key), states)


def _nth(stack: Stack, n: int) -> StackFrame:
    if not 1 <= n <= len(stack.frames):
        raise NotFound(f"The series has {len(stack.frames)} pictures; there is no number {n}.")
    return stack.frames[n - 1]
