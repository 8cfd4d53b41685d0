"""Rendered resources: the picture that stands for an address, and all pictures below it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.dicom.model import FrameAddress, Instance, Study
from gateway.dicom.rendering import MediaType, Picture, Rendering
from gateway.dicom.sop_classes import KEY_OBJECT_SELECTION, PRESENTATION_STATES
from gateway.dicom.transfer_syntax import VIDEO
from gateway.errors import GatewayError, NotFound, Unreadable
from gateway.imaging.renderer import VideoFacts
from gateway.services.frames import Frames
from gateway.services.openings import Grant, Openings
from gateway.services.stacks import Stack, Stacks


@dataclass(frozen=True, slots=True)
class ResourceAddress:
    """A study, or what below it is named: a series, an instance, frames of it."""

    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    frame_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One picture to be made: a frame, and the presentation state that it is to be seen under."""

    instance: Instance
    frame_number: int
    state: Instance | None = None


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
        """The picture of the address: the frame named, else the first of an instance, the middle one of a series.

        Of a presentation state the first picture that it was made for, as it shows it; of a key object selection the
        first that it names. A moving picture has all frames of the instance, or those named.
        """
        wanted = self._wanted(principal, address, circumstances)
        if rendering.media_type is MediaType.GIF and address.sop_instance_uid:
            first = wanted[0]
            numbers = tuple(one.frame_number for one in wanted if one.instance is first.instance)
            return self.frames.pictures.moving(first.instance, numbers, rendering, first.state)
        chosen = wanted[0] if address.sop_instance_uid else wanted[(len(wanted) - 1) // 2]
        return self.frames.picture_of(chosen.instance, chosen.frame_number, rendering, chosen.state)

    def every(
        self, principal: Principal, address: ResourceAddress, rendering: Rendering, circumstances: Circumstances
    ) -> Iterator[tuple[FrameAddress, Picture | GatewayError]]:
        """Each frame below the address with its picture, or with the reason why there is none."""
        pictures = self._pictures(self._wanted(principal, address, circumstances), rendering)
        return self.openings.while_open(principal, address.study_instance_uid, pictures)

    def video(
        self, principal: Principal, address: ResourceAddress, circumstances: Circumstances
    ) -> tuple[Instance, VideoFacts]:
        """The instance that holds the video of the address and where in it the stream lies; Unreadable without one."""
        for wanted in self._wanted(principal, address, circumstances):
            if wanted.instance.text("AvailableTransferSyntaxUID") in VIDEO:
                with closing(self.archives.open_instance(wanted.instance)) as file:
                    return wanted.instance, self.frames.pictures.renderer.video_facts(file)
        raise Unreadable("There is no video here.")

    def _pictures(
        self, wanted: list[_Wanted], rendering: Rendering
    ) -> Iterator[tuple[FrameAddress, Picture | GatewayError]]:
        for one in wanted:
            address = FrameAddress(
                one.instance.study_instance_uid,
                one.instance.series_instance_uid,
                one.instance.sop_instance_uid,
                one.frame_number,
            )
            try:
                yield address, self.frames.picture_of(one.instance, one.frame_number, rendering, one.state)
            except GatewayError as error:
                yield address, error

    def _wanted(self, principal: Principal, address: ResourceAddress, circumstances: Circumstances) -> list[_Wanted]:
        """All pictures below the address that the grant covers, at least one."""
        if address.sop_instance_uid:
            frame = FrameAddress(address.study_instance_uid, address.series_instance_uid, address.sop_instance_uid)
            instance = self.frames.find_instance(principal, frame, circumstances)
            if instance.text("SOPClassUID") in PRESENTATION_STATES | {KEY_OBJECT_SELECTION}:
                study = self.archives.find_study(address.study_instance_uid)
                grant = self.openings.require_or_open(principal, study, circumstances)
                return self._referenced(study, grant, instance)
            numbers = address.frame_numbers or tuple(range(1, instance.number_of_frames + 1))
            found = [_Wanted(instance, number) for number in numbers]
        else:
            stacks = self._stacks_below(principal, address, circumstances)
            found = [_Wanted(frame.instance, frame.frame_number) for stack in stacks for frame in stack.frames]
        if not found:
            raise Unreadable("There is no picture here: it holds documents or data only.")
        return found

    def _referenced(self, study: Study, grant: Grant, about: Instance) -> list[_Wanted]:
        """The pictures that a presentation state or key object selection names.

        Key images come with their selection, whatever series they stand in; a state is for pictures that are granted.
        """
        state = about if about.text("SOPClassUID") in PRESENTATION_STATES else None
        named = {reference.sop_instance_uid: reference for reference in about.references}
        found = [
            _Wanted(instance, frame_number, state)
            for stack in self.stacks.of_study(study)
            if state is None or grant.covers_series(stack.series.series_instance_uid)
            for instance in stack.instances
            if (reference := named.get(instance.sop_instance_uid))
            for frame_number in reference.frame_numbers or range(1, instance.number_of_frames + 1)
        ]
        if not found:
            raise NotFound("The pictures that this object is about are not in this study.")
        order = {uid: place for place, uid in enumerate(named)}
        return sorted(found, key=lambda one: order[one.instance.sop_instance_uid])

    def _stacks_below(
        self, principal: Principal, address: ResourceAddress, circumstances: Circumstances
    ) -> list[Stack]:
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        wanted_series = address.series_instance_uid
        if wanted_series:
            self.openings.require_series(grant, wanted_series)
        below = [
            stack
            for stack in self.stacks.of_study(study)
            if grant.covers_series(stack.series.series_instance_uid) and _is_below(stack, wanted_series)
        ]
        if not below:
            raise NotFound("There is no such series.")
        return below


def _is_below(stack: Stack, series_instance_uid: str) -> bool:
    """Whether the stack is the series named; of a study all but key images, which are pictures of its other series."""
    if not series_instance_uid:
        return stack.kind != "key-images"
    return stack.series.series_instance_uid == series_instance_uid
