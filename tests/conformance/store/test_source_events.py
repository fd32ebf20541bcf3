"""Events of calendars in the store, on each database, and a database from before there were any."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import WALK
from old_databases import of_version, write
from sqlalchemy.exc import IntegrityError

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.partners import Partner
from crosspromo.domain.source_events import Identity, SourceEvent, SourceEventState
from crosspromo.domain.sources import HeldBack, SourceKind
from crosspromo.store.database.engine import transaction
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.source_events import Known
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

ADDRESS = "https://river.example/events.ics"
PROPOSED, GONE = SourceEventState.PROPOSED, SourceEventState.GONE


def calendar(unit: Unit) -> int:
    unit.partners.save(Partner("river-keepers", "River Keepers"), START)
    return unit.sources.add(SourceKind.CALENDAR, ADDRESS, "river-keepers", "ana", START)


def proposed(source: int, uid: str, **changes: object) -> SourceEvent:
    edition = replace(WALK, uid=uid, starts_at=WALK.starts_at, **changes)  # type: ignore[arg-type]
    return SourceEvent(0, source, edition, PROPOSED, START)


def test_an_event_of_a_calendar_comes_back_as_it_was_found(store: Store) -> None:
    with store.write() as unit:
        source = calendar(unit)
        unit.source_events.add_all([proposed(source, "a"), proposed(source, "b")])
        first, second = unit.source_events.waiting(10, START)
        assert first == replace(proposed(source, "a"), number=first.number, partner="river-keepers")
        assert unit.source_events.count_waiting(START) == (2, START)
        assert unit.source_events.waiting(10, WALK.ends_at) == []
        assert unit.source_events.count_waiting(WALK.ends_at) == (0, None)
        assert unit.source_events.coming(source, WALK.ends_at) == []
        assert unit.source_events.coming(source, WALK.ends_at - timedelta(seconds=1)) == [
            first,
            second,
        ]
        assert unit.source_events.at(source, {Identity("b", ""), Identity("c", "")}) == [second]


def test_what_is_decided_is_decided_once_and_stays_one_of_ours(store: Store) -> None:
    with store.write() as unit:
        source = calendar(unit)
        unit.events.save(WALK)
        unit.source_events.add_all([proposed(source, WALK.uid)])
        (found,) = unit.source_events.waiting(10, START)
        assert unit.source_events.ours({WALK.uid}) == {
            Identity(WALK.uid, ""): Known(WALK.slug, False)
        }
        into, decide = SourceEventState.TAKEN, unit.source_events.decide
        assert decide(found, into, "ana", START, slug=WALK.slug, leads=True)
        assert not decide(found, SourceEventState.REFUSED, "ben", START)
        assert unit.source_events.ours({WALK.uid}) == {
            Identity(WALK.uid, ""): Known(WALK.slug, True)
        }
        taken = unit.source_events.find(found.number)
        assert taken is not None
        assert (taken.slug, taken.leads, taken.decided_by) == (WALK.slug, True, "ana")
        unit.source_events.save_editions([replace(taken, state=GONE)])
        (gone,) = unit.source_events.waiting(10, START)
        assert decide(gone, SourceEventState.KEPT, "ana", START)
        kept = unit.source_events.find(found.number)
        assert kept is not None
        assert (kept.slug, kept.leads) == (WALK.slug, True)


def test_an_event_is_kept_once(store: Store) -> None:
    with store.write() as unit:
        source = calendar(unit)
        unit.source_events.add_all([proposed(source, "a")])
    with pytest.raises((IntegrityError, DatabaseError)), store.write() as unit:
        unit.source_events.add_all([proposed(source, "a")])


def test_an_edition_that_is_held_back_is_kept_with_its_source(store: Store) -> None:
    held = HeldBack(12, 20, START)
    with store.write() as unit:
        source = unit.sources.find(calendar(unit))
        assert source is not None
        unit.sources.save(replace(source, held_back=held))
        assert unit.sources.at_address(ADDRESS) == replace(source, held_back=held)
        unit.sources.save(source)
        assert unit.sources.at_address(ADDRESS) == source


def test_a_calendar_is_removed_with_its_events_and_ours_stay(store: Store) -> None:
    with store.write() as unit:
        source = calendar(unit)
        unit.events.save(WALK)
        unit.source_events.add_all([proposed(source, "a")])
        unit.sources.remove(source)
        assert unit.source_events.waiting(10, START) == []
        assert unit.events.get(WALK.slug) == WALK


def test_sources_and_suggestions_of_before_are_there_and_calendars_are_taken(
    store: Store, tmp_path: Path
) -> None:
    older = of_version(store, "0022", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        write(
            connection,
            "sources",
            id=7,
            kind="feed",
            address="https://river.example/feed",
            title="River",
            added_at=START,
            added_by="ana",
            next_at=START,
            failures=0,
            latest="[]",
        )
        for number in (1, 2):
            write(
                connection,
                "suggestions",
                id=number,
                source_id=7,
                identity=str(number),
                occasion="share",
                title="Willows",
                link="",
                page="",
                summary="",
                found_at=START,
                state="open",
            )
    upgrade(older.engine)
    with older.write() as unit:
        assert [each.number for each in unit.suggestions.open(10)] == [2, 1]
        (before,) = unit.sources.all()
        assert (before.number, before.title, before.added_at) == (7, "River", START)
        number = unit.sources.add(SourceKind.CALENDAR, ADDRESS, None, "ana", START)
        assert number != before.number
        unit.sources.remove(7)
        assert unit.suggestions.open(10) == []
    with pytest.raises((IntegrityError, DatabaseError)), older.write() as unit:
        unit.sources.add("rubbish", "https://river.example", None, "ana", START)  # type: ignore[arg-type]
    older.close()
