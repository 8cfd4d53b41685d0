"""Who may open what."""

import pytest

from gateway.access.policy import SCOPES, Policy
from gateway.access.principal import Channel, Principal, Role, Scope
from gateway.dicom.attributes import element
from gateway.dicom.model import Study
from gateway.errors import Forbidden

MAY_OPEN = {Role.RADIOLOGIST: True, Role.PHYSICIAN: True, Role.ADMIN: False, Role.AUDITOR: False, Role.GUEST: True}


def somebody(role, identifiers=()):
    return Principal("x", "X", role, SCOPES[role], "s", Channel.COOKIE, "v", identifiers=frozenset(identifiers))


def study(referring="House^Gregory", mark=()):
    attributes = element("ReferringPhysicianName", {"Alphabetic": referring}) if referring else {}
    if mark:
        attributes |= element("ConfidentialityConstraintOnPatientDataDescription", *mark)
    return Study("1.2", "main", "v1", attributes)


@pytest.mark.parametrize(("role", "may"), MAY_OPEN.items())
def test_roles_open_or_do_not(role, may):
    if may:
        Policy().may_open(somebody(role), study())
    else:
        with pytest.raises(Forbidden):
            Policy().may_open(somebody(role), study())


@pytest.mark.parametrize("known_as", ["House^Greg", "house^gregory", "House", "House^Gregory^^Dr", "*"])
def test_a_referrer_is_known_by_the_exact_identifier_alone(known_as):
    Policy().may_open(somebody(Role.REFERRER, ["House^Gregory"]), study())
    with pytest.raises(Forbidden):
        Policy().may_open(somebody(Role.REFERRER, [known_as]), study())
    with pytest.raises(Forbidden):
        Policy().may_open(somebody(Role.REFERRER, [""]), study(referring="Somebody^Else"))


def test_a_referrer_without_identifiers_sees_nothing_not_even_what_names_nobody():
    with pytest.raises(Forbidden):
        Policy().may_open(somebody(Role.REFERRER), study(referring=""))
    assert Policy().search_filter(somebody(Role.REFERRER)) == {"ReferringPhysicianName": frozenset()}


@pytest.mark.parametrize("mark", [("RESTRICTED",), ("vip patient",), ("normal", "Restricted access")])
@pytest.mark.parametrize("role", [Role.RADIOLOGIST, Role.PHYSICIAN, Role.GUEST])
def test_restricted_studies_are_closed(role, mark):
    with pytest.raises(Forbidden, match="restricted"):
        Policy().may_open(somebody(role), study(mark=mark))


def test_nobody_who_keeps_the_site_or_the_log_sees_images():
    for role in (Role.ADMIN, Role.AUDITOR):
        assert not SCOPES[role] & {Scope.STUDY_OPEN, Scope.STUDY_SEARCH, Scope.REPORT_READ, Scope.SHARE_CREATE}
    assert SCOPES[Role.GUEST] == {Scope.STUDY_OPEN, Scope.REPORT_READ}
