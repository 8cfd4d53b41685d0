"""Pictures: may they, is it kept, else fetch and render once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.dicom.attributes import Level, number
from gateway.dicom.model import FrameAddress, Instance
from gateway.dicom.query import Query
from gateway.dicom.rendering import Picture, Rendering
from gateway.dicom.rendition import Rendition
from gateway.errors import NotFound
from gateway.imaging.geometry import StackFrame
from gateway.imaging.renderer import Plane, Renderer
from gateway.services.openings import Openings
from gateway.services.stacks import Stack, Stacks
from gateway.store.kept_renderings import KeptRenderings
from gateway.store.rendition_keys import RenditionKeys
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
class Frames:
    """Delivers pictures and stored values under a grant, each from one archive read and one decode."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    renderer: Renderer
    keys: RenditionKeys
    kept: KeptRenderings
    flight: SingleFlight

    def tile(self, principal: Principal, address: TileAddress) -> bytes | Path:
        """The kept rendering as a file, or its bytes where it could not be kept; raises NotOpened without a grant."""
        found = self.keys.series_of_keys(address.study_key, address.series_key)
        if found is None:
            raise NotFound("There is no such picture.")
        study_instance_uid, series_instance_uid, version = found
        self.openings.require(principal, study_instance_uid, series_instance_uid)
        rendition = Rendition.from_name(address.rendition)
        kept_under = (address.study_key, address.series_key, rendition.name, address.n)
        if path := self.kept.find(*kept_under):
            return path
        frame = _nth(self.stacks.of_series(study_instance_uid, series_instance_uid, version), address.n)
        with self.flight.of("/".join(map(str, kept_under))):
            if path := self.kept.find(*kept_under):
                return path
            picture = self._render(frame.instance, frame.frame_number, rendition.rendering(*_extent(frame.instance)))
            return self.kept.keep(*kept_under, picture.body) or picture.body

    def rendered(
        self, principal: Principal, address: FrameAddress, rendering: Rendering, circumstances: Circumstances
    ) -> Picture:
        """One frame as a picture (PS3.18 10.4.1.1.4); a Bearer client's first request opens the study."""
        instance = self.find_instance(principal, address, circumstances)
        return self._render(instance, address.frame_number, rendering)

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
        with closing(self.archives.open_instance(frame.instance)) as file:
            return self.renderer.plane(file, frame.frame_number, reduce)

    def _render(self, instance: Instance, frame_number: int, rendering: Rendering) -> Picture:
        with closing(self.archives.open_instance(instance)) as file:
            return self.renderer.render(file, frame_number, rendering)


def _nth(stack: Stack, n: int) -> StackFrame:
    if not 1 <= n <= len(stack.frames):
        raise NotFound(f"The series has {len(stack.frames)} pictures; there is no number {n}.")
    return stack.frames[n - 1]


def _extent(instance: Instance) -> tuple[int, int]:
    return int(number(instance.attributes, "Rows") or 1), int(number(instance.attributes, "Columns") or 1)
