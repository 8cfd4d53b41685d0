"""Guests of a share of some series, and referrers: they see what is theirs, and trying more is recorded."""

import pytest
from house import STUDY, House, here

from gateway.access.principal import Role
from gateway.archive.federation import Federation
from gateway.dicom.attributes import element
from gateway.dicom.model import Series, Study
from gateway.errors import BadRequest, Forbidden, Gone, NotFound, NotOpened, StepNeeded
from gateway.services.shares import Shares, Wish

CT, MR, SR = "1.2.3.1", "1.2.3.2", "1.2.3.9"


class ThreeSeries:
    """An archive of one study with two series of pictures and a report."""

    name = "main"

    def search_for_studies(self, query):
        """The study, where it is asked for."""
        return [STUDY] if query.matches.get("StudyInstanceUID", "1.2.3") == "1.2.3" else []

    def search_for_series(self, query):
        """Its series, where it is asked for."""
        if query.matches["StudyInstanceUID"] != "1.2.3":
            return []
        modalities = ((CT, "CT"), (MR, "MR"), (SR, "SR"))
        return [Series("1.2.3", uid, element("Modality", modality)) for uid, modality in modalities]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.add()
    old = made.shares
    archives = Federation([ThreeSeries()])
    made.shares = Shares(old.store, old.accounts, archives, old.audit, old.policy, old.directories, old.days_cap)
    return made


@pytest.fixture
def alice(house):
    return house.sign_in().principal


def guest_of(house, alice, **wishes):
    made, secret = house.shares.create(alice, Wish("1.2.3", **wishes), here())
    return house.shares.redeem(made.id, secret, None, here()).principal


def test_a_guest_of_one_series_sees_that_one_alone(house, alice):
    guest = guest_of(house, alice, series_instance_uids=[CT])
    grant = house.openings.open(guest, STUDY, here())
    assert (grant.covers_series(CT), grant.covers_series(MR)) == (True, False)
    house.openings.require(guest, "1.2.3", CT)
    with pytest.raises(Forbidden):
        house.openings.require(guest, "1.2.3", MR)
    (study,) = (house.tiles / "grants" / guest.view_key).iterdir()
    ct, mr = (house.keys.keys_for_series("1.2.3", uid, "v1").series_key for uid in (CT, MR))
    assert not study.is_symlink()
    assert [one.name for one in study.iterdir()] == [ct]
    assert not (study / mr).exists()
    assert f'"series":["{CT}"]' in house.records()[-1]


def test_a_share_without_the_report_leads_to_no_document(house, alice):
    guest = guest_of(house, alice, with_report=False)
    assert not house.shares.report_is_shared(guest)
    house.openings.open(guest, STUDY, here())
    house.openings.require(guest, "1.2.3", MR)
    with pytest.raises(Forbidden):
        house.openings.require(guest, "1.2.3", SR)
    assert house.shares.report_is_shared(guest_of(house, alice))
    assert house.shares.report_is_shared(alice)


@pytest.mark.parametrize(
    "wish",
    [{"series_instance_uids": ["1.2.3.77"]}, {"series_instance_uids": [CT, "9.9"]},
     {"series_instance_uids": [SR], "with_report": False}],
)  # fmt: skip
def test_series_that_are_not_there_are_not_shared(house, alice, wish):
    with pytest.raises(BadRequest):
        house.shares.create(alice, Wish("1.2.3", **wish), here())
    assert house.shares.list_for(alice) == []


def test_looking_at_a_share_uses_nothing_up(house, alice):
    made, secret = house.shares.create(alice, Wish("1.2.3", max_opens=1), here())
    for _ in range(3):
        assert house.shares.preview(made.id, secret).state == "open"
    house.shares.redeem(made.id, secret, None, here())
    (listed,) = house.shares.list_for(alice)
    assert (listed.opens, listed.state) == (1, "used-up")


def test_every_link_that_fails_is_recorded_without_its_secret(house, alice):
    made, secret = house.shares.create(alice, Wish("1.2.3", max_opens=1, passphrase="between the lines"), here())
    house.shares.redeem(made.id, secret, "between the lines", here())
    open_one, its_secret = house.shares.create(alice, Wish("1.2.3", passphrase="between the lines"), here())
    before = len(house.records())
    tries = ((made.id, "guessed", None), ("0" * 32, secret, None), (made.id, secret, None))
    for share_id, told, passphrase in (*tries, (open_one.id, its_secret, "not the lines")):
        with pytest.raises((NotFound, Gone, StepNeeded)):
            house.shares.redeem(share_id, told, passphrase, here())
    new = house.records()[before:]
    assert len(new) == 4
    for record in new:
        assert '"outcome":"4"' in record
        assert not any(told in record for told in (secret, its_secret, "guessed", "lines"))


def test_a_guest_who_tries_another_study_is_recorded(house, alice):
    guest = guest_of(house, alice)
    before = len(house.records())
    with pytest.raises(Forbidden):
        house.openings.open(guest, Study("1.2.4", "main", "v1", {}), here())
    (record,) = house.records()[before:]
    assert '"study":"1.2.4"' in record
    assert '"outcome":"4"' in record
    assert f'"share":"{guest.share_id}"' in record


def test_a_referrer_opens_what_was_referred_and_is_recorded_trying_more(house):
    house.add("greg", Role.REFERRER, identifiers=["House^Gregory"])
    greg = house.sign_in("greg").principal
    referred, foreign = (
        Study(uid, "main", "v1", element("ReferringPhysicianName", {"Alphabetic": by}))
        for uid, by in (("1.2.5", "House^Gregory"), ("1.2.6", "Wilson^James"))
    )
    house.openings.open(greg, referred, here())
    before = len(house.records())
    with pytest.raises(Forbidden):
        house.openings.open(greg, foreign, here())
    (record,) = house.records()[before:]
    assert '"study":"1.2.6"' in record
    assert '"outcome":"4"' in record
    assert "Wilson" not in record
    with pytest.raises(NotOpened):
        house.openings.require(greg, "1.2.6")
    assert len(list((house.tiles / "grants" / greg.view_key).iterdir())) == 1
    with pytest.raises(Forbidden):
        house.shares.create(greg, Wish("1.2.3"), here())
    assert '"outcome":"4"' in house.records()[-1]


def test_a_grant_is_one_sessions_and_not_the_persons(house, alice):
    house.openings.open(alice, STUDY, here())
    with pytest.raises(NotOpened):
        house.openings.require(house.sign_in().principal, "1.2.3")


def test_revoking_one_share_leaves_another_ones_guests(house, alice):
    first, second = guest_of(house, alice), guest_of(house, alice)
    for guest in (first, second):
        house.openings.open(guest, STUDY, here())
    house.shares.revoke(alice, first.share_id, here())
    assert not (house.tiles / "grants" / first.view_key).exists()
    assert (house.tiles / "grants" / second.view_key).exists()
    assert house.openings.require(second, "1.2.3").covers_series(CT)
