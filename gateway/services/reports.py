"""What was said about a study: all its structured reports, read in the sandbox and summed up."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from gateway.access.policy import Policy
from gateway.access.principal import Circumstances, Principal, Scope
from gateway.archive.federation import Federation
from gateway.dicom.model import Instance
from gateway.errors import Forbidden, GatewayError, NotFound
from gateway.reporting.summary import ReportReader, is_report, summarise
from gateway.services.openings import Openings
from gateway.services.shares import Shares
from gateway.services.stacks import Stack, Stacks


@dataclass(frozen=True, slots=True)
class Reports:
    """Reads reports under a grant."""

    archives: Federation
    stacks: Stacks
    openings: Openings
    reader: ReportReader
    policy: Policy
    shares: Shares

    def of_study(self, principal: Principal, study_instance_uid: str, circumstances: Circumstances) -> dict[str, Any]:
        """The report summary with all its sources' content (docs/api.md, Report); NotFound where there is none."""
        self.policy.require(principal, Scope.REPORT_READ)
        if not self.shares.report_is_shared(principal):
            raise Forbidden("The report is not part of this link.")
        study = self.archives.find_study(study_instance_uid)
        grant = self.openings.require_or_open(principal, study, circumstances)
        stacks = [s for s in self.stacks.of_study(study) if grant.covers_series(s.series.series_instance_uid)]
        documents = [instance for stack in stacks for instance in stack.instances if is_report(instance)]
        if not documents:
            raise NotFound("This study has no report here.")
        sources = [self._read(document) for document in documents]
        report = summarise(study_instance_uid, sources)
        _point_into_stacks(report, stacks)
        return report

    def _read(self, document: Instance) -> dict[str, Any]:
        try:
            with closing(self.archives.open_instance(document)) as file:
                return self.reader.read(file)
        except GatewayError as error:
            # One unreadable document is named in its place; the others are still worth reading.
            return {"sop_instance_uid": document.sop_instance_uid, "unreadable": str(error)}


def _point_into_stacks(report: dict[str, Any], stacks: list[Stack]) -> None:
    """Completes each reference with its series and its place in the stack, so that the viewer can open it."""
    places = {
        (frame.instance.sop_instance_uid, frame.frame_number): (stack.series.series_instance_uid, frame.n)
        for stack in stacks
        for frame in stack.frames
    }
    for source in report["sources"]:
        for reference in source.get("references", []):
            key = (reference.get("sop_instance_uid"), reference.get("frame_number") or 1)
            series_instance_uid, n = places.get(key, (reference.get("series_instance_uid"), None))
            reference.update(series_instance_uid=series_instance_uid, n=n)
