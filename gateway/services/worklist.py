"""The worklist: the studies that a person may find, the urgent ones first, and what is new to them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gateway.access.policy import Policy
from gateway.access.principal import Circumstances, Principal, Scope
from gateway.archive.base import ArchiveStatus
from gateway.archive.federation import Federation
from gateway.dicom.model import Study
from gateway.dicom.query import Query
from gateway.services.questions import Questions, in_words
from gateway.services.urgency import Urgent, urgency_of, urgent_from
from gateway.store.grants import GrantStore
from gateway.store.looks import LookStore

# Of as many of the latest studies the urgent ones are sought, and as many new ones are told.
MOST_CONSIDERED = 1000
MOST_NEW = 200
MOST_RECENT = 50
RECENT_SECONDS = 7 * 24 * 3600


class Show(StrEnum):
    """What of the worklist is shown."""

    ALL = "all"
    URGENT = "urgent"
    NEW = "new"
    RECENT = "recent"


@dataclass(frozen=True, slots=True)
class ListedStudy:
    """A study as the worklist knows it."""

    study: Study
    urgent: Urgent | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class StudyList:
    """One page of the worklist, and how many matching studies are urgent and new, on the page or not."""

    studies: list[ListedStudy]
    more: bool
    urgent_count: int
    new_count: int
    new_since: int
    archives: list[ArchiveStatus]


@dataclass(frozen=True, slots=True)
class Worklist:
    """Lists studies for one person."""

    archives: Federation
    policy: Policy
    questions: Questions
    grants: GrantStore
    looks: LookStore

    def search(self, principal: Principal, query: Query, show: Show, circumstances: Circumstances) -> StudyList:
        """The studies that match and that the principal may see; the question is recorded before it is answered.

        All of them come urgent ones first, then the newest; those that the person opened lately, the latest first.
        """
        self.policy.require(principal, Scope.STUDY_SEARCH)
        asked = in_words(query)
        if show is not Show.ALL:
            asked = "; ".join(filter(None, [asked, f"only {show}"]))
        self.questions.record(principal, asked, circumstances)
        narrowed = replace(query, allowed={**query.allowed, **self.policy.search_filter(principal)})
        now, today = int(time.time()), date.today()  # noqa: DTZ011 - a study's day is that of the hospital's clock
        new_since = self.looks.look(principal.name, now)
        opened = self.grants.opened_by(principal.name, now - RECENT_SECONDS)
        urgent = self._urgent(narrowed, today)
        new = self._new(narrowed, new_since, opened)
        if show is Show.ALL:
            found = self._urgent_first(narrowed, urgent)
        elif show is Show.RECENT:
            found = _page(self._opened(narrowed, opened), query)
        else:
            found = _page(urgent if show is Show.URGENT else new, query)
        return StudyList(
            [_listed(study, today, new_since, opened) for study in found[: query.limit]],
            len(found) > query.limit,
            len(urgent),
            len(new),
            new_since,
            self.archives.statuses(),
        )

    def _urgent(self, query: Query, today: date) -> list[Study]:
        first, dash, last = query.matches.get("StudyDate", "-").partition("-")
        first, last = max(first, urgent_from(today)), last if dash else first
        recent = {**query.matches, "StudyDate": f"{first}-{last}"}
        latest = self.archives.search_for_studies(replace(query, matches=recent, limit=MOST_CONSIDERED, offset=0))
        ranked = [(urgent.urgency, study) for study in latest if (urgent := urgency_of(study, today))]
        # Sorting keeps the order of equals: within one urgency the newest stay first.
        return [study for _, study in sorted(ranked, key=lambda one: one[0], reverse=True)]

    def _new(self, query: Query, since: int, opened: Mapping[str, int]) -> list[Study]:
        arrived = self.archives.search_for_studies(replace(query, arrived_after=since, limit=MOST_NEW, offset=0))
        return [study for study in arrived if study.study_instance_uid not in opened]

    def _opened(self, query: Query, opened: Mapping[str, int]) -> list[Study]:
        latest = list(opened)[:MOST_RECENT]
        if not latest:
            return []
        named = {**query.matches, "StudyInstanceUID": ",".join(latest)}
        found = self.archives.search_for_studies(replace(query, matches=named, limit=MOST_RECENT, offset=0))
        return sorted(found, key=lambda study: latest.index(study.study_instance_uid))

    def _urgent_first(self, query: Query, urgent: list[Study]) -> list[Study]:
        known = {study.study_instance_uid for study in urgent}
        enough = query.offset + query.limit + 1
        rest = self.archives.search_for_studies(replace(query, limit=enough + len(known), offset=0))
        return _page([*urgent, *(study for study in rest if study.study_instance_uid not in known)], query)


def _page(studies: list[Study], query: Query) -> list[Study]:
    """The page that is asked for and one study more, which tells that there is another page."""
    return studies[query.offset : query.offset + query.limit + 1]


def _listed(study: Study, today: date, new_since: int, opened: Mapping[str, int]) -> ListedStudy:
    is_new = study.arrived_at > new_since and study.study_instance_uid not in opened
    return ListedStudy(study, urgency_of(study, today), is_new)
