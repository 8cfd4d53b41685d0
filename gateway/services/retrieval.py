"""Instances, frames and bulk data for standard clients: may they, in which form, and then piece by piece."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, TypeVar

from gateway.access.principal import Circumstances, Principal, Role
from gateway.archive.federation import Federation
from gateway.dicom.attributes import Level, number
from gateway.dicom.model import Instance
from gateway.dicom.negotiation import (
    AS_STORED,
    MediaRange,
    StoredForm,
    Target,
    frame_offers,
    frame_target,
    instance_offers,
    instance_target,
)
from gateway.dicom.query import Query
from gateway.dicom.transfer_syntax import EXPLICIT, NATIVE, OCTETS, VIDEO_TYPES, media_type_of
from gateway.errors import Forbidden, GatewayError, NotAcceptable, NotFound, Unreadable
from gateway.imaging.transcoder import Octets, Transcoder, is_part10, stored_octets
from gateway.services.openings import Openings

EVERYTHING = 10_000_000
PIXEL_DATA = "7FE00010"
_BULK_PATH = re.compile(r"[0-9A-F]{8}(/[0-9]{1,6}/[0-9A-F]{8}){0,32}\Z")


@dataclass(frozen=True, slots=True)
class InstancesAddress:
    """A study, or the series or instance in it that is named."""

    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer: of which instance (and which frame of it), in which form, and its bytes."""

    instance: Instance
    target: Target
    octets: Octets
    frame_number: int | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The parts of an answer; `complete` tells whether all that was asked for can be had in an accepted form."""

    target: Target
    parts: Iterator[Part]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Value:
    """A binary value of an instance, which may be read in part."""

    instance: Instance
    path: str
    target: Target
    length: int


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Hands objects out under a grant; never to a share's guest, who may look and no more."""

    archives: Federation
    openings: Openings
    transcoder: Transcoder

    def instances(
        self,
        principal: Principal,
        address: InstancesAddress,
        ranges: Sequence[MediaRange],
        circumstances: Circumstances,
    ) -> Retrieved:
        """Each instance below the address as a Part 10 file (PS3.18 10.4.1.1.1), the first one ready to be sent.

        What cannot be had in an accepted transfer syntax, or cannot be read, is left out; alone it is an error.
        """
        found = self._find(principal, address, circumstances)
        is_alone = bool(address.sop_instance_uid)
        planned = [(one, instance_target(ranges, StoredForm.of(one), is_alone=is_alone)) for one in found]
        wanted = [(one, target) for one, target in planned if target is not None]
        if not wanted:
            raise NotAcceptable(_sentence(offer for one in found[:1] for offer in instance_offers(StoredForm.of(one))))
        parts = self.openings.while_open(principal, address.study_instance_uid, self._instance_parts(wanted))
        return Retrieved(wanted[0][1], _first_made(parts), len(wanted) == len(found))

    def frames(
        self,
        principal: Principal,
        address: InstancesAddress,
        frame_numbers: Sequence[int],
        ranges: Sequence[MediaRange],
        circumstances: Circumstances,
    ) -> Retrieved:
        """The numbered frames (PS3.18 10.4.1.1.6), the first one ready to be sent; NotFound beyond the last."""
        (instance,) = self._find(principal, address, circumstances)
        if max(frame_numbers) > instance.number_of_frames:
            raise NotFound(f"The object has {instance.number_of_frames} frames; there is no {max(frame_numbers)}.")
        return self._frames(instance, StoredForm.of(instance), frame_numbers, ranges)

    def bulk(
        self,
        principal: Principal,
        address: InstancesAddress,
        path: str,
        ranges: Sequence[MediaRange],
        circumstances: Circumstances,
    ) -> Retrieved | Value:
        """The bulk data at the path (PS3.18 10.4.1.1.5): frames for compressed pixel data, else one value.

        `value_octets` reads the value, so that whoever asks may ask for a part of it.
        """
        if not _BULK_PATH.match(path):
            raise NotFound("There are no bulk data at this address.")
        (instance,) = self._find(principal, address, circumstances)
        stored = StoredForm.of(instance)
        if path != PIXEL_DATA or stored.transfer_syntax_uid in NATIVE:
            return self._value(instance, path, ranges)
        if media_type_of(stored.transfer_syntax_uid) in VIDEO_TYPES:
            return self._video(instance, stored, ranges)
        return self._pixel_data(instance, stored, ranges)

    def value_octets(self, value: Value, start: int, stop: int) -> Iterator[bytes]:
        """The value's bytes from start to before stop, the first of them ready to be sent."""

        def pieces() -> Iterator[bytes]:
            with closing(self.archives.open_instance(value.instance)) as file:
                yield from self.transcoder.bulk_octets(file, value.path.split("/"), start, stop)

        return _first_made(pieces())

    def _find(self, principal: Principal, address: InstancesAddress, circumstances: Circumstances) -> list[Instance]:
        if principal.role is Role.GUEST:
            raise Forbidden("A share link shows a study; it does not hand out its files.")
        study = self.archives.find_study(address.study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        if address.series_instance_uid:
            self.openings.require_series(grant, address.series_instance_uid)
        named = {
            "StudyInstanceUID": address.study_instance_uid,
            "SeriesInstanceUID": address.series_instance_uid,
            "SOPInstanceUID": address.sop_instance_uid,
        }
        matches = {keyword: uid for keyword, uid in named.items() if uid}
        found = self.archives.search_for_instances(Query(Level.INSTANCE, matches, limit=EVERYTHING))
        covered = [one for one in found if grant.covers_series(one.series_instance_uid)]
        if not covered:
            raise NotFound("There is no such object in this study.")
        return covered[:1] if address.sop_instance_uid else covered

    def _instance_parts(self, wanted: Sequence[tuple[Instance, Target]]) -> Iterator[Part]:
        failed: GatewayError | None = None
        is_sent = False
        for instance, target in wanted:
            try:
                file = self.archives.open_instance(instance)
            except NotFound as error:
                failed = error
                continue
            with closing(file):
                try:
                    octets = self._instance_octets(file, instance, target)
                except (NotFound, NotAcceptable, Unreadable) as error:
                    failed = error
                    continue
                is_sent = True
                yield Part(instance, target, octets)
        if failed is not None and not is_sent:
            raise failed

    def _instance_octets(self, file: BinaryIO, instance: Instance, target: Target) -> Octets:
        is_stored = StoredForm.of(instance).transfer_syntax_uid == target.transfer_syntax_uid
        if is_stored and is_part10(file):
            return stored_octets(file)
        octets = self.transcoder.instance(file, target.transfer_syntax_uid)
        return Octets(octets.length, _first_made(octets.pieces))

    def _frames(
        self, instance: Instance, stored: StoredForm, frame_numbers: Sequence[int], ranges: Sequence[MediaRange]
    ) -> Retrieved:
        target = frame_target(ranges, stored, is_alone=len(frame_numbers) == 1)
        if target is None:
            raise NotAcceptable(_sentence(frame_offers(stored)))
        return Retrieved(target, _first_made(self._frame_parts(instance, frame_numbers, target)))

    def _frame_parts(self, instance: Instance, frame_numbers: Sequence[int], target: Target) -> Iterator[Part]:
        with closing(self.archives.open_instance(instance)) as file:
            frames = self.transcoder.frames(file, frame_numbers, target.transfer_syntax_uid, _frame_bytes(instance))
            for frame_number, frame in zip(frame_numbers, frames, strict=True):
                yield Part(instance, target, Octets(len(frame), iter([frame])), frame_number)

    def _pixel_data(self, instance: Instance, stored: StoredForm, ranges: Sequence[MediaRange]) -> Retrieved:
        """A part for each frame while it is compressed; uncompressed frames are one value, as they would be stored."""
        frame_numbers = range(1, instance.number_of_frames + 1)
        octets_alone = [one for one in ranges if one.media_type == OCTETS]
        target = frame_target(ranges, stored, is_alone=len(frame_numbers) == 1) or frame_target(
            octets_alone, stored, is_alone=True
        )
        if target is None:
            raise NotAcceptable(_sentence(frame_offers(stored)))
        parts = _first_made(self._frame_parts(instance, frame_numbers, target))
        if target.transfer_syntax_uid != EXPLICIT:
            return Retrieved(target, parts)
        whole = Octets(None, chain.from_iterable(part.octets.pieces for part in parts))
        return Retrieved(target, iter([Part(instance, target, whole)]))

    def _video(self, instance: Instance, stored: StoredForm, ranges: Sequence[MediaRange]) -> Retrieved:
        uid = stored.transfer_syntax_uid
        media_type = media_type_of(uid)
        fitting = [one for one in ranges if one.takes(media_type) and one.transfer_syntax in ("", AS_STORED, uid)]
        if not fitting:
            raise NotAcceptable(_sentence([f"{media_type}; transfer-syntax={uid}"]))
        target = Target(uid, media_type, fitting[0].multipart is not False)

        def parts() -> Iterator[Part]:
            with closing(self.archives.open_instance(instance)) as file:
                yield Part(instance, target, self.transcoder.fragments(file))

        return Retrieved(target, _first_made(parts()))

    def _value(self, instance: Instance, path: str, ranges: Sequence[MediaRange]) -> Value:
        with closing(self.archives.open_instance(instance)) as file:
            found = self.transcoder.bulk(file, path.split("/"))
        for one in ranges:
            for media_type in (found.media_type, OCTETS):
                if one.takes(media_type) and one.transfer_syntax in ("", AS_STORED, EXPLICIT):
                    # One value is a single part unless parts are asked for by name: only so can it be had in pieces.
                    return Value(instance, path, Target(EXPLICIT, media_type, one.multipart is True), found.length)
        raise NotAcceptable(_sentence(dict.fromkeys([found.media_type, OCTETS])))


Item = TypeVar("Item")


def _first_made(items: Iterator[Item]) -> Iterator[Item]:
    """The same items; the first is made here, so that an error is an answer and not a broken stream."""
    return chain(list(islice(items, 1)), items)


def _sentence(offers: Iterable[str]) -> str:
    listed = ", ".join(offers)
    return f"What can be had here: {listed}." if listed else "There is nothing here but the object as it is stored."


def _frame_bytes(instance: Instance) -> int:
    """About what an uncompressed frame takes, for how many are made at once."""
    factors = [number(instance.attributes, name) or 1 for name in ("Rows", "Columns", "SamplesPerPixel")]
    return int(math.prod(factors) * max(1, (number(instance.attributes, "BitsAllocated") or 8) // 8))
