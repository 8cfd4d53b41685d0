"""Finding studies for standard clients, opening one, and describing it once it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gateway.access.policy import Policy
from gateway.access.principal import Circumstances, Principal, Scope
from gateway.archive.federation import Federation
from gateway.audit.event import EventKind
from gateway.audit.log import AuditLog
from gateway.dicom.attributes import Level
from gateway.dicom.model import Instance, Series, Study
from gateway.dicom.query import Query
from gateway.services.openings import Grant, Openings
from gateway.services.questions import in_words
from gateway.services.recording import About, event_of
from gateway.services.stacks import Stack, Stacks, presentation_states
from gateway.store.rendition_keys import RenditionKeys, SeriesKey

Search = Callable[[Principal, Query, Circumstances], Sequence[Study | Series | Instance]]


@dataclass(frozen=True, slots=True)
class OpenedStudy:
    """A study under a grant: its stacks, each with the keys of its kept renderings, and its presentation states.

    A state that was made for pictures that are granted comes with them, whatever series it stands in.
    """

    study: Study
    grant: Grant
    stacks: list[tuple[Stack, SeriesKey]]
    states: list[Instance]


@dataclass(frozen=True, slots=True)
class Studies:
    """What a person does with studies before looking at pictures."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    keys: RenditionKeys
    audit: AuditLog
    policy: Policy

    def search_at(self, level: Level) -> Search:
        """The search of that level for standard clients; what it finds below an open study needs no new record."""
        of_level: dict[Level, Callable[[Query], Sequence[Study | Series | Instance]]] = {
            Level.STUDY: self.archives.search_for_studies,
            Level.SERIES: self.archives.search_for_series,
            Level.INSTANCE: self.archives.search_for_instances,
        }

        def search(
            principal: Principal, query: Query, circumstances: Circumstances
        ) -> Sequence[Study | Series | Instance]:
            study_instance_uid = query.matches.get("StudyInstanceUID", "")
            if level is Level.STUDY or not study_instance_uid:
                return of_level[level](self._narrowed(principal, query, circumstances))
            # One study: a list would be searched whole under the grant for one of them.
            study = self.archives.find_study(study_instance_uid)
            grant = self.openings.require_or_open(principal, study, circumstances)
            found = of_level[level](query)
            return [one for one in found if isinstance(one, Study) or grant.covers_series(one.series_instance_uid)]

        return search

    def open(self, principal: Principal, study_instance_uid: str, circumstances: Circumstances) -> OpenedStudy:
        """The study, after policy, record and grant."""
        study = self.archives.find_study(study_instance_uid)
        return self._describe(study, self.openings.open(principal, study, circumstances))

    def describe(self, principal: Principal, study_instance_uid: str, circumstances: Circumstances) -> OpenedStudy:
        """The study under the grant that the session already has; a Bearer client's first request opens it."""
        study = self.archives.find_study(study_instance_uid)
        return self._describe(study, self.openings.require_or_open(principal, study, circumstances))

    def _describe(self, study: Study, grant: Grant) -> OpenedStudy:
        all_stacks = self.stacks.of_study(study)
        stacks = [
            (
                stack,
                self.keys.keys_for_series(study.study_instance_uid, stack.series.series_instance_uid, study.version),
            )
            for stack in all_stacks
            if grant.covers_series(stack.series.series_instance_uid)
        ]
        return OpenedStudy(study, grant, stacks, presentation_states(all_stacks))

    def _narrowed(self, principal: Principal, query: Query, circumstances: Circumstances) -> Query:
        self.policy.require(principal, Scope.STUDY_SEARCH)
        about = About(asked=in_words(query))
        self.audit.append(event_of(EventKind.QUERY, "searched", principal, circumstances, about))
        return replace(query, allowed={**query.allowed, **self.policy.search_filter(principal)})
