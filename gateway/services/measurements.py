"""What a person has measured on a study: their own work, kept for them, seen by nobody else and never exported."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from gateway.access.principal import Circumstances, Principal
from gateway.archive.federation import Federation
from gateway.audit.event import EventKind
from gateway.audit.log import AuditLog
from gateway.dicom.model import Study
from gateway.errors import Conflict, Forbidden, TooLarge
from gateway.services.openings import Grant, Openings
from gateway.services.recording import About, event_of
from gateway.store.measurements import MeasurementRow, MeasurementStore

MOST_BYTES = 192 * 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """One drawing on one frame; points in the frame's columns and rows, from the outer corner of the first pixel."""

    id: str
    kind: str
    series_instance_uid: str
    sop_instance_uid: str
    frame_number: int
    points: tuple[tuple[float, float], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Measurements:
    """Keeps measurements for each person and study, under a grant."""

    archives: Federation
    openings: Openings
    store: MeasurementStore
    audit: AuditLog

    def of_study(
        self, principal: Principal, study_instance_uid: str, circumstances: Circumstances
    ) -> tuple[int, list[Measurement]]:
        """The version and the measurements of the person; raises Forbidden for a share's guest."""
        self._granted(principal, study_instance_uid, circumstances)
        row = self.store.find(principal.name, study_instance_uid)
        drawn = [Measurement(**{**one, "points": tuple(map(tuple, one["points"]))}) for one in json.loads(row.drawn)]
        return row.version, drawn

    def replace(
        self,
        principal: Principal,
        study_instance_uid: str,
        version: int,
        drawn: Sequence[Measurement],
        circumstances: Circumstances,
    ) -> int:
        """The new version, once the change is recorded and the measurements stand in the place of that version's.

        Raises Conflict where another device has changed them in the meantime, and Forbidden for a share's guest.
        """
        study, grant = self._granted(principal, study_instance_uid, circumstances)
        series = tuple(sorted({one.series_instance_uid for one in drawn}))
        for series_instance_uid in series:
            self.openings.require_series(grant, series_instance_uid)
        body = json.dumps([asdict(one) for one in drawn], ensure_ascii=False, separators=(",", ":"))
        if len(body.encode()) > MOST_BYTES:
            raise TooLarge("These are more measurements than are kept for a study.")
        if self.store.find(principal.name, study_instance_uid).version != version:
            raise Conflict("These measurements have been changed elsewhere in the meantime.")
        words = f"changed own measurements: {len(drawn)} now"
        about = About(study, series)
        # The record comes first, as everywhere: what cannot be recorded is not done.
        self.audit.append(event_of(EventKind.MEASUREMENTS_CHANGED, words, principal, circumstances, about))
        return self.store.replace(principal.name, study_instance_uid, MeasurementRow(version, body), int(time.time()))

    def _granted(
        self, principal: Principal, study_instance_uid: str, circumstances: Circumstances
    ) -> tuple[Study, Grant]:
        if principal.share_id is not None:
            raise Forbidden("Measurements are kept for those who have an account.")
        study = self.archives.find_study(study_instance_uid)
        return study, self.openings.require_or_open(principal, study, circumstances)
