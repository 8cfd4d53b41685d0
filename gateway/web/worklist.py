"""The worklist's search: `/api/v1/studies/search`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from gateway.dicom.attributes import Level
from gateway.dicom.query import Query
from gateway.services.worklist import Show, Worklist
from gateway.web.guards import Guards
from gateway.web.study_shapes import StudySummary, listed_study


class Search(BaseModel, extra="forbid"):
    """What the worklist looks for; every field narrows."""

    words: str = Field(default="", max_length=128)
    patient_name: str = Field(default="", max_length=128)
    patient_id: str = Field(default="", max_length=64)
    accession_number: str = Field(default="", max_length=64)
    modalities: list[str] = Field(default_factory=list, max_length=32)
    date_from: date | None = None
    date_to: date | None = None
    show: Show = Show.ALL
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=100_000)

    def query(self) -> Query:
        """The search as a query at study level."""
        exact = {"PatientID": self.patient_id, "AccessionNumber": self.accession_number}
        matches = {keyword: value for keyword, value in exact.items() if value}
        if self.patient_name:
            matches["PatientName"] = f"*{self.patient_name}*"
        if self.modalities:
            matches["ModalitiesInStudy"] = ",".join(self.modalities)
        if self.date_from or self.date_to:
            matches["StudyDate"] = f"{_da(self.date_from)}-{_da(self.date_to)}"
        return Query(Level.STUDY, matches, self.words, limit=self.limit, offset=self.offset)


class ArchiveState(BaseModel):
    """How one archive is doing."""

    name: str
    state: str
    detail: str


class StudyPage(BaseModel):
    """One page of the worklist."""

    studies: list[StudySummary]
    more: bool
    urgent_count: int
    new_count: int
    new_since: datetime
    archives: list[ArchiveState]


def blueprint(worklist: Worklist, guards: Guards) -> APIBlueprint:
    """The route of the worklist for those signed in."""
    routes = APIBlueprint("worklist", __name__, url_prefix="/api/v1/studies", tag="Studies")
    routes.before_request(guards.signed_in)

    @routes.post("/search")
    @routes.input(Search, arg_name="search")
    @routes.output(StudyPage)
    def search_for_studies(search: Search) -> StudyPage:
        found = worklist.search(guards.principal(), search.query(), search.show, guards.circumstances())
        return StudyPage(
            studies=[listed_study(one) for one in found.studies],
            more=found.more,
            urgent_count=found.urgent_count,
            new_count=found.new_count,
            new_since=datetime.fromtimestamp(found.new_since, UTC),
            archives=[ArchiveState(name=a.name, state=a.state, detail=a.detail) for a in found.archives],
        )

    return routes


def _da(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""
