"""What is held of a person, exported and erased."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from stories import queued

from crosspromo.domain.errors import PeopleError
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.photos import PhotoConsent, photos_lacking
from crosspromo.domain.reasons.people import IsKeptAway, LastAdmin, NothingHeld, StillToBeSaid
from crosspromo.domain.states import State
from crosspromo.services.erase_people import PersonalData
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.kept_away import KeptAway
from crosspromo.services.partner_people import PartnerPeopleService, PersonChanges
from crosspromo.services.partners import PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

KIM = "Kim Rivera"
KEY = b"k" * 44
AWAY = KeptAway(lambda: KEY)
ADDED = PersonChanges(KIM, (PartnerRole.SIGN_OFF,), "kim@river.example.org", "555 0100", "Tuesdays")


@pytest.fixture
def data(store: Store) -> PersonalData:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
    return PersonalData(store, FakeClock(), lambda: KEY, AWAY, ZoneInfo("UTC"), {}, "ana")


@pytest.fixture
def people(store: Store) -> PartnerPeopleService:
    return PartnerPeopleService(store, FakeClock(), AWAY, "ana")


def test_everything_about_a_person_is_shown_without_secrets(
    store: Store, data: PersonalData, people: PartnerPeopleService
) -> None:
    people.add("river-keepers", ADDED)
    with store.write() as unit:
        person = unit.people.add(KIM, None, Role.READER, START)
        unit.people.set_password(person, "a hash")
    found = {trace.table: trace for trace in data.export("kim rivera")}
    assert {"partner_people", "people", "audit"} == found.keys()
    assert found["partner_people"].row["note"] == "Tuesdays"
    assert "password" not in found["people"].row


def test_a_name_that_nobody_knows_is_told(data: PersonalData) -> None:
    for act in (data.export, data.erase):
        with pytest.raises(PeopleError) as caught:
            act("Nobody At All")
        assert caught.value.reason == NothingHeld("Nobody At All")


def test_a_person_is_erased_and_has_the_same_pseudonym_again(
    data: PersonalData, people: PartnerPeopleService
) -> None:
    people.add("river-keepers", ADDED)
    first = data.erase(KIM)
    with pytest.raises(PeopleError):
        data.export(KIM)
    people.add("river-keepers", ADDED)
    assert data.erase("  kim   RIVERA ").pseudonym == first.pseudonym


def test_who_erases_themselves_is_named_by_the_pseudonym(
    store: Store, data: PersonalData, people: PartnerPeopleService
) -> None:
    people.add("river-keepers", ADDED)
    erased = replace(data, actor=KIM).erase(KIM)
    with store.read() as unit:
        assert unit.audit.latest(1)[0].who == erased.pseudonym


def test_a_trial_changes_nothing(data: PersonalData, people: PartnerPeopleService) -> None:
    kim = people.add("river-keepers", ADDED)
    assert data.erase(KIM, keep_away=True, dry_run=True).rows["partner_people"] == 1
    assert people.list("river-keepers") == [kim]
    people.edit(kim.number, PersonChanges(note="Fridays"))


def test_the_only_admin_stays(store: Store, data: PersonalData) -> None:
    with store.write() as unit:
        unit.people.add(KIM, None, Role.ADMIN, START)
    with pytest.raises(PeopleError) as caught:
        data.erase(KIM)
    assert caught.value.reason == LastAdmin(KIM)


def test_a_post_that_waits_and_names_them_is_dealt_with_first(
    store: Store, data: PersonalData, people: PartnerPeopleService
) -> None:
    people.add("river-keepers", ADDED)
    waiting = queued(store, f"Meet {KIM} on Saturday")
    with pytest.raises(PeopleError) as caught:
        data.erase(KIM)
    assert caught.value.reason == StillToBeSaid(KIM, (("delivery", str(waiting)),))
    assert people.list("river-keepers")


def shown_by(store: Store, delivery: int, *, consent: bool, person: str = KIM) -> int:
    """Record an answer of the person on an image that a delivery shows; its number comes back."""
    answer = PhotoConsent(
        number=0,
        hash="a" * 64,
        image="river.jpg",
        person=person,
        minor=False,
        consent=consent,
        networks=(),
        given_by=person,
        until=None,
        evidence=f"form of {person}",
        recorded_at=START,
        recorded_by="dan",
    )
    with store.write() as unit:
        unit.photo_consents.set_hashes(delivery, [answer.hash])
        return unit.photo_consents.add(answer)


def test_what_they_agreed_to_on_images_is_withdrawn_and_what_waits_by_it_is_a_draft(
    store: Store, data: PersonalData
) -> None:
    shows, other = queued(store, "By the river"), queued(store, "No image")
    number = shown_by(store, shows, consent=True)
    stays = shown_by(store, shows, consent=True, person="Dan Okafor")
    assert data.erase(KIM, dry_run=True).drafts == (shows,)
    done = data.erase(KIM)
    assert done.drafts == (shows,)
    with store.write() as unit:
        consent = unit.photo_consents.get(number)
        assert (consent.withdrawn_at, consent.withdrawn_by) == (START, "ana")
        assert {consent.person, consent.given_by} == {done.pseudonym}
        assert unit.photo_consents.get(stays).stands
        states = {each: unit.deliveries.get(each).state for each in (shows, other)}
        fault = unit.deliveries.get(shows).fault
    assert states == {shows: State.DRAFT, other: State.QUEUED}
    assert KIM not in str(fault)
    with pytest.raises(PeopleError):
        data.export(KIM)


def test_a_no_of_theirs_still_binds(store: Store, data: PersonalData) -> None:
    number = shown_by(store, queued(store, "By the river"), consent=False)
    data.erase(KIM)
    with store.write() as unit:
        no = unit.photo_consents.get(number)
    assert no.stands
    assert photos_lacking([no], "x", START.date())


@pytest.mark.parametrize("kind", ["", "individual"])
def test_a_partner_who_is_the_person_is_emptied_with_the_slugs_of_before(
    store: Store, data: PersonalData, kind: str
) -> None:
    with store.write() as unit:
        now = Partner("kim-rivera", KIM, kind=kind, why="Poet.", handles={"x": "kimrivera"})
        unit.partners.save(now, START)
        unit.partners.save(Partner("kim-r", "Kim R", kind=kind), START)
        unit.partner_merging.move("kim-r", "kim-rivera", START, "ana")
    data.erase(KIM)
    with store.read() as unit:
        known = unit.partners.all()
        assert unit.partner_merging.merged("kim-r") is None
    (left,) = (each for each in known if each.slug != "river-keepers")
    assert (left.why, left.handles) == ("", {})
    assert "kim" not in left.slug


def test_an_organisation_of_the_same_name_stays(store: Store, data: PersonalData) -> None:
    with store.write() as unit:
        named_so = Partner("kim-rivera", KIM, kind="organisation", why="A foundation.")
        unit.partners.save(named_so, START)
        unit.partner_people.add(
            PartnerPerson(0, "river-keepers", KIM, (PartnerRole.SIGN_OFF,), START, "ana")
        )
    data.erase(KIM)
    with store.read() as unit:
        assert [each.why for each in unit.partners.all()] == ["A foundation.", ""]


class TestKeptAway:
    @pytest.mark.parametrize(
        "changes",
        [
            PersonChanges("J. Nunez", phone="+1 (555) 01-00"),
            PersonChanges("Jose\u0301 Nu\u0301n\u0303ez"),
        ],
    )
    def test_neither_the_number_nor_the_name_in_other_letters_comes_back(
        self, data: PersonalData, people: PartnerPeopleService, changes: PersonChanges
    ) -> None:
        jose = PersonChanges("Jos\u00e9 N\u00fa\u00f1ez", phone="+1 555-0100")
        people.add("river-keepers", jose)
        data.erase("Jos\u00e9 N\u00fa\u00f1ez", keep_away=True)
        with pytest.raises(PeopleError):
            people.add("river-keepers", changes)

    def test_neither_name_nor_address_comes_back(
        self, store: Store, data: PersonalData, people: PartnerPeopleService
    ) -> None:
        people.add("river-keepers", ADDED)
        data.erase(KIM, keep_away=True)
        for changes in (PersonChanges("kim  rivera"), replace(ADDED, name="Somebody Else")):
            with pytest.raises(PeopleError) as caught:
                people.add("river-keepers", changes)
            assert isinstance(caught.value.reason, IsKeptAway)
        with pytest.raises(PeopleError):
            PartnerService(store, FakeClock(), AWAY).add(Partner("", KIM))
        people.add("river-keepers", PersonChanges("Dan Okafor"))

    def test_an_import_leaves_out_the_row_that_names_them(
        self, store: Store, data: PersonalData, people: PartnerPeopleService
    ) -> None:
        people.add("river-keepers", ADDED)
        data.erase(KIM, keep_away=True)
        sheet = f"name,sign_off\nChoir,{KIM}\nFood Bank,yes\n{KIM},\n"
        imports = PartnerImports(store, FakeClock(), "ana", AWAY)
        result = imports.import_(sheet.encode(), "list.csv")
        assert [(each.row, each.column) for each in result.warnings] == [(2, "slug"), (4, "slug")]
        with store.read() as unit:
            assert {each.slug for each in unit.partners.all()} == {"food-bank", "river-keepers"}

    def test_the_database_alone_does_not_tell_who_it_is(
        self, store: Store, data: PersonalData, people: PartnerPeopleService
    ) -> None:
        people.add("river-keepers", ADDED)
        data.erase(KIM, keep_away=True)
        other = KeptAway(lambda: b"another key")
        with store.read() as unit:
            assert AWAY.includes(unit, KIM)
            assert not other.includes(unit, KIM)
            assert len(unit.kept_away.all()) == 3
