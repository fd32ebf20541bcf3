"""Calendars as sources, read from a real server: what is new waits, what is ours follows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from newsroom import AS_THEY_ARE, TEMPLATES
from servers.feeds import FeedServer, Served, rss
from stories import NO_FLOOR, delivery, rules

from crosspromo.domain.errors import SourceError
from crosspromo.domain.events import Event
from crosspromo.domain.left_out import Why
from crosspromo.domain.matters import EventsToReview, SourceShrunk
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.sources import EventsAreOne
from crosspromo.domain.requests import EventPost
from crosspromo.domain.source_events import Sign
from crosspromo.domain.sources import SourceKind
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.http.pages import Pages, anywhere
from crosspromo.services.attention import Attention
from crosspromo.services.calendar_sources import CalendarEditions
from crosspromo.services.change_event import EventEdit, EventService, Hosts
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_renewals import RenewedDelivery
from crosspromo.services.event_review import EventReview
from crosspromo.services.queue_post import PostQueue
from crosspromo.services.sources import Reading, SourceService
from crosspromo.settings import Organisation
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def calendar(*events: Event) -> bytes:
    """Calendar with these events; what is not given is left out."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for each in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}",
            f"SEQUENCE:{each.sequence}",
            f"DTSTART:{each.starts_at:%Y%m%dT%H%M%SZ}",
            f"DTEND:{each.ends_at:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{each.title}",
            *([f"LOCATION:{each.location}"] if each.location else []),
            *([f"URL:{each.url}"] if each.url else []),
            *([each.description] if each.description else []),  # a line of its own
            f"STATUS:{'CANCELLED' if each.cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event(uid: str, title: str = "River cleanup", days: float = 30, **more: object) -> Event:
    starts_at = NOW + timedelta(days=days)
    made = Event("", title, starts_at, starts_at + timedelta(hours=2), "UTC", uid)
    return replace(made, **more)  # type: ignore[arg-type]


@dataclass
class Coalition:
    """A coalition with two partners, whose calendars are read from a real server."""

    store: Store
    server: FeedServer
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        with self.store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), NOW)
            unit.partners.save(Partner("wood-keepers", "Wood Keepers"), NOW)

    def events(self, actor: str = "kim") -> EventService:
        return EventService(
            store=self.store,
            clock=self.clock,
            organisation=Organisation("us", UTC_ZONE),
            rules=lambda: {"main": rules("main")},
            renderer=lambda: TEMPLATES,
            actor=actor,
        )

    @property
    def sources(self) -> SourceService:
        return SourceService(
            store=self.store,
            clock=self.clock,
            every=timedelta(hours=1),
            us=("us",),
            pages=lambda: Pages(allows=anywhere),
            calendars=CalendarEditions(UTC_ZONE, lambda: self.events("crosspromo")),
        )

    @property
    def review(self) -> EventReview:
        return EventReview(self.store, self.clock, self.events)

    def serve(self, *events: Event, path: str = "/a.ics") -> None:
        self.server.documents[path] = Served(calendar(*events), "text/calendar")

    def add(self, *events: Event, path: str = "/a.ics", partner: str = "river-keepers") -> Reading:
        """Add a calendar with these events as a source, and read it."""
        self.serve(*events, path=path)
        source = self.sources.add(f"{self.server.url}{path}", partner, "ana")
        (reading,) = self.sources.read([source.number])
        return reading

    def sync(self, *events: Event, path: str = "/a.ics", **options: bool) -> Reading:
        """Serve another edition, and read the calendar again."""
        self.serve(*events, path=path)
        self.clock.advance(timedelta(hours=1))
        number = next(s.number for s in self.sources.list() if s.address.endswith(path))
        (reading,) = self.sources.read([number], **options)
        return reading

    def ours(self) -> Mapping[str, Event]:
        with self.store.read() as unit:
            return {each.title: each for each in unit.events.all()}

    def new(self) -> Sequence[str]:
        return [each.first.edition.title for each in self.review.list().new]

    def numbers(self) -> Mapping[str, int]:
        found = self.review.list()
        return {each.first.edition.title: each.first.number for each in (*found.new, *found.gone)}

    def accept_all(self) -> None:
        self.review.accept_all("ana")

    def queue(self, slug: str) -> int:
        """Queue a post about an event; the id of its delivery."""
        queue = PostQueue(
            store=self.store,
            clock=self.clock,
            rules={"main": rules("main")},
            organisation=NO_FLOOR,
            own_group=frozenset(),
            renderer=TEMPLATES,
            pictures=lambda **_: AS_THEY_ARE,
        )
        (queued,) = queue.queue(EventPost(author="ana", event=slug), ["main"])
        return queued.view.delivery.id

    def matters(self) -> Sequence[object]:
        attention = Attention(self.store, self.clock, ["main"], [], lambda _: False)
        return [each.detail for each in attention.matters()]


@pytest.fixture
def coalition(store: Store) -> Iterator[Coalition]:
    with FeedServer() as server:
        yield Coalition(store, server)


class TestReading:
    def test_a_calendar_is_recognised_and_what_is_new_waits(self, coalition: Coalition) -> None:
        reading = coalition.add(event("1"), event("2", "Bird walk", 31))
        assert (reading.new, reading.source.kind) == (2, SourceKind.CALENDAR)
        assert coalition.new() == ["River cleanup", "Bird walk"]
        assert coalition.ours() == {}

    def test_what_is_over_or_cancelled_is_not_proposed(self, coalition: Coalition) -> None:
        over, off = event("1", days=-3), event("2", days=3, cancelled=True)
        assert coalition.add(over, off).new == 0

    def test_the_same_edition_changes_nothing(self, coalition: Coalition) -> None:
        series = event("1", description="RRULE:FREQ=WEEKLY;COUNT=5")
        coalition.add(series, event("2", "Bird walk", 31))
        coalition.review.accept([coalition.numbers()["River cleanup"]], "ana")
        before, waiting = coalition.ours(), coalition.review.list()
        for _ in range(2):  # unchanged by its version, and on the next day read whole
            reading = coalition.sync(series, event("2", "Bird walk", 31))
            coalition.clock.advance(DAY)
            assert (reading.new, reading.fault) == (0, None)
        whole = coalition.sync(series, event("2", "Bird walk", 31))
        assert (whole.unchanged, whole.kept and whole.kept.changed) == (False, 0)
        assert (coalition.ours(), coalition.review.list()) == (before, waiting)

    def test_dates_that_come_near_are_found_although_the_calendar_is_unchanged(
        self, coalition: Coalition
    ) -> None:
        monthly = event("1", description="RRULE:FREQ=MONTHLY")
        coalition.add(monthly)
        coalition.accept_all()
        dates = len(_slugs(coalition))
        coalition.clock.advance(60 * DAY)
        coalition.sync(monthly)
        assert len(_slugs(coalition)) > dates
        assert coalition.new() == []

    def test_a_page_that_is_no_calendar_any_more_loses_nothing(self, coalition: Coalition) -> None:
        coalition.add(event("1"), event("2", "Bird walk", 31), event("3", "Fair", 32))
        coalition.accept_all()
        coalition.server.documents["/a.ics"] = Served(b"<html>Come back soon</html>", "text/html")
        coalition.clock.advance(timedelta(hours=1))
        (reading,) = coalition.sources.read()
        assert reading.fault is not None
        assert reading.fault.startswith("what is there is no iCalendar file")
        assert coalition.review.list().gone == []

    def test_a_feed_that_becomes_a_calendar_stays_a_feed(self, coalition: Coalition) -> None:
        coalition.server.documents["/a.ics"] = Served(rss("News", {}))
        source = coalition.sources.add(f"{coalition.server.url}/a.ics", "river-keepers", "ana")
        coalition.sources.read()
        coalition.serve(event("1"))
        coalition.clock.advance(timedelta(hours=1))
        (reading,) = coalition.sources.read([source.number])
        assert (reading.source.kind, reading.new) == (SourceKind.FEED, 0)
        assert reading.fault is not None

    def test_a_webcal_address_is_read_as_https(self, coalition: Coalition) -> None:
        source = coalition.sources.add("webcal://river.example/events", None, "ana")
        assert source.address == "https://river.example/events"

    def test_an_event_that_cannot_be_read_is_said_and_nothing_is_gone(
        self, coalition: Coalition
    ) -> None:
        coalition.add(event("1"), event("2", "Bird walk", 31))
        coalition.accept_all()
        broken = event("2", "Bird walk", 31, description="RDATE:rubbish")
        reading = coalition.sync(event("1"), broken)
        assert reading.kept is not None
        assert len(reading.kept.errors) == 1
        assert coalition.review.list().gone == []


def _slugs(coalition: Coalition) -> Sequence[str]:
    with coalition.store.read() as unit:
        return [each.slug for each in unit.events.all()]


class TestAccepting:
    def test_the_partner_holds_it_whose_calendar_it_is(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        (found,) = coalition.review.accept(list(coalition.numbers().values()), "ana").events
        assert (found.partners, found.hosting) == (("river-keepers",), Hosting.PARTNER)
        assert coalition.new() == []

    def test_a_person_may_say_who_holds_it(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        hosts = Hosts.given(["river-keepers", "wood-keepers"], joint=True)
        (found,) = coalition.review.accept([1], "ana", hosts).events
        assert (found.partners, found.hosting) == (hosts.partners, Hosting.JOINT)

    def test_a_series_is_accepted_as_one(self, coalition: Coalition) -> None:
        coalition.add(event("1", description="RRULE:FREQ=WEEKLY;COUNT=5"))
        (waiting,) = coalition.review.list().new
        assert waiting.dates == 5
        assert coalition.review.count() == 1
        coalition.review.accept([waiting.first.number], "ana")
        assert len(_slugs(coalition)) == 5
        assert coalition.review.count() == 0

    def test_what_is_refused_is_not_proposed_again(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        coalition.review.refuse([1], "ana", "members only")
        assert coalition.sync(event("1", days=33, sequence=1)).new == 0
        assert (coalition.new(), coalition.ours()) == ([], {})

    @pytest.mark.parametrize("act", ["accept", "refuse", "keep", "cancel"])
    def test_it_is_decided_once(self, coalition: Coalition, act: str) -> None:
        coalition.add(event("1"))
        coalition.review.accept([1], "ana")
        with pytest.raises(SourceError) as error:
            getattr(coalition.review, act)([1], "ben")
        assert error.value.code == "event-reviewed"

    @pytest.mark.parametrize(
        ("act", "code"),
        [("accept", "nothing-to-review"), ("keep", "event-is-new"), ("cancel", "event-is-new")],
    )
    def test_what_cannot_be_is_refused(self, coalition: Coalition, act: str, code: str) -> None:
        coalition.add(event("1"))
        with pytest.raises(SourceError) as error:
            getattr(coalition.review, act)([99 if act == "accept" else 1], "ana")
        assert error.value.code == code

    def test_an_event_that_was_imported_from_the_calendar_is_followed_at_once(
        self, coalition: Coalition
    ) -> None:
        hosts = Hosts.given(["river-keepers"], joint=True)
        coalition.events().import_(calendar(event("1")), "a.ics", hosts)
        assert coalition.add(event("1")).new == 0
        coalition.sync(event("1", days=33))
        (ours,) = coalition.ours().values()
        assert (ours.starts_at, ours.hosting) == (NOW + 33 * DAY, Hosting.JOINT)


class TestFollowing:
    def test_a_move_renews_what_is_queued(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        coalition.accept_all()
        (ours,) = coalition.ours().values()
        post = coalition.queue(ours.slug)
        before = delivery(coalition.store, post)
        reading = coalition.sync(event("1", days=33, sequence=1))
        assert reading.kept is not None
        assert reading.kept.consequences == Consequences(
            renewals=(RenewedDelivery(post, "main", None, before.due_at),)
        )
        assert delivery(coalition.store, post).content.text != before.content.text

    def test_a_cancellation_cancels_what_is_queued(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        coalition.accept_all()
        (ours,) = coalition.ours().values()
        post = coalition.queue(ours.slug)
        coalition.sync(event("1", cancelled=True, sequence=1))
        assert coalition.ours()["River cleanup"].cancelled
        assert delivery(coalition.store, post).state is State.CANCELLED

    def test_what_a_person_edits_stays_until_the_calendar_changes_it(
        self, coalition: Coalition
    ) -> None:
        coalition.add(event("1"))
        coalition.accept_all()
        (ours,) = coalition.ours().values()
        coalition.events().edit(ours.slug, EventEdit(title="Great cleanup"))
        coalition.clock.advance(DAY)
        coalition.sync(event("1"))
        assert set(coalition.ours()) == {"Great cleanup"}
        coalition.sync(event("1", location="New Park"))
        assert coalition.ours()["River cleanup"].location == "New Park"


class TestMerging:
    @pytest.fixture
    def both(self, coalition: Coalition) -> Coalition:
        """One event in the calendars of two partners; the first one is ours."""
        coalition.add(event("1"))
        coalition.accept_all()
        other = event("x", "The River Cleanup 2026", days=30 + 1 / 48)
        coalition.add(other, path="/b.ics", partner="wood-keepers")
        return coalition

    def test_it_is_proposed_and_never_done_by_itself(self, both: Coalition) -> None:
        (waiting,) = both.review.list().new
        (alike,) = waiting.alike
        assert (alike.event.title, alike.by) == ("River cleanup", frozenset({Sign.TITLE}))
        accepted = both.review.accept_all("ana")
        assert (accepted.events, [each.first for each in accepted.left]) == ([], [waiting.first])

    def test_both_partners_hold_it_then(self, both: Coalition) -> None:
        (before,) = both.ours().values()
        merged = both.review.merge(2, before.slug, "ana")
        assert merged.event == replace(before, partners=("river-keepers", "wood-keepers"))
        assert both.new() == []

    def test_the_first_calendar_leads(self, both: Coalition) -> None:
        (before,) = both.ours().values()
        both.review.merge(2, before.slug, "ana")
        both.sync(event("x", "Else", days=50), path="/b.ics")
        assert set(both.ours()) == {"River cleanup"}
        both.sync(event("1", days=33, sequence=1))
        (after,) = both.ours().values()
        assert after.starts_at == NOW + 33 * DAY
        assert after.partners == ("river-keepers", "wood-keepers")

    def test_an_import_of_the_other_calendar_brings_no_second_event(self, both: Coalition) -> None:
        (before,) = both.ours().values()
        merged = both.review.merge(2, before.slug, "ana").event
        done = both.events().import_(calendar(event("x", "Else")), "b.ics", Hosts())
        assert [each.why for each in done.left_out] == [Why.MERGED]
        assert list(both.ours().values()) == [merged]

    def test_a_cancellation_by_the_other_calendar_is_asked_about(self, both: Coalition) -> None:
        (before,) = both.ours().values()
        both.review.merge(2, before.slug, "ana")
        both.sync(event("x", cancelled=True), path="/b.ics")
        (gone,) = both.review.list().gone
        assert (gone.first.slug, gone.first.partner) == (before.slug, "wood-keepers")
        assert not both.ours()["River cleanup"].cancelled

    def test_an_event_of_ours_is_held_jointly_then_and_follows_the_calendar(
        self, coalition: Coalition
    ) -> None:
        ours = coalition.events().add("Fair", NOW + 30 * DAY, timedelta(hours=2), Hosts())
        coalition.add(event("1", "Fair"))
        merged = coalition.review.merge(1, ours.slug, "ana").event
        assert (merged.hosting, merged.partners) == (Hosting.JOINT, ("river-keepers",))
        coalition.sync(event("1", "Fair", location="New Park"))
        assert coalition.ours()["Fair"].location == "New Park"

    def test_the_same_uid_of_two_calendars_is_merged_and_never_overwritten(
        self, coalition: Coalition
    ) -> None:
        coalition.add(event("1"))
        coalition.accept_all()
        coalition.add(event("1", days=40), path="/b.ics", partner="wood-keepers")
        (waiting,) = coalition.review.list().new
        assert [each.by for each in waiting.alike] == [{Sign.UID}]
        with pytest.raises(SourceError) as error:
            coalition.review.accept([waiting.first.number], "ana")
        assert error.value.code == "event-is-there"
        assert coalition.ours()["River cleanup"].starts_at == NOW + 30 * DAY

    def test_two_new_ones_that_are_perhaps_one_are_said_to_be(self, coalition: Coalition) -> None:
        coalition.add(event("1"), event("2", "Fair"))
        coalition.add(
            event("1", "Else", days=40), event("x", "The Fair"), event("3", "Talk"), path="/b.ics"
        )
        others = {each.first.edition.title: each.others for each in coalition.review.list().new}
        assert {
            title: [(o.event.number, o.by) for o in found] for title, found in others.items()
        } == {
            "River cleanup": [],
            "Fair": [],
            "Else": [(1, frozenset({Sign.UID}))],
            "The Fair": [(2, frozenset({Sign.TITLE}))],
            "Talk": [],
        }

    def test_new_ones_of_one_calendar_are_two(self, coalition: Coalition) -> None:
        coalition.add(event("1", "Fair"), event("2", "The Fair"))
        assert [each.others for each in coalition.review.list().new] == [(), ()]

    def test_two_of_one_uid_are_not_accepted_at_once(self, coalition: Coalition) -> None:
        coalition.add(event("1"))
        coalition.add(event("1", days=40), path="/b.ics", partner="wood-keepers")
        with pytest.raises(SourceError) as error:
            coalition.review.accept([1, 2], "ana")
        assert error.value.reason == EventsAreOne(1, 2)
        assert coalition.ours() == {}
        accepted = coalition.review.accept_all("ana")
        (left,) = accepted.left
        merged = coalition.review.merge(left.first.number, left.alike[0].event.slug, "ana")
        assert merged.event.partners == ("river-keepers", "wood-keepers")

    def test_dates_of_a_series_go_with_those_at_the_same_time(self, coalition: Coalition) -> None:
        weekly = "RRULE:FREQ=WEEKLY;COUNT={}"
        coalition.add(event("1", description=weekly.format(3)))
        coalition.accept_all()
        coalition.add(
            event("x", description=weekly.format(4)), path="/b.ics", partner="wood-keepers"
        )
        (waiting,) = coalition.review.list().new
        merged = coalition.review.merge(waiting.first.number, waiting.alike[0].event.slug, "ana")
        assert merged.dates == 3
        (left,) = coalition.review.list().new
        assert left.dates == 1


class TestWhatIsGone:
    @pytest.fixture
    def ten(self, coalition: Coalition) -> Coalition:
        coalition.add(*self.events(10))
        coalition.accept_all()
        return coalition

    @staticmethod
    def events(count: int) -> Sequence[Event]:
        return [event(str(number), f"Event {number}", 30 + number) for number in range(count)]

    def test_more_than_a_third_at_once_changes_nothing(self, ten: Coalition) -> None:
        reading = ten.sync(*self.events(6)[1:], event("0", "Event 0", 60), event("new", "New", 70))
        assert reading.source.held_back is not None
        assert reading.source.held_back[:2] == (4, 10)
        assert (ten.new(), ten.review.list().gone) == ([], [])
        assert ten.ours()["Event 0"].starts_at == NOW + 30 * DAY
        (matter,) = [each for each in ten.matters() if isinstance(each, SourceShrunk)]
        assert (matter.gone, matter.known) == (4, 10)

    def test_it_is_held_back_as_long_as_it_lasts_and_ends_with_its_cause(
        self, ten: Coalition
    ) -> None:
        first = ten.sync(*self.events(6)).source.held_back
        again = ten.sync(*self.events(6)).source.held_back
        assert first is not None
        assert again == first
        assert ten.sync(*self.events(10)).source.held_back is None
        assert not any(isinstance(each, SourceShrunk) for each in ten.matters())

    def test_a_person_says_that_it_is_right(self, ten: Coalition) -> None:
        ten.sync(*self.events(6))
        reading = ten.sync(*self.events(6), accept=True)
        assert (reading.source.held_back, reading.kept and reading.kept.gone) == (None, 4)
        assert len(ten.review.list().gone) == 4
        assert not any(each.cancelled for each in ten.ours().values())

    @pytest.mark.parametrize(("known", "left"), [(10, 7), (2, 0), (9, 6)])
    def test_fewer_are_asked_about_and_stay(
        self, coalition: Coalition, known: int, left: int
    ) -> None:
        coalition.add(*self.events(known))
        coalition.accept_all()
        reading = coalition.sync(*self.events(left))
        assert reading.source.held_back is None
        assert len(coalition.review.list().gone) == known - left
        assert not any(each.cancelled for each in coalition.ours().values())

    def test_what_is_kept_is_not_asked_about_again(self, ten: Coalition) -> None:
        ten.sync(*self.events(9))
        (gone,) = ten.review.list().gone
        ten.review.keep([gone.first.number], "ana")
        ten.sync(*self.events(9)[:8])
        assert [each.first.edition.title for each in ten.review.list().gone] == ["Event 8"]

    def test_what_is_cancelled_is_cancelled_as_a_person_does(self, ten: Coalition) -> None:
        post = ten.queue(ten.ours()["Event 9"].slug)
        ten.sync(*self.events(9))
        (gone,) = ten.review.list().gone
        _, consequences = ten.review.cancel([gone.first.number], "ana")
        assert consequences == Consequences(cancelled=(post,))
        assert ten.ours()["Event 9"].cancelled
        assert ten.review.list().gone == []

    def test_what_comes_back_is_asked_about_no_more(self, ten: Coalition) -> None:
        ten.sync(*self.events(9))
        ten.sync(*self.events(10))
        assert ten.review.list().gone == []

    def test_what_was_cancelled_as_gone_takes_place_when_it_comes_back(
        self, ten: Coalition
    ) -> None:
        ten.sync(*self.events(9))
        (gone,) = ten.review.list().gone
        ten.review.cancel([gone.first.number], "ana")
        reading = ten.sync(*self.events(10))
        assert (reading.kept and reading.kept.changed, ten.review.list().gone) == (1, [])
        assert not ten.ours()["Event 9"].cancelled

    def test_what_a_person_cancels_stays_cancelled_though_it_was_kept(self, ten: Coalition) -> None:
        ten.sync(*self.events(9))
        (gone,) = ten.review.list().gone
        ten.review.keep([gone.first.number], "ana")
        ten.events().cancel(ten.ours()["Event 9"].slug)
        ten.sync(*self.events(10))
        assert ten.ours()["Event 9"].cancelled

    def test_what_waits_needs_a_person_until_it_is_decided_or_over(self, ten: Coalition) -> None:
        assert EventsToReview not in {type(each) for each in ten.matters()}
        ten.sync(*self.events(9), event("n", "New", 60), event("o", "Other", 61))
        assert EventsToReview(3) in ten.matters()
        ten.accept_all()
        assert EventsToReview(1) in ten.matters()
        ten.clock.advance(45 * DAY)
        assert EventsToReview not in {type(each) for each in ten.matters()}
        assert ten.review.list().gone == []

    def test_what_was_only_proposed_is_forgotten(self, coalition: Coalition) -> None:
        coalition.add(*self.events(2))
        coalition.sync(*self.events(1))
        assert coalition.new() == ["Event 0"]

    def test_what_is_over_is_not_missed(self, ten: Coalition) -> None:
        ten.clock.advance(45 * DAY)
        reading = ten.sync()
        assert (reading.source.held_back, reading.kept and reading.kept.gone) == (None, 0)
