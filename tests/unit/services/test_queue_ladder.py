"""A ladder is queued whole: each step once, on its day, with its words and what it counts as."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import rules

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.date_rules import Days
from crosspromo.domain.errors import ConfigError, InputError, NotFoundError, QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import LASTS_AFTER, parse_ladder
from crosspromo.domain.mourning import Mourning, Silence
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.notes import InBlackout
from crosspromo.domain.requests import EventPost
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.intake.pictures import ImageFolder
from crosspromo.phrasing.ladders import of_moved, of_unplaced
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.ladders import Ladders
from crosspromo.services.queue_ladder import LadderQueue, QueuedLadder
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

CLOCK = FakeClock()
NOW = CLOCK.now()
HOME = ZoneInfo("America/Chicago")
KEEPERS = Partner("river-keepers", "River Keepers")
CLEANUP = Event(
    slug="river-cleanup",
    title="River Cleanup",
    starts_at=NOW + timedelta(days=60),
    ends_at=NOW + timedelta(days=60, hours=3),
    zone="America/Chicago",
    uid="cleanup@us.example",
    hosting=Hosting.PARTNER,
    partners=("river-keepers",),
)
GALA = parse_ladder("gala", ["-20d announce", "-5d teaser", "0d today"])


def account(name: str, *slots: str) -> AccountRules:
    known = rules(name)
    policy = replace(known.policy, slots=tuple(map(Slot.parse, slots)), target=None)
    return replace(known, policy=policy)


class House:
    """A store with one event, and the ladders that are queued for it."""

    def __init__(self, store: Store, folder: Path, *accounts: AccountRules) -> None:
        self.store = store
        known = accounts or (account("main", "daily 09:00", "daily 17:00"),)
        templates = Templates((folder / "templates", SHIPPED / "templates"), "us")
        self.names = [each.name for each in known]
        self.posts = PostQueue(
            store=store,
            clock=CLOCK,
            rules={each.name: each for each in known},
            organisation=OrganisationRules(floor=None, window=Window(days=28), zone=HOME),
            own_group=frozenset(),
            renderer=templates,
            pictures=lambda *, keep: ImageFolder(folder, keep=keep),
        )
        self.queue = LadderQueue(self.posts, Ladders({"gala": GALA}, templates).named)
        with store.write() as unit:
            unit.partners.save(KEEPERS, START)
        self.save(CLEANUP)

    def save(self, event: Event) -> None:
        with self.store.write() as unit:
            unit.events.save(event)

    def series(self, name: str = "standard", *, dry_run: bool = False) -> QueuedLadder:
        request = EventPost(author="ana", event="river-cleanup")
        return self.queue.queue_ladder(request, name, self.names, dry_run=dry_run)

    def steps(self) -> Sequence[tuple[str | None, State]]:
        with self.store.read() as unit:
            return [
                (each.step, each.state) for each in unit.deliveries.waiting_for("river-cleanup")
            ]


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def local(moment: datetime, zone: ZoneInfo = HOME) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}"


def test_each_step_takes_the_first_slot_of_its_day_and_only_day_of_is_pinned(house: House) -> None:
    found = house.series("small")
    first_day = CLEANUP.starts_at.astimezone(HOME).date()
    assert [each.step.name for each in found.steps] == [
        *("invite", "two-weeks", "week", "tomorrow", "today", "thanks", "recap"),
    ]
    for each in found.steps:
        delivery = each.queued.view.delivery
        due = delivery.due_at.astimezone(HOME)
        assert due.date() == each.day == first_day + timedelta(days=each.step.days)
        assert f"{due:%H:%M}" == ("09:00" if each.step.days else local(delivery.due_at)[6:])
        assert delivery.pinned is (each.step.days == 0)
        assert delivery.step == each.step.name


def test_thanks_and_recap_are_drafts_that_expire_days_after_the_end(house: House) -> None:
    for each in house.series().steps:
        delivery = each.queued.view.delivery
        if each.step.comes_after:
            assert delivery.state is State.DRAFT
            assert delivery.expires_at == CLEANUP.ends_at + LASTS_AFTER[each.step.name]
        else:
            assert delivery.state is State.QUEUED
            assert delivery.expires_at == CLEANUP.starts_at


def test_the_same_ladder_again_adds_only_what_is_missing(house: House) -> None:
    house.series("small")
    again = house.series("standard")
    assert [each.step.name for each in again.steps] == ["announce", "last-days"]
    assert again.had == 7
    assert house.series("standard").steps == ()


def test_a_step_that_was_cancelled_is_missing(house: House) -> None:
    (first, *_) = house.series("small").steps
    with house.store.write() as unit:
        unit.transitions.cancel(first.queued.view.delivery, NOW)
    assert [each.step.name for each in house.series("small").steps] == ["invite"]


def test_an_account_that_comes_later_gets_the_whole_ladder(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path, account("main"), account("second"))
    house.names = ["main"]
    house.series("small")
    house.names = ["main", "second"]
    later = house.series("small")
    assert {each.queued.view.delivery.account for each in later.steps} == {"second"}
    assert (len(later.steps), later.had) == (7, 7)


def test_a_step_is_one_post_on_all_accounts(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path, account("main"), account("second", "daily 12:00"))
    found = house.series("small").steps
    posts: dict[str, set[int]] = {each.step.name: set() for each in found}
    for each in found:
        posts[each.step.name].add(each.queued.view.delivery.post)
    assert all(len(each) == 1 for each in posts.values())
    times = {
        (each.queued.view.delivery.account, local(each.queued.view.delivery.due_at)[6:])
        for each in found
        if each.step.days
    }
    assert times == {("main", "10:00"), ("second", "12:00")}


def test_a_dry_run_says_the_same_and_writes_nothing(house: House) -> None:
    would = house.series(dry_run=True)
    assert house.steps() == []
    done = house.series()
    assert [(each.step, each.day, each.counts_as) for each in would.steps] == [
        (each.step, each.day, each.counts_as) for each in done.steps
    ]


def test_a_day_without_a_free_slot_sends_its_step_to_the_nearest_day_beside_it(
    store: Store, tmp_path: Path
) -> None:
    house = House(store, tmp_path, account("main", "Mon 09:00", "Thu 09:00"))
    found = house.series("small").steps
    days = [each.day for each in found]
    assert days == sorted(set(days))
    for each in found:
        nominal = CLEANUP.starts_at.astimezone(HOME).date() + timedelta(days=each.step.days)
        assert each.moved is (each.day != nominal)
        if each.step.days:
            assert each.day.weekday() in {0, 3}


def test_a_step_without_any_place_is_told(store: Store, tmp_path: Path) -> None:
    friday = CLEANUP.starts_at + timedelta(days=(4 - CLEANUP.starts_at.weekday()) % 7)
    house = House(store, tmp_path, account("main", "Sat 12:00"))
    house.save(replace(CLEANUP, starts_at=friday, ends_at=friday + timedelta(hours=2)))
    found = house.series("standard")
    assert [each.step.name for each in found.unplaced] == ["last-days", "tomorrow"]
    assert {each.step.name for each in found.steps} >= {"announce", "week", "today", "thanks"}


def on_day(day: datetime) -> Event:
    return replace(CLEANUP, starts_at=day, ends_at=day + timedelta(hours=2))


def next_weekday(weekday: int) -> datetime:
    days = (weekday - CLEANUP.starts_at.astimezone(HOME).weekday()) % 7
    there = CLEANUP.starts_at.astimezone(HOME) + timedelta(days=days)
    return there.replace(hour=19, minute=0).astimezone(UTC)


def test_a_step_before_makes_room_for_one_that_has_no_place_at_a_weekend(
    store: Store, tmp_path: Path
) -> None:
    house = House(store, tmp_path, account("main", "Mon-Fri 09:00"))
    house.save(on_day(next_weekday(0)))
    found = house.series()
    days = {each.step.name: each.day.weekday() for each in found.steps}
    assert found.unplaced == ()
    assert (days["last-days"], days["tomorrow"], days["today"]) == (3, 4, 0)


def test_thanks_wait_for_a_slot_and_the_recap_goes_later_then(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path, account("main", "Wed 09:00", "Fri 09:00"))
    house.save(on_day(next_weekday(6)))
    days = {each.step.name: each.day.weekday() for each in house.series().steps}
    assert (days["thanks"], days["recap"]) == (2, 4)


def test_a_gap_that_is_longer_than_a_day_counts_among_the_steps(
    store: Store, tmp_path: Path
) -> None:
    known = account("main", "daily 09:00")
    known = replace(known, policy=replace(known.policy, min_gap=timedelta(hours=47)))
    house = House(store, tmp_path, known)
    due = sorted(each.queued.view.delivery.due_at for each in house.series().steps)
    assert min(other - one for one, other in pairwise(due[:-3])) >= timedelta(hours=47)


def with_silence(house: House, silence: Silence) -> LadderQueue:
    organisation = replace(house.posts.organisation, blackouts=(silence,))
    return replace(house.queue, queue=replace(house.posts, organisation=organisation))


def test_a_step_of_the_day_that_a_blackout_holds_too_long_is_left_out_with_the_reason(
    house: House,
) -> None:
    day = next_weekday(3)
    house.save(on_day(day))
    silence = Blackout(day.astimezone(HOME).date(), day.astimezone(HOME).date(), "Rest")
    found = with_silence(house, silence).queue_ladder(
        EventPost(author="ana", event="river-cleanup"), "small", ["main"]
    )
    assert "today" not in {each.step.name for each in found.steps}
    (left,) = found.unplaced
    assert (left.step.name, left.pinned) == ("today", True)
    assert [type(each) for each in left.silences] == [InBlackout]
    assert "Rest" in of_unplaced(left, HOME)


def test_a_day_of_mourning_is_named_where_a_step_moves_or_finds_no_place(house: House) -> None:
    day = next_weekday(3)
    house.save(replace(on_day(day), hosting=Hosting.OURS, partners=()))
    first = day.astimezone(HOME).date() - timedelta(days=1)
    mourning = Mourning((observance(first, day.astimezone(HOME).date()),))
    found = with_silence(house, mourning).queue_ladder(
        EventPost(author="ana", event="river-cleanup"), "small", ["main"]
    )
    (left,) = found.unplaced
    assert left.step.name == "today"
    assert "Memorial" in of_unplaced(left, HOME)
    (moved,) = (each for each in found.steps if each.moved)
    assert moved.step.name == "tomorrow"
    assert "Memorial" in of_moved(moved, HOME)


def observance(first: date, last: date) -> Observance:
    days = Days(first, last)
    return Observance(
        "memorial", "Memorial", None, ObservanceTone.MOURN, announced={first.year: days}
    )


def test_steps_are_on_days_of_the_events_zone(store: Store, tmp_path: Path) -> None:
    house = House(store, tmp_path, account("main"))
    tokyo = ZoneInfo("Asia/Tokyo")
    house.save(replace(CLEANUP, zone="Asia/Tokyo"))
    for each in house.series("small").steps:
        due = each.queued.view.delivery.due_at
        assert due.astimezone(tokyo).date() == each.day
        assert due.astimezone(tokyo).hour == (10 if each.step.days else due.astimezone(tokyo).hour)


def test_the_own_template_of_a_step_wins(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "event"
    folder.mkdir(parents=True)
    (folder / "week.j2").write_text("Our own words for {{ event.title }}", encoding="utf-8")
    texts = {
        each.step.name: each.queued.view.delivery.content.text
        for each in house.series("small").steps
    }
    assert texts["week"] == "Our own words for River Cleanup"
    assert texts["invite"].startswith("You are warmly invited")


def test_a_ladder_of_ones_own_names_words_that_are_there(house: House, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'"teaser" has no words; write templates/event/teaser'):
        house.series("gala")
    folder = tmp_path / "templates" / "event"
    folder.mkdir(parents=True)
    (folder / "teaser.j2").write_text("Soon: {{ event.title }}", encoding="utf-8")
    assert [each.step.name for each in house.series("gala").steps] == [
        "announce",
        "teaser",
        "today",
    ]


def test_what_cannot_be_queued_is_refused_and_nothing_is_written(house: House) -> None:
    with pytest.raises(NotFoundError):
        house.series("huge")
    house.save(replace(CLEANUP, cancelled=True))
    with pytest.raises(QueueingError):
        house.series()
    long_ago = NOW - timedelta(days=30)
    house.save(replace(CLEANUP, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)))
    with pytest.raises(InputError):
        house.series()
    assert house.steps() == []


def test_one_step_that_cannot_be_queued_stops_all_and_is_named(
    store: Store, tmp_path: Path
) -> None:
    house = House(store, tmp_path)
    (tmp_path / "templates" / "event").mkdir(parents=True)
    (tmp_path / "templates" / "event" / "today.j2").write_text(" ", encoding="utf-8")
    with pytest.raises(QueueingError) as refused:
        house.series()
    assert refused.value.about == "river-cleanup, today"
    assert house.steps() == []


@pytest.mark.parametrize(
    ("hosting", "first", "later"),
    [
        (Hosting.PARTNER, "others", "none"),
        (Hosting.JOINT, "both", "self"),
        (Hosting.OURS, "self", "self"),
    ],
)
def test_the_first_step_within_the_window_counts_and_later_ones_are_padding(
    house: House, hosting: Hosting, first: str, later: str
) -> None:
    house.save(replace(CLEANUP, hosting=hosting))
    counts = {each.step.days: each.counts_as for each in house.series("small").steps}
    assert [counts[days] for days in (-28, -14, -7, -1)] == [first, later, later, later]
    assert counts[0] == (first if hosting is Hosting.OURS else counts[0])
    standard = {each.step.days: each.counts_as for each in house.series("standard").steps}
    assert standard[-42] == first


EVENTS = st.builds(
    lambda days, minutes, zone: replace(
        CLEANUP,
        starts_at=NOW + timedelta(days=days, minutes=minutes),
        ends_at=NOW + timedelta(days=days, minutes=minutes + 90),
        zone=zone,
    ),
    st.integers(0, 100),
    st.integers(1, 24 * 60),
    st.sampled_from(["America/Chicago", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
)
SLOTS = st.lists(
    st.sampled_from(["daily 09:00", "Mon-Fri 23:30", "Sat 00:10", "Mon 12:00", "Wed,Sun 18:00"]),
    max_size=3,
    unique=True,
)


@settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(EVENTS, SLOTS, st.sampled_from(["small", "standard", "big"]))
def test_no_two_steps_share_a_day_of_an_account_and_none_is_out_of_order_or_late(
    house: House, event: Event, slots: list[str], name: str
) -> None:
    house.save(replace(event, cancelled=False))
    known = account("main", *slots)
    posts = replace(house.posts, rules={"main": known})
    found = LadderQueue(posts, house.queue.ladder).queue_ladder(
        EventPost(author="ana", event="river-cleanup"), name, ["main"], dry_run=True
    )
    due = [each.queued.view.delivery.due_at for each in found.steps]
    zones = (HOME, ZoneInfo(event.zone))
    assert due == sorted(due)
    for zone in zones:
        assert len({each.astimezone(zone).date() for each in due}) == len(due)
    for each in found.steps:
        delivery = each.queued.view.delivery
        assert delivery.due_at > NOW
        assert delivery.expires_at is not None
        assert delivery.due_at < delivery.expires_at
        assert delivery.pinned is each.step.is_day_of
        assert (delivery.due_at < event.starts_at) is not each.step.comes_after
    told = {each.step.name for each in found.missed} | {each.step.name for each in found.unplaced}
    assert {each.step.name for each in found.steps} | told == {
        step.name for step in found.ladder.steps
    }
