"""What waits for readers of an event that changed more than once is true, or is withdrawn."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from newsroom import SLUG, WALK, Newsroom
from servers.databases import memory_store

from crosspromo.domain.deliveries import Fault
from crosspromo.domain.reasons.faults import CorrectionOutdated
from crosspromo.domain.states import State

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def room() -> Newsroom:
    return Newsroom(memory_store())


@pytest.fixture
def announced(room: Newsroom) -> Newsroom:
    """The walk was announced on the account main."""
    announce(room)
    return room


def announce(room: Newsroom) -> None:
    post = room.queue()
    room.publish()
    assert room.delivery(post).state is State.PUBLISHED


def change(room: Newsroom, **values: Any) -> tuple[int, ...]:
    """Change the walk as its calendar does; the corrections that this drafts (ids)."""
    with room.store.write() as unit:
        before = unit.events.get(SLUG)
        edition = replace(before, sequence=before.sequence + 1, **values)
        _, consequences = room.events.take(unit, before, edition)
    return consequences.drafted


def move(room: Newsroom, by: timedelta) -> tuple[int, ...]:
    """Move the walk from the time of its first edition."""
    return change(room, starts_at=WALK.starts_at + by, ends_at=WALK.ends_at + by)


def move_to_the_past(room: Newsroom) -> tuple[int, ...]:
    return move(room, room.clock.now() - WALK.ends_at - DAY)


def waiting(room: Newsroom) -> list[str]:
    """Texts of the corrections that wait."""
    with room.store.read() as unit:
        known = unit.event_corrections.of(SLUG)
        return [unit.deliveries.get(it.delivery).content.text for it in known if it.waits]


def assert_withdrawn(room: Newsroom, correction: int) -> None:
    """The correction is cancelled, and a worker finds nothing to send."""
    sent = len(room.memory.sent)
    room.publish()
    assert len(room.memory.sent) == sent
    delivery = room.delivery(correction)
    assert (delivery.state, delivery.fault) == (State.CANCELLED, Fault(CorrectionOutdated(SLUG)))


@pytest.mark.parametrize("approved", [True, False], ids=["approved", "draft"])
class TestACorrectionIsWithdrawn:
    def test_when_the_event_moves_to_the_past(self, announced: Newsroom, approved: bool) -> None:
        (correction,) = move(announced, 7 * DAY)
        if approved:
            announced.person.approve(correction)
        assert move_to_the_past(announced) == ()
        assert_withdrawn(announced, correction)

    def test_when_the_event_is_cancelled_after_all(
        self, announced: Newsroom, approved: bool
    ) -> None:
        (correction,) = move(announced, 7 * DAY)
        if approved:
            announced.person.approve(correction)
        move_to_the_past(announced)
        (cancellation,) = announced.events.cancel(SLUG).drafted
        assert_withdrawn(announced, correction)
        assert announced.delivery(cancellation).content.text == (
            "Cancelled: Bird walk (Monday, June 1, 2:00 pm). We shared it earlier; it will not "
            "take place."
        )

    def test_that_says_cancelled_when_the_event_takes_place(
        self, announced: Newsroom, approved: bool
    ) -> None:
        (correction,) = change(announced, cancelled=True)
        if approved:
            announced.person.approve(correction)
        assert change(announced, cancelled=False) == ()
        assert_withdrawn(announced, correction)

    def test_that_says_cancelled_when_a_person_restores_the_event(
        self, announced: Newsroom, approved: bool
    ) -> None:
        (correction,) = announced.events.cancel(SLUG).drafted
        if approved:
            announced.person.approve(correction)
        assert announced.events.restore(SLUG).consequences.withdrawn == (correction,)
        assert_withdrawn(announced, correction)


class TestAfterACancellationThatWasTakenBack:
    def test_readers_hear_of_the_new_date_that_they_were_not_told(
        self, announced: Newsroom
    ) -> None:
        move(announced, 7 * DAY)
        change(announced, cancelled=True)
        change(announced, cancelled=False)
        assert waiting(announced) == [
            (
                "New date: Bird walk. It is now on Monday, June 8, 2:00 pm, "
                "not on Monday, June 1, 2:00 pm."
            )
        ]

    def test_no_date_is_told_as_one_that_stays_unless_readers_know_it(
        self, announced: Newsroom
    ) -> None:
        move(announced, 7 * DAY)
        change(announced, cancelled=True)
        change(announced, cancelled=False)
        change(announced, location="New Park")
        assert waiting(announced) == [
            (
                "New date and place: Bird walk. It is now on Monday, June 8, 2:00 pm, "
                "not on Monday, June 1, 2:00 pm. The place is now New Park, not Old Hall."
            )
        ]

    def test_readers_who_were_told_it_is_off_hear_that_it_is_on(self, announced: Newsroom) -> None:
        (cancellation,) = change(announced, cancelled=True)
        announced.person.approve(cancellation)
        announced.publish()
        change(announced, cancelled=False)
        assert waiting(announced) == [
            (
                "Takes place after all: Bird walk. It is on Monday, June 1, 2:00 pm, "
                "as announced before."
            )
        ]


class TestACancellationNames:
    def cancelled(self, room: Newsroom) -> str:
        change(room, cancelled=True)
        (text,) = waiting(room)
        return text.removesuffix(" We shared it earlier; it will not take place.")

    def test_the_date_that_readers_know(self, announced: Newsroom) -> None:
        move(announced, 7 * DAY)
        assert self.cancelled(announced) == "Cancelled: Bird walk (Monday, June 1, 2:00 pm)."

    def test_the_title_that_readers_know(self, announced: Newsroom) -> None:
        change(announced, title="Bat walk")
        assert self.cancelled(announced) == "Cancelled: Bird walk (Monday, June 1, 2:00 pm)."

    def test_the_date_and_the_title_of_the_correction_that_went_out(
        self, announced: Newsroom
    ) -> None:
        (correction,) = move(announced, 7 * DAY)
        announced.person.approve(correction)
        announced.publish()
        change(announced, title="Bat walk")
        assert self.cancelled(announced) == "Cancelled: Bird walk (Monday, June 8, 2:00 pm)."

    def test_the_time_in_the_zone_of_the_event(self, room: Newsroom) -> None:
        change(room, zone="Asia/Tokyo")
        announce(room)
        assert self.cancelled(room) == "Cancelled: Bird walk (Monday, June 1, 11:00 pm JST)."

    def test_no_time_of_an_event_of_whole_days(self, room: Newsroom) -> None:
        midnight = WALK.starts_at.replace(hour=0)
        change(room, all_day=True, starts_at=midnight, ends_at=midnight + DAY)
        announce(room)
        assert self.cancelled(room) == "Cancelled: Bird walk (Monday, June 1)."


def test_a_new_title_alone_is_in_no_correction_of_another_date(announced: Newsroom) -> None:
    change(announced, title="Bat walk")
    move(announced, HOUR)
    assert waiting(announced) == [
        "New time: Bird walk. It is now on Monday, June 1, 3:00 pm, not on Monday, June 1, 2:00 pm."
    ]
