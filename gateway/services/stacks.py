"""The series of a study as stacks of frames in reading order, remembered per version of the study."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from gateway.archive.federation import Federation
from gateway.dicom.attributes import Level, number
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.dicom.sop_classes import KEY_OBJECT_SELECTION, PRESENTATION_STATES, WHOLE_SLIDE
from gateway.dicom.transfer_syntax import VIDEO
from gateway.errors import GatewayError, Gone, NotFound
from gateway.imaging.renderer import Renderer, VideoFacts
from gateway.imaging.slide_levels import slide_frames
from gateway.imaging.stack_order import StackFrame, reading_order

EVERYTHING = 1_000_000
REMEMBERED_STUDIES = 32
_PER_INSTANCE_VIDEOS = 64


@dataclass(frozen=True, slots=True)
class Stack:
    """One series with its instances and, where it holds or selects pictures, all their frames numbered from 1.

    `kind` is `images`, `key-images` (a key object selection: frames of other series), `video`, `document` or `other`.
    """

    series: Series
    instances: list[Instance]
    frames: list[StackFrame]
    kind: str
    video: VideoFacts | None = field(default=None)


class Stacks:
    """Builds the stacks of a study from the archive's index and remembers those last used."""

    def __init__(self, archives: Federation, renderer: Renderer) -> None:
        self._archives = archives
        self._renderer = renderer
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

    def of_version(self, study_instance_uid: str, version: str) -> list[Stack]:
        """The study as it was in that version; raises Gone when it has changed since."""
        with self._lock:
            stacks = self._remembered.get((study_instance_uid, version))
        if stacks is None:
            study = self._archives.find_study(study_instance_uid)
            if study.version != version:
                raise Gone("The study has changed since it was opened. Open it again.")
            stacks = self.of_study(study)
        return stacks

    def of_series(self, study_instance_uid: str, series_instance_uid: str, version: str) -> Stack:
        """The series as it was in that version of the study; raises Gone when the study has changed since."""
        for stack in self.of_version(study_instance_uid, version):
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
        by_uid = {instance.sop_instance_uid: instance for instance in every_instance}
        stacks = [self._stack(series, by_series[series.series_instance_uid], by_uid) for series in every_series]
        return sorted(stacks, key=lambda stack: not stack.frames)

    def _stack(self, series: Series, instances: list[Instance], by_uid: Mapping[str, Instance]) -> Stack:
        if any(_sop_class(one) == KEY_OBJECT_SELECTION for one in instances):
            selected = _selected(instances, by_uid)
            return Stack(series, instances, selected, "key-images" if selected else "document")
        if any(_sop_class(one) == WHOLE_SLIDE for one in instances):
            return Stack(series, instances, slide_frames(instances), "images")
        videos = self._videos(instances)
        counted = [_with_frames(one, videos.get(one.sop_instance_uid)) for one in instances]
        frames = reading_order(counted)
        if not frames:
            is_document = series.text("Modality") in {"SR", "DOC", "KO"}
            return Stack(series, instances, [], "document" if is_document else "other")
        video = next(iter(videos.values()), None) if len(instances) == 1 else None
        return Stack(series, instances, frames, "video" if video else "images", video)

    def _videos(self, instances: Sequence[Instance]) -> dict[str, VideoFacts]:
        """What the videos say of themselves: their headers' number of frames is nominal. A damaged one says nothing."""
        found = {}
        for instance in [one for one in instances if one.text("AvailableTransferSyntaxUID") in VIDEO][
            :_PER_INSTANCE_VIDEOS
        ]:
            try:
                with closing(self._archives.open_instance(instance)) as file:
                    found[instance.sop_instance_uid] = self._renderer.video_facts(file)
            except GatewayError:
                continue
        return found


def presentation_states(stacks: Sequence[Stack]) -> list[Instance]:
    """The presentation states of the study in a lasting order; their places, from 1, name them in renditions."""
    states = [one for stack in stacks for one in stack.instances if _sop_class(one) in PRESENTATION_STATES]
    return sorted(states, key=lambda one: (number(one.attributes, "InstanceNumber") or 0, one.sop_instance_uid))


def _sop_class(instance: Instance) -> str:
    return instance.text("SOPClassUID")


def _with_frames(instance: Instance, video: VideoFacts | None) -> Instance:
    return instance if video is None else instance.with_number_of_frames(video.frames)


def _selected(instances: Sequence[Instance], by_uid: Mapping[str, Instance]) -> list[StackFrame]:
    """The pictures that key object selections name, in their order and none twice; what the study lacks is left out."""
    chosen: dict[tuple[str, int], Instance] = {}
    for reference in (reference for one in instances for reference in one.references):
        instance = by_uid.get(reference.sop_instance_uid)
        if instance is None:
            continue
        for frame_number in reference.frame_numbers or range(1, instance.number_of_frames + 1):
            if 1 <= frame_number <= instance.number_of_frames:
                chosen.setdefault((instance.sop_instance_uid, frame_number), instance.of_frame(frame_number))
    return [StackFrame(n, instance, frame) for n, ((_, frame), instance) in enumerate(chosen.items(), start=1)]
