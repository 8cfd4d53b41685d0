"""The series of a study as stacks of frames in reading order, remembered per version of the study."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from gateway.archive.federation import Federation
from gateway.dicom.attributes import Level
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.errors import Gone, NotFound
from gateway.imaging.geometry import StackFrame, frames_of, stack_order

EVERYTHING = 1_000_000
REMEMBERED_STUDIES = 32


@dataclass(frozen=True, slots=True)
class Stack:
    """One series with its instances in order and, where they hold pictures, all their frames numbered from 1."""

    series: Series
    instances: list[Instance]
    frames: list[StackFrame]


class Stacks:
    """Builds the stacks of a study from the archive's index and remembers those last used."""

    def __init__(self, archives: Federation) -> None:
        self._archives = archives
        self._lock = threading.Lock()
        self._remembered: OrderedDict[tuple[str, str], list[Stack]] = OrderedDict()

    def of_study(self, study: Study) -> list[Stack]:
        """All series of the study, by series number, pictures before documents."""
        key = (study.study_instance_uid, study.version)
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
                return self._remembered[key]
        stacks = self._build(study)
        with self._lock:
            self._remembered[key] = stacks
            while len(self._remembered) > REMEMBERED_STUDIES:
                self._remembered.popitem(last=False)
        return stacks

    def of_series(self, study_instance_uid: str, series_instance_uid: str, version: str) -> Stack:
        """The series as it was in that version of the study; raises Gone when the study has changed since."""
        with self._lock:
            stacks = self._remembered.get((study_instance_uid, version))
        if stacks is None:
            study = self._archives.find_study(study_instance_uid)
            if study.version != version:
                raise Gone("The study has changed since it was opened. Open it again.")
            stacks = self.of_study(study)
        for stack in stacks:
            if stack.series.series_instance_uid == series_instance_uid:
                return stack
        raise NotFound("There is no such series.")

    def _build(self, study: Study) -> list[Stack]:
        within = {"StudyInstanceUID": study.study_instance_uid}
        every_series = self._archives.search_for_series(Query(Level.SERIES, within, limit=EVERYTHING))
        every_instance = self._archives.search_for_instances(Query(Level.INSTANCE, within, limit=EVERYTHING))
        by_series: dict[str, list[Instance]] = {series.series_instance_uid: [] for series in every_series}
        for instance in every_instance:
            by_series.setdefault(instance.series_instance_uid, []).append(instance)
        stacks = []
        for series in every_series:
            ordered = stack_order(by_series[series.series_instance_uid])
            stacks.append(Stack(series, ordered, frames_of(series, ordered)))
        return sorted(stacks, key=lambda stack: not stack.frames)
