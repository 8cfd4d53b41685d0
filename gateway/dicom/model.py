"""The study tree as every floor knows it: Study, Series, Instance and the address of a frame."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dicom.attributes import DicomJson, number, text


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
    `version` changes whenever an instance of the study is added, changed or removed.
    """

    study_instance_uid: str
    archive: str
    version: str
    attributes: DicomJson

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
        """Frames in the instance, at least 1 where it has rows, 0 where it is not an image."""
        if not number(self.attributes, "Rows"):
            return 0
        return max(1, int(number(self.attributes, "NumberOfFrames") or 1))
