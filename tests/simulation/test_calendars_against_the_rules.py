"""Editions of a calendar, whatever they hold, against the rules: nothing becomes ours without a
person, nothing is cancelled by absence, and what was taken is as the last counted edition has it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import TEMPLATES

from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.source_events import is_broken
from crosspromo.domain.sources import Source, SourceKind
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.reading import Reading
from crosspromo.services.calendar_sources import CalendarEditions
from crosspromo.services.change_event import EventService
from crosspromo.services.event_review import EventReview
from crosspromo.settings import Organisation
from crosspromo.store.database.memory import store_in_memory
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
UIDS = ["1", "2", "3", "4", "5", "6"]

EDITIONS = st.dictionaries(
    st.sampled_from(UIDS), st.tuples(st.integers(1, 4), st.booleans()), max_size=6
)
"""Days until each event, and whether it is cancelled, by UID."""

Step = tuple[Mapping[str, tuple[int, bool]], bool, set[str]]

STORIES = st.lists(
    st.tuples(EDITIONS, st.booleans(), st.sets(st.sampled_from(UIDS))), min_size=1, max_size=6
)
"""Editions, whether a person says that what is gone may be gone, and what is accepted then."""


@contextmanager
def calendar_of_a_partner() -> Iterator[tuple[Store, Source, CalendarEditions, EventReview]]:
    """A store with a calendar of River Keepers that was never read."""
    store, clock = store_in_memory(), FakeClock(NOW)

    def events(actor: str) -> EventService:
        return EventService(
            store=store,
            clock=clock,
            organisation=Organisation("us", UTC_ZONE),
            rules=dict,
            renderer=lambda: TEMPLATES,
            actor=actor,
        )

    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), NOW)
        address = "https://river.example/events.ics"
        unit.sources.add(SourceKind.CALENDAR, address, "river-keepers", "ana", NOW)
        (source,) = unit.sources.all()
    yield (
        store,
        source,
        CalendarEditions(UTC_ZONE, lambda: events("crosspromo")),
        EventReview(store, clock, events),
    )
    store.close()


def events_of(edition: Mapping[str, tuple[int, bool]]) -> Reading[Event]:
    items = []
    for uid, (days, cancelled) in edition.items():
        at = NOW + timedelta(days=days)
        slug = f"event-{uid}"
        items.append(
            Event(
                slug, f"Event {uid}", at, at + timedelta(hours=1), "UTC", uid, cancelled=cancelled
            )
        )
    return Reading("x", items=tuple(items), rows=tuple(range(1, len(items) + 1)))


@given(STORIES)
@settings(deadline=None, max_examples=examples(25))
def test_every_story_follows_the_rules(story: list[Step]) -> None:
    ours: dict[str, tuple[int, bool]] = {}
    waits: set[str] = set()
    gone: set[str] = set()
    with calendar_of_a_partner() as (store, source, editions, review):
        for edition, accept, wanted in story:
            expected = len(waits) + len(ours.keys() - gone)
            missing = len((waits | (ours.keys() - gone)) - edition.keys())
            held = is_broken(expected, missing) and not accept
            with store.write() as unit:
                kept = editions.keep(unit, source, events_of(edition), NOW, accept=accept)
                # Twice the same edition: nothing is new or changed, unless it is held back again.
                again = editions.keep(unit, source, events_of(edition), NOW, accept=accept)
            assert (kept.held_back is not None) is held
            assert (again.new, again.changed, again.gone) == (0, 0, 0)
            if not held:
                ours.update({uid: edition[uid] for uid in ours.keys() & edition.keys()})
                gone = ours.keys() - edition.keys()
                alive = {uid for uid, (_, cancelled) in edition.items() if not cancelled}
                waits = alive - ours.keys()
            found = {each.first.edition.uid: each.first for each in review.list().new}
            assert found.keys() == waits
            for uid in sorted(wanted & waits):
                review.accept([found[uid].number], "ana")
                ours[uid] = edition[uid] if not held else known(found[uid].edition)
                waits.discard(uid)
            assert {each.first.edition.uid for each in review.list().gone} == gone
            with store.read() as unit:
                assert {each.uid: known(each) for each in unit.events.all()} == ours


def known(event: Event) -> tuple[int, bool]:
    return (event.starts_at - NOW).days, event.cancelled
