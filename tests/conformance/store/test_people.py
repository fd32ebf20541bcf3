"""People, sessions and one-time links, on each database."""

from datetime import timedelta

import pytest
from exact import exact

from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import LinkPurpose, Role
from crosspromo.domain.reasons.people import NoSuchPerson
from crosspromo.store.sessions import Session, StoredLink
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

SOON = START + timedelta(hours=1)


@pytest.fixture
def ana(store: Store) -> int:
    with store.write() as unit:
        return unit.people.add("Ana Ruiz", "ana@rva.example", Role.ADMIN, START)


def session(person: int, token: str = "hash", **values: object) -> Session:
    fields = {"began_at": START, "ends_at": SOON, "browser": "Lynx", "address": "::1", **values}
    return Session(token=token, person=person, **fields)  # type: ignore[arg-type]  # by name


def test_a_person_is_found_by_name_however_written_and_by_address(store: Store, ana: int) -> None:
    with store.read() as unit:
        for name in ("Ana Ruiz", "ana  RUIZ", "ANA@rva.example "):
            found = unit.people.find(name)
            assert found is not None
            assert (found.id, found.name, found.role) == (ana, "Ana Ruiz", Role.ADMIN)
        assert unit.people.find("Kim") is None
        with pytest.raises(PeopleError) as error:
            unit.people.get("Kim")
    assert exact(error.value.reason) == exact(NoSuchPerson("Kim", ("Ana Ruiz",)))


def test_a_removed_person_is_gone_and_the_name_stays_taken(store: Store, ana: int) -> None:
    with store.write() as unit:
        unit.people.remove(ana, START)
    with store.read() as unit:
        assert unit.people.find("Ana Ruiz") is None
        assert unit.people.by_id(ana) is None
        assert unit.people.all(START) == []
        assert unit.people.is_taken("ANA RUIZ")
        assert not unit.people.any()
        assert unit.people.admins() == 0


def test_secrets_are_kept_and_forgotten(store: Store, ana: int) -> None:
    with store.write() as unit:
        unit.people.set_password(ana, "argon2")
        unit.people.set_second_step(ana, "encrypted")
    with store.read() as unit:
        found = unit.people.get("Ana Ruiz")
        assert found.has_password
        assert found.has_second_step
    with store.write() as unit:
        unit.people.forget_secrets(ana)
    with store.read() as unit:
        found = unit.people.get("Ana Ruiz")
        assert not found.has_password
        assert not found.has_second_step


def test_a_code_is_used_once_and_none_before_it_afterwards(store: Store, ana: int) -> None:
    with store.write() as unit:
        assert unit.people.use_code(ana, 7)
        assert not unit.people.use_code(ana, 7)
        assert not unit.people.use_code(ana, 6)
        assert unit.people.use_code(ana, 8)


def test_a_session_lasts_until_its_end_or_until_it_is_ended(store: Store, ana: int) -> None:
    with store.write() as unit:
        unit.sessions.begin(session(ana))
        unit.sessions.begin(session(ana, "other", browser="Firefox"))
    with store.read() as unit:
        found = unit.sessions.person_of("hash", START)
        assert found is not None
        assert found.id == ana
        assert unit.sessions.person_of("hash", SOON) is None
        assert unit.sessions.person_of("unknown", START) is None
        assert {each.browser for each in unit.sessions.of(ana, START)} == {"Lynx", "Firefox"}
        (person,) = unit.people.all(START)
        assert person.sessions == 2
    with store.write() as unit:
        assert unit.sessions.end_all(ana, but="hash") == 1
        unit.sessions.end("hash")
        assert unit.sessions.person_of("hash", START) is None


def test_ended_sessions_are_cleared_away(store: Store, ana: int) -> None:
    with store.write() as unit:
        unit.sessions.begin(session(ana))
        unit.sessions.begin(session(ana, "later", began_at=SOON, ends_at=SOON + (SOON - START)))
        assert [each.token for each in unit.sessions.of(ana, START)] == ["later"]


def test_a_link_works_once_and_a_newer_one_takes_its_place(store: Store, ana: int) -> None:
    link = StoredLink(ana, LinkPurpose.INVITATION, SOON)
    with store.write() as unit:
        unit.one_time_links.add("first", link, START, "kim")
        unit.one_time_links.add("second", link, START, "kim")
        assert unit.one_time_links.find("first", START) is None
        assert exact(unit.one_time_links.find("second", START)) == exact(link)
        assert unit.one_time_links.find("second", SOON) is None
        assert unit.one_time_links.use("second")
        assert not unit.one_time_links.use("second")


def test_a_link_of_a_removed_person_is_over(store: Store, ana: int) -> None:
    with store.write() as unit:
        link = StoredLink(ana, LinkPurpose.RESET, SOON)
        unit.one_time_links.add("token", link, START, "kim")
        unit.people.remove(ana, START)
        assert unit.one_time_links.find("token", START) is None


def test_the_audit_is_read_by_subject_and_by_page(store: Store) -> None:
    with store.write() as unit:
        for number in range(5):
            unit.audit.add(START, "kim", "move", f"delivery {number % 2}", None)
    with store.read() as unit:
        assert len(unit.audit.about(["delivery 1"])) == 2
        first = unit.audit.latest(3)
        rest = unit.audit.latest(3, before=first[-1].id)
        assert [each.id for each in (*first, *rest)] == [5, 4, 3, 2, 1]
