"""What every archive connector offers; a connector is one module beside this one that passes tests/contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from gateway.dicom.attributes import DicomJson
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """How an archive is doing: `state` is ready, indexing or away; `detail` a sentence for people."""

    name: str
    state: str
    detail: str
    instances: int = 0


class Archive(Protocol):
    """A place that holds studies. All methods raise NotFound for what it lacks and ArchiveAway when it is silent."""

    name: str

    def search_for_studies(self, query: Query) -> list[Study]:
        """The studies that match, newest first."""

    def search_for_series(self, query: Query) -> list[Series]:
        """The series that match, by series number; StudyInstanceUID is usually among the matches."""

    def search_for_instances(self, query: Query) -> list[Instance]:
        """The instances that match, by instance number."""

    def retrieve_metadata(
        self, study_instance_uid: str, series_instance_uid: str = "", sop_instance_uid: str = ""
    ) -> Iterator[DicomJson]:
        """All attributes but bulk data of each instance below the address (PS3.18 10.4.1.1.2), as DICOM JSON."""

    def open_instance(self, instance: Instance) -> BinaryIO:
        """The instance as an open Part 10 file with a file descriptor; the caller closes it."""

    def status(self) -> ArchiveStatus:
        """How the archive is doing right now, without waiting for it."""
