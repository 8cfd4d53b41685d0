"""A directory tree of Part 10 files as an archive."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from gateway.archive.base import ArchiveStatus
from gateway.archive.folder_scan import FolderScan, Progress, nothing_to_say
from gateway.dicom.attributes import DicomJson, Level
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.errors import ArchiveAway, NotFound, Unreadable
from gateway.sandbox.sandbox import Sandbox
from gateway.store.archive_index import ArchiveIndex, HoldingFile, KnownFile
from gateway.store.archive_search import ArchiveSearch

METADATA_BATCH = 16
EVERYTHING = 10_000_000


class FolderArchive:
    """An archive whose objects lie in a folder; found through an index, opened from the disk."""

    def __init__(self, name: str, root: Path, index: ArchiveIndex, sandbox: Sandbox) -> None:
        self.name = name
        self._root = root
        self._index = index
        self._sandbox = sandbox
        self._search = ArchiveSearch(index.database, name)
        self._scan = FolderScan(root, index, sandbox)

    def search_for_studies(self, query: Query) -> list[Study]:
        """The studies that match, newest first."""
        return self._search.studies(query)

    def search_for_series(self, query: Query) -> list[Series]:
        """The series that match, by series number."""
        return self._search.series(query)

    def search_for_instances(self, query: Query) -> list[Instance]:
        """The instances that match, by instance number."""
        return self._search.instances(query)

    def retrieve_metadata(
        self, study_instance_uid: str, series_instance_uid: str = "", sop_instance_uid: str = ""
    ) -> Iterator[DicomJson]:
        """All attributes but bulk data of each instance below the address; a file that cannot be read is left out."""
        named = {
            "StudyInstanceUID": study_instance_uid,
            "SeriesInstanceUID": series_instance_uid,
            "SOPInstanceUID": sop_instance_uid,
        }
        matches = {keyword: uid for keyword, uid in named.items() if uid}
        waiting = iter(self.search_for_instances(Query(Level.INSTANCE, matches, limit=EVERYTHING)))
        while batch := list(islice(waiting, METADATA_BATCH)):
            yield from self._whole_headers(batch)

    def open_instance(self, instance: Instance) -> BinaryIO:
        """The instance as an open Part 10 file; the caller closes it."""
        uids = instance.sop_instance_uid, instance.series_instance_uid, instance.study_instance_uid
        for is_last in (False, True):
            holding = self._index.file_of(*uids)
            if holding is None:
                break
            file = self._open(holding)
            facts = os.fstat(file.fileno())
            if KnownFile(facts.st_size, facts.st_mtime_ns) == holding.indexed:
                return file
            # Whoever changed the file may have put another patient's there: what it holds now decides.
            file.close()
            if not is_last:
                self._scan.look_again(holding.directory, holding.name)
        raise NotFound("The archive does not hold this object.")

    def scan(self, progress: Progress = nothing_to_say) -> None:
        """Looks through the folder for what is new, changed or gone."""
        self._scan.run(progress)

    def problems(self) -> Sequence[tuple[str, str]]:
        """Each file that is not indexed: its path below the root, and the reason."""
        return self._index.problems()

    def status(self) -> ArchiveStatus:
        """How many studies there are, whether a scan is under way, and whether the folder is there at all."""
        if not self._root.is_dir():
            return ArchiveStatus(self.name, "away", f"The folder {self._root} is not there.")
        studies, instances, problems = self._index.count()
        detail = f"{studies} studies, {instances} objects"
        if problems:
            detail += f"; {problems} files are not indexed (archive check says why)"
        if self._scan.is_running():
            return ArchiveStatus(self.name, "indexing", f"Indexing: {detail} so far.", instances)
        return ArchiveStatus(self.name, "ready", f"{detail}.", instances)

    def _open(self, holding: HoldingFile) -> BinaryIO:
        whole = self._root / holding.directory / holding.name
        if not whole.parent.resolve().is_relative_to(self._root.resolve()):
            raise NotFound("The archive does not hold this object.")
        try:
            # Not even a link put in the file's place may lead elsewhere, nor a pipe hold the request up.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            return os.fdopen(os.open(whole, flags), "rb")
        except FileNotFoundError:
            raise NotFound("The object is no longer in the archive's folder.") from None
        except OSError:
            raise ArchiveAway("The archive's folder cannot be read.") from None

    def _whole_headers(self, batch: Sequence[Instance]) -> Iterator[DicomJson]:
        opened: list[BinaryIO] = []
        try:
            opened = [self.open_instance(one) for one in batch]
            descriptors = [file.fileno() for file in opened]
            answer = self._sandbox.run("gateway.archive.whole_headers:read_whole_headers", {}, descriptors)
        except (NotFound, Unreadable):
            # One hostile file must not hide its neighbours.
            if len(batch) > 1:
                for one in batch:
                    yield from self._whole_headers([one])
            return
        finally:
            for file in opened:
                file.close()
        yield from (header for header in answer.value if header is not None)
