"""Rendered resources: which picture stands for a study or series, and all pictures below an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.dicom.model import FrameAddress
from gateway.dicom.rendering import Picture, Rendering
from gateway.errors import GatewayError, NotFound, Unreadable
from gateway.services.frames import Frames
from gateway.services.openings import Openings
from gateway.services.stacks import Stack, Stacks


@dataclass(frozen=True, slots=True)
class ResourceAddress:
    """A study, or what below it is named: a series, an instance, a frame."""

    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    frame_number: int | None = None


@dataclass(frozen=True, slots=True)
class RenderedResources:
    """Pictures for standard clients, under the same grants as everything else."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    frames: Frames

    def one(
        self, principal: Principal, address: ResourceAddress, rendering: Rendering, circumstances: Circumstances
    ) -> Picture:
        """The picture of the address: the frame named, else the first of an instance, the middle one of a series."""
        if address.sop_instance_uid:
            frame = FrameAddress(
                address.study_instance_uid,
                address.series_instance_uid,
                address.sop_instance_uid,
                address.frame_number or 1,
            )
            return self.frames.rendered(principal, frame, rendering, circumstances)
        for stack in self._stacks_below(principal, address, circumstances):
            if stack.frames:
                middle = _addresses(stack)[(len(stack.frames) - 1) // 2]
                return self.frames.rendered(principal, middle, rendering, circumstances)
        raise Unreadable("There is no picture here: it holds documents or data only.")

    def every(
        self, principal: Principal, address: ResourceAddress, rendering: Rendering, circumstances: Circumstances
    ) -> Iterator[tuple[FrameAddress, Picture | GatewayError]]:
        """Each frame below the address with its picture, or with the reason why there is none."""
        wanted = [
            frame
            for stack in self._stacks_below(principal, address, circumstances)
            for frame in _addresses(stack)
            if address.sop_instance_uid in ("", frame.sop_instance_uid)
            and address.frame_number in (None, frame.frame_number)
        ]
        if not wanted:
            raise NotFound("There is no picture below this address.")
        return self._pictures(principal, wanted, rendering, circumstances)

    def _pictures(
        self, principal: Principal, wanted: list[FrameAddress], rendering: Rendering, circumstances: Circumstances
    ) -> Iterator[tuple[FrameAddress, Picture | GatewayError]]:
        for frame in wanted:
            try:
                yield frame, self.frames.rendered(principal, frame, rendering, circumstances)
            except GatewayError as error:
                yield frame, error

    def _stacks_below(
        self, principal: Principal, address: ResourceAddress, circumstances: Circumstances
    ) -> list[Stack]:
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        if address.series_instance_uid:
            self.openings.require_series(grant, address.series_instance_uid)
        below = [
            stack
            for stack in self.stacks.of_study(study)
            if grant.covers_series(stack.series.series_instance_uid)
            and address.series_instance_uid in ("", stack.series.series_instance_uid)
        ]
        if not below:
            raise NotFound("There is no such series.")
        return below


def _addresses(stack: Stack) -> list[FrameAddress]:
    return [
        FrameAddress(
            frame.instance.study_instance_uid,
            frame.instance.series_instance_uid,
            frame.instance.sop_instance_uid,
            frame.frame_number,
        )
        for frame in stack.frames
    ]
