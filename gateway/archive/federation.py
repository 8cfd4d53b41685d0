"""One archive made of those configured, asked in the order of the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from gateway.archive.base import Archive, ArchiveStatus
from gateway.dicom.attributes import DicomJson
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.dicom.uid import is_uid
from gateway.errors import NotFound


@dataclass(frozen=True, slots=True)
class Federation:
    """The archives as one: a study that several hold is shown once, from the first that has it."""

    archives: Sequence[Archive]
    name: str = "all"

    def search_for_studies(self, query: Query) -> list[Study]:
        """The studies of all archives that match, newest first."""
        whole = replace(query, limit=query.limit + query.offset, offset=0)
        found: dict[str, Study] = {}
        for archive in self.archives:
            for study in archive.search_for_studies(whole):
                found.setdefault(study.study_instance_uid, study)
        newest_first = sorted(found.values(), key=_when, reverse=True)
        return newest_first[query.offset : query.offset + query.limit]

    def find_study(self, study_instance_uid: str) -> Study:
        """The one study; raises NotFound where no archive holds it, and for what is no UID."""
        if not is_uid(study_instance_uid):
            raise NotFound("There is no such study.")
        found = self.search_for_studies(Query(matches={"StudyInstanceUID": study_instance_uid}, limit=1))
        if not found:
            raise NotFound("There is no such study.")
        return found[0]

    def search_for_series(self, query: Query) -> list[Series]:
        """The series that match, from the first archive that has any."""
        return next((found for archive in self.archives if (found := archive.search_for_series(query))), [])

    def search_for_instances(self, query: Query) -> list[Instance]:
        """The instances that match, from the first archive that has any."""
        return next((found for archive in self.archives if (found := archive.search_for_instances(query))), [])

    def retrieve_metadata(
        self, study_instance_uid: str, series_instance_uid: str = "", sop_instance_uid: str = ""
    ) -> Iterator[DicomJson]:
        """All attributes but bulk data of each instance below the address, from the first archive that has it."""
        archive = self._holding(study_instance_uid)
        return archive.retrieve_metadata(study_instance_uid, series_instance_uid, sop_instance_uid)

    def open_instance(self, instance: Instance) -> BinaryIO:
        """The instance as an open Part 10 file; the caller closes it."""
        return self._holding(instance.study_instance_uid).open_instance(instance)

    def statuses(self) -> list[ArchiveStatus]:
        """How each archive is doing."""
        return [archive.status() for archive in self.archives]

    def _holding(self, study_instance_uid: str) -> Archive:
        query = Query(matches={"StudyInstanceUID": study_instance_uid}, limit=1)
        for archive in self.archives:
            if len(self.archives) == 1 or archive.search_for_studies(query):
                return archive
        raise NotFound("There is no such study.")


def _when(study: Study) -> tuple[str, str]:
    return study.text("StudyDate"), study.text("StudyTime")
