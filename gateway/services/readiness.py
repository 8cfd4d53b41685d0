"""Whether patient data can be shown right now."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from gateway.archive.federation import Federation
from gateway.audit.log import AuditLog
from gateway.errors import Unavailable

LEAST_FREE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Readiness:
    """The parts without which nothing may be shown; an archive that is away is told, but is no reason to refuse."""

    audit: AuditLog
    archives: Federation
    data_dir: Path

    def check(self) -> None:
        """Returns when all is well; raises Unavailable or AuditUnwritable with the reason."""
        self.audit.check_writable()
        if shutil.disk_usage(self.data_dir).free < LEAST_FREE_BYTES:
            raise Unavailable("The disk is nearly full.")
