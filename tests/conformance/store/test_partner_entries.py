"""Diaries and what was received in the store, and the last contacts that follow from them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import LastContacts
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

DAY = date(2026, 5, 1)
FOLLOW_UP = Entry(0, "keepers", EntryKind.FOLLOW_UP, "Ask 🌊", DAY, START, "ana")
PROMISE = replace(FOLLOW_UP, kind=EntryKind.PROMISE, side=Side.THEM, day=date(2026, 5, 2))
BLACKOUT = replace(FOLLOW_UP, kind=EntryKind.BLACKOUT, words="", day=DAY, last_day=date(2026, 5, 9))
CONTACT = replace(FOLLOW_UP, kind=EntryKind.CONTACT, day=date(2026, 4, 1))
SHARE = Received(0, "keepers", START, ReceivedKind.SHARE, None, "", "", START, "ana")


@pytest.fixture(autouse=True)
def partners(store: Store) -> None:
    with store.write() as unit:
        unit.partners.save_all([Partner("keepers", "River Keepers"), Partner("b", "B")], [], START)


def test_entries_come_back_as_they_were_written_the_latest_day_first(store: Store) -> None:
    with store.write() as unit:
        kept = [unit.partner_entries.add(each) for each in (FOLLOW_UP, PROMISE, BLACKOUT, CONTACT)]
    with store.read() as unit:
        assert list(unit.partner_entries.of("keepers", 9)) == [kept[1], kept[2], kept[0], kept[3]]
        assert list(unit.partner_entries.of("keepers", 1)) == [kept[1]]
        assert unit.partner_entries.get(kept[3].number) == kept[3]
        assert unit.partner_entries.of("b", 9) == []


def test_a_closed_entry_is_open_no_more_and_says_how_it_ended(store: Store) -> None:
    with store.write() as unit:
        asked, promised = (unit.partner_entries.add(each) for each in (FOLLOW_UP, PROMISE))
        assert list(unit.partner_entries.open_until(None)) == [asked, promised]
        assert list(unit.partner_entries.open_until(DAY)) == [asked]
        unit.partner_entries.close(promised.number, START, "kim", kept=False)
        unit.partner_entries.close(asked.number, START, "kim")
        assert unit.partner_entries.open_until(None) == []
        broken = unit.partner_entries.get(promised.number)
        done = unit.partner_entries.get(asked.number)
    assert (broken.kept, broken.closed_by, done.kept) == (False, "kim", None)


def test_blackouts_are_found_until_their_last_day(store: Store) -> None:
    with store.write() as unit:
        silence = unit.partner_entries.add(BLACKOUT)
        assert list(unit.partner_entries.blackouts(date(2026, 5, 9))) == [silence]
        assert unit.partner_entries.blackouts(date(2026, 5, 10)) == []


def test_a_removed_entry_is_gone(store: Store) -> None:
    with store.write() as unit:
        number = unit.partner_entries.add(CONTACT).number
        unit.partner_entries.remove(number)
        with pytest.raises(NotFoundError):
            unit.partner_entries.get(number)


def test_the_last_contacts_follow_from_what_was_entered(store: Store) -> None:
    earlier = START - timedelta(days=2)
    with store.write() as unit:
        unit.partner_entries.add(CONTACT)
        unit.partner_entries.add(replace(CONTACT, day=date(2026, 3, 1)))
        unit.partner_entries.add(replace(CONTACT, kind=EntryKind.NOTE, day=DAY))
        newest = unit.received.add(SHARE)
        unit.received.add(replace(SHARE, at=earlier))
        assert list(unit.received.latest(1)) == [newest]
        assert unit.received.latest(9, "b") == []
        found = unit.contacts.last(["keepers", "b"], START)
        one_by_one = {each: unit.contacts.received_and_noted(each) for each in found}
    assert found == {
        "keepers": LastContacts(None, START, date(2026, 4, 1)),
        "b": LastContacts(),
    }
    assert one_by_one == found


def test_somebody_with_notes_is_not_removed_as_if_nothing_named_them(store: Store) -> None:
    with store.write() as unit:
        unit.partner_entries.add(CONTACT)
        unit.received.add(SHARE)
        assert unit.partners.references({"keepers", "b"})["keepers"].noted == 2
        assert "b" not in unit.partners.references({"keepers", "b"})
