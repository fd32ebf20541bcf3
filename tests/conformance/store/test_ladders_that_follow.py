"""What becomes of the steps of a ladder when their event moves, changes or is cancelled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from ladder_series import add_step, queue_series, steps, the_walk
from newsroom import OURS, SLUG, WALK, Newsroom, calendar, changed
from stories import rules

from crosspromo.domain.date_rules import parse_date_rule
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.reasons.faults import EventChanged, StepPassed, WhyDraft
from crosspromo.domain.reasons.notes import OnDayOfMourning
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.services.edited_content import Changes
from crosspromo.store.unit import Store

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def room(store: Store) -> Newsroom:
    daily = rules("daily")
    daily = replace(daily, policy=replace(daily.policy, slots=(Slot.parse("daily 09:00"),)))
    return Newsroom(store, {"main": rules("main"), "daily": daily}, hosts=OURS)


def waiting(room: Newsroom, account: str = "daily") -> dict[str, str]:
    """Times of the steps that wait, by name."""
    with room.store.read() as unit:
        found = steps(unit, account, (State.DRAFT, State.QUEUED))
    return {str(each.step): f"{each.due_at:%m-%d %H:%M}" for each in found}


def of_step(room: Newsroom, step: str, account: str = "daily") -> Delivery:
    with room.store.read() as unit:
        return next(each for each in unit.deliveries.some() if each.step == step)


def move(room: Newsroom, by: timedelta) -> Event:
    walk = the_walk(room)
    later = changed(walk, starts_at=walk.starts_at + by, ends_at=walk.ends_at + by)
    room.import_(later)
    return later


class TestAnEventThatMoves:
    def test_takes_each_step_to_its_day(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        before = waiting(room)
        move(room, 7 * DAY)
        assert list(waiting(room)) == list(before)
        assert waiting(room) == {
            "announce": "04-27 09:00",
            "invite": "05-11 09:00",
            "two-weeks": "05-25 09:00",
            "week": "06-01 09:00",
            "last-days": "06-05 09:00",
            "tomorrow": "06-07 09:00",
            "today": "06-08 08:00",
            "thanks": "06-09 09:00",
            "recap": "06-10 09:00",
        }

    def test_pins_the_day_itself_anew_and_leaves_it_queued(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        move(room, DAY)
        today = of_step(room, "today")
        assert (today.state, today.pinned, today.fault) == (State.QUEUED, True, None)
        assert f"{today.due_at:%m-%d %H:%M}" == "06-02 08:00"

    def test_onto_a_day_of_mourning_sets_aside_what_would_be_held_until_it_is_too_late(
        self, room: Newsroom
    ) -> None:
        queue_series(room, "daily")
        walk = the_walk(room)
        days = [Observance("loss", "Day of Loss", parse_date_rule("06-02"), ObservanceTone.MOURN)]
        later = changed(walk, starts_at=walk.starts_at + DAY, ends_at=walk.ends_at + DAY)
        events = replace(room.events, blackouts=(Mourning.kept(days),))
        done = events.import_(calendar(later), "walk.ics", room.hosts).consequences
        told = {each.step: each for each in done.renewals}
        (silence,) = told["today"].silences
        assert isinstance(silence, OnDayOfMourning)
        assert silence.mourning.name == "Day of Loss"
        today = of_step(room, "today")
        assert (today.state, today.due_at) == (State.DRAFT, told["today"].due_at)
        assert today.fault is not None
        assert isinstance(today.fault.reason, EventChanged)
        assert today.fault.reason.why is WhyDraft.SILENT
        assert not any(each.silences for step, each in told.items() if step != "today")

    def test_names_each_step_with_its_time_and_whether_it_is_another(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        walk = the_walk(room)
        done = room.import_(changed(walk, ends_at=walk.ends_at + DAY))
        moved = {each.step: each.due_at for each in done.renewals if each.moved}
        assert moved == {step: of_step(room, step).due_at for step in ("thanks", "recap")}

    def test_cancels_the_steps_whose_day_has_passed_with_the_reason(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        room.clock.advance(WALK.starts_at - 20 * DAY - room.clock.now())
        move(room, -15 * DAY)
        gone = of_step(room, "two-weeks")
        assert gone.state is State.CANCELLED
        assert gone.fault is not None
        assert gone.fault.reason == StepPassed(SLUG, "two-weeks", date(2026, 5, 3))
        assert waiting(room) == {
            "week": "05-13 09:00",
            "last-days": "05-14 09:00",
            "tomorrow": "05-16 09:00",
            "today": "05-17 08:00",
            "thanks": "05-18 09:00",
            "recap": "05-19 09:00",
        }

    def test_into_the_past_leaves_its_thanks(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        now = room.clock.now()
        move(room, now - WALK.starts_at - HOUR)
        assert set(waiting(room)) == {"thanks", "recap"}

    def test_keeps_a_time_that_a_person_chose_and_asks(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        week = of_step(room, "week")
        at = week.due_at + HOUR
        room.person.move(week.id, at)
        move(room, DAY)
        after = of_step(room, "week")
        assert (after.due_at, after.state) == (at, State.DRAFT)
        assert after.fault is not None
        assert isinstance(after.fault.reason, EventChanged)
        assert after.fault.reason.why is WhyDraft.PINNED

    def test_sets_a_text_aside_that_a_person_wrote(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        week = of_step(room, "week")
        room.person.edit(week.id, Changes(text="Come, all of you!"))
        move(room, DAY)
        after = of_step(room, "week")
        assert (after.content.text, after.state) == ("Come, all of you!", State.DRAFT)
        assert f"{after.due_at:%m-%d}" == "05-26"


class TestAnEventThatChanges:
    def test_keeps_the_time_of_every_step_and_leaves_the_day_itself_queued(
        self, room: Newsroom
    ) -> None:
        queue_series(room, "daily", "main")
        before = waiting(room), waiting(room, "main")
        room.edit(location="New Park")
        assert (waiting(room), waiting(room, "main")) == before
        assert of_step(room, "today").state is State.QUEUED
        assert "New Park" in of_step(room, "today").content.text

    def test_its_end_alone_moves_thanks_and_recap(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        before = waiting(room)
        room.edit(length=26 * HOUR)
        assert waiting(room) == before | {"thanks": "06-03 09:00", "recap": "06-04 09:00"}

    def test_thanks_that_was_approved_is_read_again(self, room: Newsroom) -> None:
        queue_series(room, "daily")
        thanks = of_step(room, "thanks")
        room.person.approve(thanks.id)
        assert of_step(room, "thanks").state is State.QUEUED
        room.edit(title="Bird watch")
        assert of_step(room, "thanks").state is State.DRAFT


def test_a_cancelled_event_voids_every_step_and_coming_back_brings_none(room: Newsroom) -> None:
    queue_series(room, "daily")
    room.events.cancel(SLUG)
    assert waiting(room) == {}
    (back,) = room.import_(changed(the_walk(room), cancelled=False)).on_again
    assert back.ladder == "standard"
    assert len(back.cancelled) == 9
    assert waiting(room) == {}


def test_one_that_comes_back_names_the_ladder_that_it_had(room: Newsroom) -> None:
    walk = the_walk(room)
    with room.store.write() as unit:
        for step in ("week", "tomorrow"):
            now = room.clock.now()
            due_at = walk.starts_at - 7 * DAY
            add_step(unit, walk, "main", step, due_at, now=now, pinned=False)
    room.events.cancel(SLUG)
    (back,) = room.import_(changed(the_walk(room), cancelled=False)).on_again
    assert back.ladder == "small"
