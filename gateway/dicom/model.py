"""The study tree as every floor knows it: Study, Series, Instance and the address of a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.dicom.attributes import (
    FRAME_GROUPS_TAG,
    REFERENCED_IMAGES_TAG,
    DicomJson,
    element,
    items,
    number,
    numbers,
    text,
)

MOST_FRAMES = 100_000


@dataclass(frozen=True, slots=True)
class FrameAddress:
    """Where one frame is found; `frame_number` counts from 1 as in PS3.18."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    frame_number: int = 1

    def path(self) -> str:
        """The frame's path below a DICOMweb root (PS3.18 10.1)."""
        series = f"/studies/{self.study_instance_uid}/series/{self.series_instance_uid}"
        return f"{series}/instances/{self.sop_instance_uid}/frames/{self.frame_number}"


@dataclass(frozen=True, slots=True)
class Study:
    """One study as its archive describes it.

    `attributes` holds patient and study attributes as DICOM JSON, with ModalitiesInStudy and the related counts;
    `version` changes whenever an instance of the study is added, changed or removed. `image_count` leaves reports and
    other objects without pixels out; `arrived_at` is when its first object came, in seconds since 1970.
    """

    study_instance_uid: str
    archive: str
    version: str
    attributes: DicomJson
    image_count: int = 0
    body_parts: tuple[str, ...] = ()
    arrived_at: int = 0

    def text(self, keyword: str) -> str:
        """The attribute's first value as text, empty where absent."""
        return text(self.attributes, keyword)


@dataclass(frozen=True, slots=True)
class Series:
    """One series; `attributes` holds its series attributes and NumberOfSeriesRelatedInstances as DICOM JSON."""

    study_instance_uid: str
    series_instance_uid: str
    attributes: DicomJson

    def text(self, keyword: str) -> str:
        """The attribute's first value as text, empty where absent."""
        return text(self.attributes, keyword)


@dataclass(frozen=True, slots=True)
class Reference:
    """Pictures of one instance: no frame numbers mean all of them."""

    sop_instance_uid: str
    frame_numbers: tuple[int, ...]

    def names(self, sop_instance_uid: str, frame_number: int) -> bool:
        """Whether that frame is among them."""
        return self.sop_instance_uid == sop_instance_uid and (
            not self.frame_numbers or frame_number in self.frame_numbers
        )


@dataclass(frozen=True, slots=True)
class Instance:
    """One SOP instance; `attributes` holds its instance attributes as DICOM JSON."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    attributes: DicomJson

    def text(self, keyword: str) -> str:
        """The attribute's first value as text, empty where absent."""
        return text(self.attributes, keyword)

    @property
    def number_of_frames(self) -> int:
        """Frames in the instance, at least 1 where it has rows, 0 where it is not an image.

        Never more than MOST_FRAMES: a header's claim must not cost more memory than a file's size.
        """
        if not number(self.attributes, "Rows"):
            return 0
        return min(max(1, int(number(self.attributes, "NumberOfFrames") or 1)), MOST_FRAMES)

    @property
    def has_frame_groups(self) -> bool:
        """Whether its frames differ in more than their pixels (enhanced multi-frame, PS3.3 C.7.6.16)."""
        return FRAME_GROUPS_TAG in self.attributes

    def of_frame(self, frame_number: int) -> Instance:
        """The instance as that frame has it: the attributes of its functional groups in the place of the plain ones."""
        groups = items(self.attributes, FRAME_GROUPS_TAG)
        if not 1 <= frame_number <= len(groups):
            return self
        own = dict(self.attributes)
        for macro in groups[frame_number - 1].values():
            for item in (macro.get("Value") or [])[:1]:
                own |= item
        own.pop(FRAME_GROUPS_TAG)
        return replace(self, attributes=own)

    def with_number_of_frames(self, count: int) -> Instance:
        """The instance with the number of frames that it turned out to have."""
        return replace(self, attributes=self.attributes | element("NumberOfFrames", count))

    @property
    def references(self) -> list[Reference]:
        """The pictures that a presentation state or a key object selection is about, in its order."""
        return [
            Reference(
                text(item, "ReferencedSOPInstanceUID"),
                tuple(int(frame) for frame in numbers(item, "ReferencedFrameNumber")),
            )
            for item in items(self.attributes, REFERENCED_IMAGES_TAG)
        ]
