"""Who may do what: roles to scopes in one table, and the rules on a study's attributes."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.access.principal import Principal, Role, Scope
from gateway.dicom.attributes import values
from gateway.dicom.model import Study
from gateway.errors import Forbidden

_READERS = frozenset({Scope.STUDY_SEARCH, Scope.STUDY_OPEN, Scope.REPORT_READ, Scope.SHARE_CREATE})
SCOPES: dict[Role, frozenset[Scope]] = {
    Role.RADIOLOGIST: _READERS,
    Role.PHYSICIAN: _READERS,
    Role.REFERRER: frozenset({Scope.STUDY_SEARCH, Scope.STUDY_OPEN, Scope.REPORT_READ}),
    Role.ADMIN: frozenset({Scope.USER_CHANGE, Scope.SITE_WATCH, Scope.SHARE_REVOKE_ANY}),
    Role.AUDITOR: frozenset({Scope.AUDIT_READ}),
    Role.GUEST: frozenset({Scope.STUDY_OPEN, Scope.REPORT_READ}),
}
# How archives mark studies that are not for everybody who may read (0040,3001).
RESTRICTED_WORDS = ("restricted", "vip")
_NEEDS = {
    Scope.STUDY_SEARCH: "Searching studies is not open to you.",
    Scope.STUDY_OPEN: "Opening studies is not open to you.",
    Scope.REPORT_READ: "Reports are not open to you.",
    Scope.SHARE_CREATE: "Sharing is not open to you.",
}


class Policy:
    """Decides; raises Forbidden with a reason that tells nothing about the patient."""

    def require(self, principal: Principal, scope: Scope) -> None:
        """Raises Forbidden unless the principal has the scope."""
        if scope not in principal.scopes:
            raise Forbidden(_NEEDS.get(scope, "This is not open to you."))

    def may_open(self, principal: Principal, study: Study) -> None:
        """Raises Forbidden unless the principal may open the study."""
        self.require(principal, Scope.STUDY_OPEN)
        if is_restricted(study):
            raise Forbidden("This study is restricted.")
        if principal.role is Role.REFERRER and study.text("ReferringPhysicianName") not in principal.identifiers:
            raise Forbidden("This study was not referred by you.")

    def search_filter(self, principal: Principal) -> Mapping[str, frozenset[str]]:
        """What a search of the principal is narrowed by: exact values of attributes."""
        if principal.role is Role.REFERRER:
            return {"ReferringPhysicianName": principal.identifiers}
        return {}


def is_restricted(study: Study) -> bool:
    """Whether the archive marks the study as not for everybody."""
    marks = values(study.attributes, "ConfidentialityConstraintOnPatientDataDescription")
    return any(word in str(mark).casefold() for mark in marks for word in RESTRICTED_WORDS)
