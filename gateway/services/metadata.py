"""All attributes of opened instances, as the archive holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.dicom.attributes import ATTRIBUTES, DicomJson
from gateway.errors import NotFound
from gateway.services.openings import Openings


@dataclass(frozen=True, slots=True)
class Metadata:
    """Retrieves metadata under a grant."""

    archives: Federation
    openings: Openings

    def below(
        self, principal: Principal, study: str, series: str, instance: str, circumstances: Circumstances
    ) -> Iterator[DicomJson]:
        """The attributes of each instance below the address (PS3.18 10.4.1.1.2); NotFound when there is none.

        The first is retrieved before this returns, so that an error is an answer and not a broken stream.
        """
        found = self.archives.find_study(study)
        grant = self.openings.require_or_open(principal, found, circumstances)
        if series:
            self.openings.require_series(grant, series)
        covered = (
            one for one in self.archives.retrieve_metadata(study, series, instance) if grant.covers_series(_series(one))
        )
        first = next(covered, None)
        if first is None:
            raise NotFound("There is no such object in this study.")
        return self.openings.while_open(principal, study, _with_first(first, covered))


def _with_first(first: DicomJson, rest: Iterator[DicomJson]) -> Iterator[DicomJson]:
    yield first
    yield from rest


def _series(attributes: DicomJson) -> str:
    values = attributes.get(ATTRIBUTES["SeriesInstanceUID"].tag, {}).get("Value") or [""]
    return str(values[0])
