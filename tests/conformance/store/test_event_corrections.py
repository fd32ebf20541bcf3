"""What readers are told once more when an announced event has another time or place, or none."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ladder_series import the_walk
from newsroom import SLUG, WALK, Newsroom, changed, moved
from old_databases import deliver, of_version, write
from stories import rules

from crosspromo.domain.corrections import About
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.reasons.faults import CorrectionOutdated
from crosspromo.domain.reasons.holds import InQuietHours
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.services.event_consequences import Consequences
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATER = moved(WALK, HOUR)
NEW_PARK = changed(WALK, location="New Park")
MONDAYS = (Slot.parse("Mon 09:00"),)


@pytest.fixture
def room(store: Store) -> Newsroom:
    weekly = rules("weekly")
    weekly = replace(weekly, policy=replace(weekly.policy, slots=MONDAYS))
    return Newsroom(store, {"main": rules("main"), "weekly": weekly})


@pytest.fixture
def announced(room: Newsroom) -> Newsroom:
    """The walk was announced on the account main."""
    room.queue()
    room.publish()
    return room


def waiting(room: Newsroom) -> list[str]:
    """Texts of the corrections that wait."""
    with room.store.read() as unit:
        known = unit.event_corrections.of(SLUG)
        return [unit.deliveries.get(it.delivery).content.text for it in known if it.waits]


class TestAnAnnouncedEvent:
    def test_that_moves_is_corrected_by_a_draft_that_says_what_is_new(
        self, announced: Newsroom
    ) -> None:
        (drafted,) = announced.import_(LATER).drafted
        correction = announced.delivery(drafted)
        assert correction.content.text == (
            "New time: Bird walk. It is now on Monday, June 1, 3:00 pm, "
            "not on Monday, June 1, 2:00 pm."
        )
        assert (correction.state, correction.kind) == (State.DRAFT, Kind.NOTICE)
        assert (correction.credit, correction.account) == (Credit.NONE, "main")

    def test_that_has_another_place_is_corrected(self, announced: Newsroom) -> None:
        announced.edit(location="New Park")
        assert waiting(announced) == [
            (
                "New place: Bird walk. It is still on Monday, June 1, 2:00 pm. "
                "The place is now New Park, not Old Hall."
            )
        ]

    def test_of_which_readers_know_no_changed_part_is_not_corrected(
        self, announced: Newsroom
    ) -> None:
        assert announced.import_(changed(WALK, title="Bird watch", description="Boots!")) == (
            Consequences()
        )
        assert waiting(announced) == []

    def test_that_nobody_announced_is_not_corrected(self, room: Newsroom) -> None:
        room.queue()
        assert room.import_(LATER).drafted == ()

    def test_that_moves_again_has_one_correction_with_the_last_time(
        self, announced: Newsroom
    ) -> None:
        (first,) = announced.import_(LATER).drafted
        done = announced.import_(moved(LATER, HOUR))
        assert done.withdrawn == (first,)
        assert announced.delivery(first).fault == Fault(CorrectionOutdated(SLUG))
        assert waiting(announced) == [
            (
                "New time: Bird walk. It is now on Monday, June 1, 4:00 pm, "
                "not on Monday, June 1, 2:00 pm."
            )
        ]

    def test_whose_end_alone_changes_has_its_correction_expire_with_it(
        self, announced: Newsroom
    ) -> None:
        (drafted,) = announced.import_(NEW_PARK).drafted
        for ends_at in (WALK.ends_at + HOUR, WALK.ends_at - HOUR, WALK.ends_at + DAY):
            again = changed(the_walk(announced), ends_at=ends_at)
            assert announced.import_(again) == Consequences()
            assert announced.delivery(drafted).expires_at == ends_at

    def test_whose_end_alone_changes_has_a_held_correction_judged_again(
        self, announced: Newsroom
    ) -> None:
        (drafted,) = announced.import_(NEW_PARK).drafted
        announced.person.approve(drafted)
        quiet = HoldNote(InQuietHours("21:00-07:00"), WALK.ends_at - HOUR)
        with announced.store.write() as unit:
            unit.transitions.hold(unit.deliveries.get(drafted), quiet, announced.clock.now())
        announced.import_(changed(NEW_PARK, ends_at=WALK.starts_at + HOUR / 2))
        held = announced.delivery(drafted)
        assert held.wake_at == held.due_at
        assert held.expires_at == WALK.starts_at + HOUR / 2

    def test_whose_end_alone_changes_keeps_an_expiry_of_another_kind(
        self, announced: Newsroom
    ) -> None:
        (drafted,) = announced.import_(changed(WALK, cancelled=True)).drafted
        assert announced.delivery(drafted).expires_at == WALK.ends_at
        gone = the_walk(announced)
        announced.import_(changed(gone, ends_at=WALK.ends_at + HOUR))
        assert announced.delivery(drafted).expires_at == WALK.ends_at

    def test_that_moves_back_needs_no_correction(self, announced: Newsroom) -> None:
        (first,) = announced.import_(LATER).drafted
        back = moved(LATER, -HOUR)
        assert announced.import_(back) == Consequences(withdrawn=(first,))
        assert waiting(announced) == []

    def test_that_moves_back_after_a_post_told_the_new_time_is_corrected(
        self, announced: Newsroom
    ) -> None:
        (first,) = announced.import_(LATER).drafted
        announced.clock.advance(HOUR)
        announced.queue()
        announced.publish()
        done = announced.import_(moved(LATER, -HOUR))
        assert (done.withdrawn, len(done.drafted)) == ((first,), 1)
        assert (
            "now on Monday, June 1, 2:00 pm, not on Monday, June 1, 3:00 pm"
            in waiting(announced)[0]
        )

    def test_that_moves_back_after_the_correction_went_out_is_corrected(
        self, announced: Newsroom
    ) -> None:
        (first,) = announced.import_(LATER).drafted
        announced.person.approve(first)
        announced.publish()
        assert announced.delivery(first).state is State.PUBLISHED
        announced.import_(moved(LATER, -HOUR))
        assert (
            "now on Monday, June 1, 2:00 pm, not on Monday, June 1, 3:00 pm"
            in waiting(announced)[0]
        )

    def test_that_is_cancelled_takes_the_correction_of_its_time_with_it(
        self, announced: Newsroom
    ) -> None:
        (first,) = announced.import_(LATER).drafted
        done = announced.import_(changed(LATER, cancelled=True))
        assert done.withdrawn == (first,)
        assert [text.split(":")[0] for text in waiting(announced)] == ["Cancelled"]

    def test_that_is_cancelled_twice_has_one_correction(self, announced: Newsroom) -> None:
        off = changed(WALK, cancelled=True)
        announced.import_(off)
        on = changed(off, cancelled=False)
        announced.import_(on)
        assert len(announced.import_(changed(on, cancelled=True)).drafted) == 1
        assert len(waiting(announced)) == 1

    def test_that_is_over_is_not_corrected(self, announced: Newsroom) -> None:
        announced.clock.advance(WALK.ends_at - announced.clock.now())
        assert announced.import_(LATER).drafted == ()


def test_an_approved_correction_goes_at_once_whatever_the_slots(room: Newsroom) -> None:
    """Approved a day after it was drafted, on a Tuesday, where posts go on Mondays."""
    post = room.queue("weekly", at=room.clock.now() + HOUR)
    room.clock.advance(HOUR)
    room.publish("weekly")
    assert room.delivery(post).state is State.PUBLISHED
    (drafted,) = room.import_(LATER).drafted
    room.clock.advance(2 * DAY)
    room.person.approve(drafted)
    room.publish("weekly")
    assert room.delivery(drafted).state is State.PUBLISHED


def test_a_correction_of_an_older_database_is_known(store: Store, tmp_path: Path) -> None:
    older = of_version(store, "0023", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        event = {
            "slug": "walk",
            "uid": "w",
            "recurrence": "",
            "sequence": 0,
            "title": "Walk",
            "starts_at": START + DAY,
            "ends_at": START + 2 * DAY,
            "zone": "UTC",
            "all_day": False,
            "cancelled": True,
            "location": "Hall",
            "url": "",
            "description": "",
            "hosting": "ours",
        }
        write(connection, "events", id=1, **event)
        reason = "walk was cancelled after we had shared it"
        notice = {"kind": "notice", "author": "crosspromo", "created_at": START}
        write(connection, "posts", id=2, reason=reason, **notice)
        deliver(connection, 5, "draft", post_id=2, credit="none")
    upgrading.upgrade(older.engine)
    with older.read() as unit:
        (known,) = unit.event_corrections.of("walk")
    assert (known.delivery, known.about, known.waits) == (5, About.CANCELLED, True)
    assert known.tells.location == "Hall"
    older.close()


def test_what_posts_and_corrections_of_an_older_database_told_is_known(
    store: Store, tmp_path: Path
) -> None:
    """Announced for the first day, moved to the third, which a correction says that waits."""
    older = of_version(store, "0030", tmp_path)
    first, third = START + DAY, START + 3 * DAY
    with transaction(older.engine, writes=True) as connection:
        event = {
            "slug": "walk",
            "uid": "w",
            "recurrence": "",
            "sequence": 0,
            "title": "Walk",
            "starts_at": third,
            "ends_at": third + HOUR,
            "zone": "UTC",
            "all_day": False,
            "cancelled": False,
            "location": "Hall",
            "url": "",
            "description": "",
            "hosting": "ours",
        }
        write(connection, "events", id=1, **event)
        post = {"author": "ana", "created_at": START}
        write(connection, "posts", id=2, kind="event", event_id=1, **post)
        write(connection, "posts", id=3, kind="notice", reason="walk changed", **post)
        sent = {"sent_at": START, "published_at": START, "remote_id": "r", "attempt": 1}
        deliver(connection, 4, "published", post_id=2, credit="self", **sent)
        deliver(connection, 5, "draft", post_id=3, credit="none", due_at=START + HOUR)
        correction = {
            "delivery_id": 5,
            "event_id": 1,
            "about": "changed",
            "starts_at": first,
            "zone": "UTC",
            "all_day": False,
            "location": "Hall",
            "drafted_at": START + HOUR,
        }
        write(connection, "event_corrections", **correction)
    upgrading.upgrade(older.engine)
    with older.read() as unit:
        assert unit.event_corrections.unnoted("walk") == []
        told = unit.event_corrections.told("walk")
        (waits,) = unit.event_corrections.of("walk")
    assert {account: each.starts_at for account, each in told.items()} == {"x-main": first}
    assert (waits.delivery, waits.tells.starts_at) == (5, third)
    older.close()
