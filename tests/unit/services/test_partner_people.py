"""People at partners: added, changed, gone; and cells `sign_off` of spreadsheets that mean them."""

import pytest

from crosspromo.domain.errors import PeopleError, UsageError
from crosspromo.domain.partner_people import SOMEBODY, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.people import BadPersonName, HasLeft
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.kept_away import KeptAway
from crosspromo.services.partner_people import PartnerPeopleService, PersonChanges
from crosspromo.services.partners import PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

KIM = PersonChanges("Kim  Rivera", (PartnerRole.SIGN_OFF,), "Kim@River.example.org", "555", "Tue")


@pytest.fixture
def people(store: Store) -> PartnerPeopleService:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
    return PartnerPeopleService(store, FakeClock(), KeptAway(lambda: b"key"), "ana")


def signing(store: Store) -> set[str]:
    with store.read() as unit:
        slugs = [each.slug for each in unit.partners.all()]
        return set(unit.approvals.sign_offs(slugs))


def test_a_person_is_added_changed_and_leaves(store: Store, people: PartnerPeopleService) -> None:
    kim = people.add("river-keepers", KIM)
    assert (kim.name, kim.mail) == ("Kim Rivera", "kim@river.example.org")
    assert signing(store) == {"river-keepers"}
    changed = people.edit(kim.number, PersonChanges(mail="", roles=(PartnerRole.DESIGNATE,)))
    assert (changed.mail, changed.phone, changed.note) == (None, "555", "Tue")
    assert signing(store) == set()
    assert people.end(kim.number).ended_at == START
    assert not people.list()
    with pytest.raises(PeopleError) as caught:
        people.edit(kim.number, PersonChanges(note="back"))
    assert caught.value.reason == HasLeft(kim.number, "Kim Rivera", START)
    with store.read() as unit:
        acts = [each.act for each in unit.audit.latest(3)]
    assert acts == ["end partner person", "edit partner person", "add partner person"]


def test_what_is_no_name_or_no_address_is_refused(people: PartnerPeopleService) -> None:
    with pytest.raises(PeopleError) as caught:
        people.add("river-keepers", PersonChanges(" "))
    assert isinstance(caught.value.reason, BadPersonName)
    with pytest.raises(UsageError):
        people.add("river-keepers", PersonChanges("Kim", mail="kim at river"))
    assert not people.list()


class TestSheets:
    def imported(self, store: Store, cells: str) -> PartnerImports:
        imports = PartnerImports(store, FakeClock(), "ana")
        imports.import_(f"name,sign_off\n{cells}\n".encode(), "list.csv")
        return imports

    def test_a_cell_makes_a_person_and_undoing_takes_them_away(
        self, store: Store, people: PartnerPeopleService
    ) -> None:
        imports = self.imported(store, "River Keepers,yes\nChoir,Ana Ruiz")
        assert {(each.partner, each.name) for each in people.list()} == {
            ("river-keepers", SOMEBODY),
            ("choir", "Ana Ruiz"),
        }
        assert signing(store) == {"river-keepers", "choir"}
        imports.undo()
        assert not people.list()
        assert signing(store) == set()

    def test_a_no_takes_the_role_and_undoing_gives_it_back(
        self, store: Store, people: PartnerPeopleService
    ) -> None:
        kim = people.add("river-keepers", KIM)
        imports = self.imported(store, "River Keepers,no")
        assert signing(store) == set()
        imports.undo()
        assert people.list("river-keepers") == [kim]

    def test_a_yes_leaves_who_signs_off_already(
        self, store: Store, people: PartnerPeopleService
    ) -> None:
        kim = people.add("river-keepers", KIM)
        self.imported(store, "River Keepers,yes")
        assert people.list() == [kim]

    def test_what_is_exported_is_imported_unchanged(
        self, store: Store, people: PartnerPeopleService
    ) -> None:
        people.add("river-keepers", KIM)
        self.imported(store, "Choir,only for events\nFood Bank,yes\nGarden,no")
        before = people.list()
        text = PartnerService(store, FakeClock()).export()
        result = PartnerImports(store, FakeClock(), "ana").import_(text.encode(), "export.csv")
        assert not result.changes
        assert people.list() == before
