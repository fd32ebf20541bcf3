"""EventService, added, imported and cancelled as a page would, and what that does to the queue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from stories import NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.domain.changes import Change
from crosspromo.domain.deliveries import Fault
from crosspromo.domain.errors import ImportFailedError, Refused
from crosspromo.domain.events import Event
from crosspromo.domain.left_out import Why
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.faults import EventCancelled, WhyDraft
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, Slot
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.change_event import EventService, Hosts, ImportedEvents, Lead
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_view import EventViews
from crosspromo.services.many_dates import MOST_DATES
from crosspromo.settings import Organisation
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

CLOCK = FakeClock()
NOW = CLOCK.now()
WALK = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
UID:walk@keepers.example\r
SEQUENCE:{sequence}\r
DTSTART:20300601T{hour}0000Z\r
DTEND:20300601T{end}0000Z\r
SUMMARY:Bird walk\r
{more}END:VEVENT\r
END:VCALENDAR\r
"""
SLUG = "bird-walk-2030-06-01"


def walk(hour: int = 14, sequence: int = 0, more: str = "") -> bytes:
    return WALK.format(hour=hour, end=hour + 2, sequence=sequence, more=more).encode()


def events(store: Store, *accounts: AccountRules) -> EventService:
    return EventService(
        store=store,
        clock=CLOCK,
        organisation=Organisation("us", UTC_ZONE),
        rules=lambda: {each.name: each for each in accounts or (rules(),)},
        renderer=lambda: Templates((SHIPPED / "templates",), "us"),
        actor="kim",
    )


@pytest.fixture
def promoted(store: Store) -> int:
    """A post about the bird walk that waits in the queue."""
    events(store).import_(walk(), "walk.ics", Hosts())
    return queued(store, event=SLUG)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


class TestAdding:
    def add(self, store: Store, title: str = "River cleanup", hosts: Hosts | None = None) -> Event:
        starts_at = NOW + timedelta(days=20)
        return events(store).add(title, starts_at, timedelta(hours=2), hosts or Hosts())

    def test_its_slug_is_made_from_title_and_day_and_no_two_have_the_same(
        self, store: Store
    ) -> None:
        first, second = self.add(store), self.add(store)
        assert first.slug == f"river-cleanup-{first.starts_at:%Y-%m-%d}"
        assert second.slug == f"{first.slug}-2"
        assert EventViews(store, CLOCK).list() == [first, second]

    @pytest.mark.parametrize("title", ["", "  "])
    def test_one_without_a_title_is_refused(self, store: Store, title: str) -> None:
        assert code_of(lambda: self.add(store, title)) == "name-missing"

    @pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1)])
    def test_one_that_ends_before_it_starts_is_refused(
        self, store: Store, length: timedelta
    ) -> None:
        act = lambda: events(store).add("Walk", NOW, length, Hosts())  # noqa: E731 (said once)
        assert code_of(act) == "ends-before-start"

    def test_a_host_who_is_not_there_is_refused(self, store: Store) -> None:
        hosts = Hosts.given(["nobody"])
        assert code_of(lambda: self.add(store, hosts=hosts)) == "no-such-partner"
        assert EventViews(store, CLOCK).list() == []

    def test_who_holds_it_is_worked_out_from_what_was_given(self) -> None:
        assert Hosts.given([]) == Hosts((), Hosting.OURS)
        assert Hosts.given(["b", "a", "b"]) == Hosts(("a", "b"), Hosting.PARTNER)
        assert Hosts.given(["a"], joint=True).hosting is Hosting.JOINT
        assert Hosts.given(["a"], joint=True, lead=Lead.US).hosting is Hosting.JOINT_WE_LEAD
        lead = Hosts.given(["a"], joint=True, lead=Lead.PARTNER)
        assert lead.hosting is Hosting.JOINT_PARTNER_LEADS

    def test_what_makes_no_sense_is_refused(self) -> None:
        assert code_of(lambda: Hosts.given([], joint=True)) == "joint-without-host"
        assert code_of(lambda: Hosts.given(["a"], lead=Lead.US)) == "lead-without-joint"

    @pytest.mark.parametrize(("partners", "hosting"), [((), Hosting.JOINT), (("a",), Hosting.OURS)])
    def test_hosts_that_contradict_themselves_cannot_be_written(
        self, partners: tuple[str, ...], hosting: Hosting
    ) -> None:
        with pytest.raises(ValueError, match="where no partner holds it"):
            Hosts(partners, hosting)


class TestImporting:
    def test_an_event_that_moves_sets_aside_what_a_person_wrote(
        self, store: Store, promoted: int
    ) -> None:
        done = events(store).import_(walk(16, sequence=1), "walk.ics", Hosts())
        assert done.imported.changes == {Change.UPDATED: 1}
        (aside,) = done.consequences.set_aside
        assert (aside.delivery, aside.reason.why) == (promoted, WhyDraft.BY_HAND)
        waits = delivery(store, promoted)
        assert (waits.state, waits.content.text) == (State.DRAFT, "Hello")
        assert waits.fault == Fault(aside.reason)

    def test_a_dry_run_tells_the_same_and_changes_nothing(
        self, store: Store, promoted: int
    ) -> None:
        moved = walk(16, sequence=1)
        would = events(store).import_(moved, "walk.ics", Hosts(), dry_run=True)
        assert [each.delivery for each in would.consequences.set_aside] == [promoted]
        assert delivery(store, promoted).state is State.QUEUED
        assert events(store).import_(moved, "walk.ics", Hosts()) == would

    def test_a_file_with_a_fault_is_refused_whole_unless_partial(self, store: Store) -> None:
        broken = walk(more="RRULE:FREQ=NEVER\r\n")
        with pytest.raises(ImportFailedError) as error:
            events(store).import_(broken, "walk.ics", Hosts())
        assert len(error.value.errors) == 1
        done = events(store).import_(broken, "walk.ics", Hosts(), partial=True)
        assert done.imported.errors == error.value.errors

    def test_a_host_who_is_not_there_is_refused(self, store: Store) -> None:
        hosts = Hosts.given(["nobody"])
        assert code_of(lambda: events(store).import_(walk(), "w.ics", hosts)) == "no-such-partner"


class TestCancelling:
    def test_what_is_queued_for_it_is_cancelled(self, store: Store, promoted: int) -> None:
        assert events(store).cancel(SLUG) == Consequences(cancelled=(promoted,))
        fault = delivery(store, promoted).fault
        assert fault is not None
        assert fault.reason == EventCancelled(SLUG)
        with store.read() as unit:
            told = [(entry.who, entry.act, entry.subject) for entry in unit.audit.entries()]
        assert told == [
            ("kim", "cancel", f"delivery {promoted}"),
            ("kim", "cancel", f"event {SLUG}"),
        ]

    def announce(self, store: Store, account: str) -> None:
        """A post about it that went out on the account."""
        gone = queued(store, f"Come along, {account}", account=account, event=SLUG)
        with store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        network = MemoryConnector()
        known = {account: rules(account)}
        publish_next(
            Dispatcher(store, lambda _account: network, known, NO_FLOOR, CLOCK, "worker"), account
        )
        assert delivery(store, gone).state is State.PUBLISHED

    def test_where_it_was_announced_a_correction_is_drafted(
        self, store: Store, promoted: int
    ) -> None:
        with store.write() as unit:
            unit.transitions.cancel(unit.deliveries.get(promoted), NOW)
        self.announce(store, "main")
        self.announce(store, "left")
        done = events(store, rules("main")).cancel(SLUG)
        assert [delivery(store, it).state for it in done.drafted] == [State.DRAFT]
        assert delivery(store, done.drafted[0]).content.text.startswith("Cancelled: Bird walk (")
        (without,) = done.uncorrected
        assert without.account == "left"
        assert events(store, rules("main")).cancel(SLUG) == Consequences()

    def test_a_correction_waits_for_no_slot(self, store: Store, promoted: int) -> None:
        self.announce(store, "main")
        policy = replace(rules().policy, slots=(Slot.parse("Mon 09:00"),))
        full = replace(rules("main"), policy=policy)
        for week in range(60):
            due_at = datetime(2026, 4, 6, 9, tzinfo=UTC) + timedelta(weeks=week)
            queued(store, f"Week {week}", account="main", due_at=due_at)
        done = events(store, full).cancel(SLUG)
        (drafted,) = done.drafted
        assert (done.cancelled, delivery(store, drafted).due_at) == ((promoted,), NOW)

    def test_one_that_is_not_there(self, store: Store) -> None:
        assert code_of(lambda: events(store).cancel("nothing")) == "no-such-event"
        assert code_of(lambda: EventViews(store, CLOCK).get("nothing")) == "no-such-event"


DAILY = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
UID:daily@keepers.example\r
SEQUENCE:{sequence}\r
DTSTART;TZID=Europe/Berlin:20260501T190000\r
DTEND;TZID=Europe/Berlin:20260501T200000\r
RRULE:FREQ=DAILY\r
SUMMARY:{title}\r
END:VEVENT\r
END:VCALENDAR\r
"""


class TestASeriesWithManyDates:
    def daily(self, store: Store, title: str, sequence: int = 0) -> ImportedEvents:
        data = DAILY.format(title=title, sequence=sequence).encode()
        return events(store).import_(data, "daily.ics", Hosts())

    def test_its_next_dates_are_added_and_the_others_are_told(self, store: Store) -> None:
        done = self.daily(store, "Standup")
        assert done.imported.changes == {Change.NEW: MOST_DATES}
        (left,) = done.left_out
        assert (left.row, left.event, left.why) == (1, '"Standup"', Why.MANY_DATES)
        assert left.kept.startswith(f"{MOST_DATES} of ")
        with store.read() as unit:
            assert left.kept.endswith(f"until {unit.events.all()[-1].starts_at:%Y-%m-%d}")

    def test_dates_that_are_known_are_brought_up_to_date_however_many(self, store: Store) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("crosspromo.services.many_dates.MOST_DATES", 1_000)
            known = self.daily(store, "Standup").imported.changes[Change.NEW]
        assert known > MOST_DATES
        done = self.daily(store, "Retrospective", sequence=1)
        assert (done.imported.changes, done.left_out) == ({Change.UPDATED: known}, ())
