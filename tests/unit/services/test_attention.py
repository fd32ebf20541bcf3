"""Whatever is not as a person would want it needs a person, until it is acted on or dismissed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stories import ACCOUNT, NO_FLOOR, delivery, queued

from crosspromo.disks import LITTLE, Disk
from crosspromo.documents import of_run
from crosspromo.domain.approval import Approvers
from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.errors import Refused
from crosspromo.domain.matters import (
    DatedAhead,
    DiskFull,
    Earlier,
    Matter,
    NoDaemon,
    PastDue,
    PausedInDoubt,
    SettingsRefused,
    SignOffLacks,
    Sort,
    TemplatesFaulty,
)
from crosspromo.domain.pauses import OURSELVES, Pause
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Override
from crosspromo.domain.workers import Trouble, TroubleKind
from crosspromo.phrasing import mends
from crosspromo.phrasing.matters import mend_of, of_matter
from crosspromo.services import attention as module
from crosspromo.services import status
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.attention import Attention
from crosspromo.services.status import Statuses
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

NOT_SENT = Fault(faults.NotSent("the network cannot be reached"))
REJECTED = Fault(faults.Rejected("bad", "the network refuses it"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def matters(
    store: Store,
    clock: FakeClock,
    accounts: Sequence[str] = (ACCOUNT,),
    folders: Sequence[Path] = (),
) -> list[Matter]:
    return Attention(store, clock, accounts, folders, lambda _worker: False).matters()


def codes(store: Store, clock: FakeClock) -> list[tuple[str, int | None]]:
    return [(each.code, each.delivery) for each in matters(store, clock)]


def acts(store: Store, clock: FakeClock) -> DeliveryActs:
    return DeliveryActs(
        store,
        clock,
        {},
        lambda _name: pytest.fail("no network"),
        "ana",
        NO_FLOOR,
        lambda: pytest.fail("no title"),
    )


def refused(store: Store, into: State, fault: Fault = REJECTED) -> int:
    number = queued(store)
    with store.write() as unit:
        unit.transitions.refuse(unit.deliveries.get(number), into, fault, START)
    return number


def in_doubt(
    store: Store,
    clock: FakeClock,
    reason: faults.FaultReason,
    look_up_at: datetime | None = None,
) -> int:
    number, now = queued(store), clock.now()
    with store.write() as unit:
        intent = Intent("worker", Prepared("token", {}), {}, now + timedelta(minutes=1), now)
        unit.transitions.record_intent(unit.deliveries.get(number), intent)
    with store.write() as unit:
        claimed = unit.deliveries.get(number)
        unit.transitions.mark_unknown(
            claimed, Fault(reason), look_up_at, now, needs_person=look_up_at is None
        )
    return number


def test_an_empty_workspace_needs_nobody(store: Store, clock: FakeClock) -> None:
    assert matters(store, clock) == []


@pytest.mark.parametrize("ended", [State.FAILED, State.MISSED, State.EXPIRED])
class TestWhatEndedUnsent:
    def test_it_needs_a_person_until_dismissed(
        self, store: Store, clock: FakeClock, ended: State
    ) -> None:
        number = refused(store, ended)
        assert codes(store, clock) == [(ended.value, number)]

        acts(store, clock).dismiss(number, "the campaign is over")

        assert matters(store, clock) == []
        assert delivery(store, number).state is ended
        with store.read() as unit:
            (entry,) = unit.audit.entries()
        assert (entry.who, entry.act) == ("ana", "dismiss")
        assert entry.reason == "the campaign is over"

    def test_a_blank_reason_dismisses_nothing(
        self, store: Store, clock: FakeClock, ended: State
    ) -> None:
        number = refused(store, ended)
        with pytest.raises(Refused):
            acts(store, clock).dismiss(number, " ")
        assert codes(store, clock) == [(ended.value, number)]


def test_a_new_failure_of_a_dismissed_delivery_asks_again(store: Store, clock: FakeClock) -> None:
    number = refused(store, State.FAILED)
    acts(store, clock).dismiss(number, "later")
    acts(store, clock).retry(number)
    assert matters(store, clock) == []

    with store.write() as unit:
        unit.transitions.refuse(unit.deliveries.get(number), State.FAILED, REJECTED, START)

    assert codes(store, clock) == [("failed", number)]


@pytest.mark.parametrize("state", [State.QUEUED, State.PUBLISHED])
def test_only_what_needs_a_person_can_be_dismissed(
    store: Store, clock: FakeClock, state: State
) -> None:
    number = queued(store)
    assert state is not State.PUBLISHED or delivery(store, number).state is State.QUEUED
    with pytest.raises(Refused) as error:
        acts(store, clock).dismiss(number, "why not")
    assert error.value.code == "wrong-state"


def test_a_send_of_unknown_outcome_needs_a_person(store: Store, clock: FakeClock) -> None:
    number = in_doubt(store, clock, faults.InDoubt("no answer"))
    assert codes(store, clock) == [("unknown", number)]


def test_a_post_by_hand_is_named_so(store: Store, clock: FakeClock) -> None:
    number = in_doubt(store, clock, faults.ByHand("open the form"))
    assert codes(store, clock) == [("by-hand", number)]


class TestPastDue:
    def test_what_is_tried_again_needs_a_person_ten_minutes_after_it_was_due(
        self, store: Store, clock: FakeClock
    ) -> None:
        number = queued(store)
        next_at = START + timedelta(hours=1)
        with store.write() as unit:
            unit.transitions.postpone(unit.deliveries.get(number), NOT_SENT, next_at, START)
        clock.advance(module.PATIENCE)
        assert matters(store, clock) == []

        clock.advance(timedelta(seconds=1))

        (matter,) = matters(store, clock)
        assert matter.detail == PastDue(NOT_SENT.reason, next_at)
        assert (matter.since, matter.delivery) == (START, number)

    def test_what_is_paused_waits_because_somebody_wants_it_so(
        self, store: Store, clock: FakeClock
    ) -> None:
        number = queued(store)
        with store.write() as unit:
            unit.transitions.postpone(
                unit.deliveries.get(number), NOT_SENT, START + timedelta(hours=1), START
            )
            unit.pauses.begin(Pause(ACCOUNT, "ana", START, "a storm"))
        clock.advance(timedelta(days=1))
        assert matters(store, clock) == []

    def test_a_pause_that_no_person_ordered_needs_one(self, store: Store, clock: FakeClock) -> None:
        with store.write() as unit:
            unit.pauses.begin(Pause(None, OURSELVES, START, "the database was copied"))
        assert matters(store, clock) == [Matter(PausedInDoubt("the database was copied"), START)]

        with store.write() as unit:
            unit.pauses.end(None)
        assert matters(store, clock) == []

    def test_what_nobody_looks_at_shows_that_no_daemon_runs(
        self, store: Store, clock: FakeClock
    ) -> None:
        queued(store)
        queued(store, "Hello again")
        clock.advance(module.UNTOUCHED + timedelta(seconds=1))
        assert matters(store, clock) == [Matter(NoDaemon(alive=False), START)]

    def test_a_pause_of_one_account_hides_nothing_of_another(
        self, store: Store, clock: FakeClock
    ) -> None:
        queued(store)
        queued(store, account="another")
        with store.write() as unit:
            unit.pauses.begin(Pause("another", "ana", START, "a storm"))
        clock.advance(module.UNTOUCHED)
        found = matters(store, clock, accounts=[ACCOUNT, "another"])
        assert found == [Matter(NoDaemon(alive=False), START)]

    @pytest.mark.parametrize("first", [ACCOUNT, "another"])
    def test_an_account_that_is_gone_hides_nothing_of_another(
        self, store: Store, clock: FakeClock, first: str
    ) -> None:
        last = "another" if first == ACCOUNT else ACCOUNT
        queued(store, account=first)
        queued(store, account=last)
        clock.advance(module.UNTOUCHED)
        found = matters(store, clock, accounts=[last])
        assert Matter(NoDaemon(alive=False), START) in found

    def test_a_rest_of_the_account_is_no_fault_of_the_daemon(
        self, store: Store, clock: FakeClock
    ) -> None:
        number = queued(store)
        until = START + timedelta(minutes=50)
        with store.write() as unit:
            unit.accounts.rest(ACCOUNT, until)
        clock.advance(module.PATIENCE)
        assert matters(store, clock) == []

        clock.advance(timedelta(seconds=1))

        (matter,) = matters(store, clock)
        assert (matter.delivery, matter.detail) == (number, PastDue(None, until))

    def test_what_waits_since_the_clock_was_set_back_is_past_due(
        self, store: Store, clock: FakeClock
    ) -> None:
        number, released = queued(store), START + timedelta(minutes=30)
        with store.write() as unit:
            it = unit.deliveries.get(number)
            unit.transitions.override(it, Override("ana", "tonight"), released)
        clock.advance(timedelta(minutes=15))
        (matter,) = matters(store, clock)
        assert (matter.delivery, matter.detail) == (number, PastDue(None, released))

    def test_what_the_limit_of_its_network_holds_is_past_due_like_any_other(
        self, store: Store, clock: FakeClock
    ) -> None:
        number, until = queued(store), START + timedelta(minutes=50)
        with store.write() as unit:
            note = HoldNote(holds.RateLimited(), until)
            unit.transitions.hold(unit.deliveries.get(number), note, START)
        clock.advance(module.PATIENCE + timedelta(seconds=1))
        (matter,) = matters(store, clock)
        assert (matter.delivery, matter.detail) == (number, PastDue(None, until))

    def test_a_send_that_nobody_settles_shows_that_no_daemon_runs(
        self, store: Store, clock: FakeClock
    ) -> None:
        number, lease = queued(store), START + timedelta(minutes=1)
        with store.write() as unit:
            intent = Intent("worker", Prepared("token", {}), {}, lease, START)
            unit.transitions.record_intent(unit.deliveries.get(number), intent)
        clock.advance(module.UNTOUCHED)
        assert matters(store, clock) == []

        clock.advance(timedelta(minutes=1))

        assert matters(store, clock) == [Matter(NoDaemon(alive=False), lease)]

    def test_a_look_up_that_nobody_makes_shows_that_no_daemon_runs(
        self, store: Store, clock: FakeClock
    ) -> None:
        in_doubt(store, clock, faults.InDoubt("no answer"), look_up_at=START)
        clock.advance(module.UNTOUCHED)
        assert matters(store, clock) == [Matter(NoDaemon(alive=False), START)]

    def test_a_daemon_that_is_alive_and_does_not_move_is_said_to_be_so(
        self, store: Store, clock: FakeClock
    ) -> None:
        queued(store)
        clock.advance(module.UNTOUCHED + timedelta(seconds=1))
        with store.write() as unit:
            unit.workers.start("host:1", clock.now())
        assert [each.detail for each in matters(store, clock)] == [NoDaemon(alive=True)]

    def test_a_draft_past_its_time_waits_for_approval(self, store: Store, clock: FakeClock) -> None:
        number = queued(store)
        with store.write() as unit:
            it = unit.deliveries.get(number)
            unit.transitions.edit(it, it.content, START, into=State.DRAFT)
        assert codes(store, clock) == [("approval", number)]
        assert Approvers.ONE  # what asks for it is the account's policy


class TestAccounts:
    def test_an_account_at_fault(self, store: Store, clock: FakeClock) -> None:
        with store.write() as unit:
            unit.accounts.register([ACCOUNT])
            unit.accounts.set_fault(ACCOUNT, "the password was changed", START)
        (matter,) = matters(store, clock)
        assert (matter.code, matter.account, matter.since) == ("account", ACCOUNT, START)

    @pytest.mark.parametrize(("hours", "told"), [(1, False), (2, True)])
    def test_only_a_long_rest_needs_a_person(
        self, store: Store, clock: FakeClock, hours: int, *, told: bool
    ) -> None:
        with store.write() as unit:
            unit.accounts.register([ACCOUNT])
            unit.accounts.rest(ACCOUNT, START + timedelta(hours=hours))
        assert [each.code for each in matters(store, clock)] == (["resting"] if told else [])

    def test_an_account_that_left_the_settings_with_posts_in_the_queue(
        self, store: Store, clock: FakeClock
    ) -> None:
        number = queued(store, due_at=START + timedelta(days=1))
        (matter,) = matters(store, clock, accounts=["another"])
        assert (matter.code, matter.account) == ("account-gone", ACCOUNT)
        assert matter.detail == (((number,)), 1)

    def test_an_account_that_left_with_a_draft(self, store: Store, clock: FakeClock) -> None:
        number = queued(store, due_at=START + timedelta(days=1))
        with store.write() as unit:
            it = unit.deliveries.get(number)
            unit.transitions.edit(it, it.content, START, into=State.DRAFT)
        (matter,) = matters(store, clock, accounts=["another"])
        assert matter.detail == (((number,)), 1)

    def test_an_account_that_left_with_a_send_in_doubt(
        self, store: Store, clock: FakeClock
    ) -> None:
        number = in_doubt(store, clock, faults.InDoubt("no answer"), look_up_at=START)
        (matter,) = matters(store, clock, accounts=["another"])
        assert matter.detail == (((number,)), 1)

    def test_an_account_that_left_with_nothing_in_the_queue_needs_nobody(
        self, store: Store, clock: FakeClock
    ) -> None:
        acts(store, clock).cancel(queued(store))
        assert matters(store, clock, accounts=["another"]) == []


def test_a_clock_that_a_network_contradicts(store: Store, clock: FakeClock) -> None:
    with store.write() as unit:
        unit.accounts.register([ACCOUNT])
        unit.accounts.set_clock_offset(ACCOUNT, 59.0)
    assert matters(store, clock) == []
    with store.write() as unit:
        unit.accounts.set_clock_offset(ACCOUNT, -150.0)
    assert [each.code for each in matters(store, clock)] == ["clock"]


def test_a_disk_with_space_needs_nobody(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    assert matters(store, clock, folders=[tmp_path, tmp_path / "not there"]) == []


def test_a_disk_with_little_space(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    little = Disk(tmp_path, LITTLE - 1)
    folders = [tmp_path, tmp_path / "database"]
    found = Attention(store, clock, [], folders, lambda _: False, lambda _: little).matters()
    assert found == [Matter(DiskFull(str(tmp_path), LITTLE - 1))]


def test_posts_dated_in_the_future_are_a_matter_until_their_time(
    store: Store, clock: FakeClock
) -> None:
    in_doubt(store, clock, faults.InDoubt("timed out"))
    in_the_past = START - timedelta(hours=1)
    clock.set(in_the_past)
    assert Matter(DatedAhead(1, START)) in matters(store, clock)
    clock.set(START - timedelta(seconds=30))
    assert "dated-ahead" not in [code for code, _ in codes(store, clock)], "clocks of two machines"


REFUSED = Trouble(TroubleKind.SETTINGS, "crosspromo.toml cannot be read", START)
FAULTY = Trouble(TroubleKind.TEMPLATES, "templates/own/x.j2, line 3: there is no link", START)


def test_what_a_daemon_reports_until_it_reports_nothing(store: Store, clock: FakeClock) -> None:
    with store.write() as unit:
        unit.workers.start("host-1-ab", START)
        unit.workers.report("host-1-ab", [REFUSED, FAULTY])
    assert matters(store, clock) == [
        Matter(SettingsRefused("host-1-ab", REFUSED.words), START),
        Matter(TemplatesFaulty(FAULTY.words), START),
    ]
    with store.write() as unit:
        unit.workers.report("host-1-ab", [])
    assert matters(store, clock) == []


def test_what_a_dead_daemon_reported_is_nobodys_matter(store: Store, clock: FakeClock) -> None:
    with store.write() as unit:
        unit.workers.start("host-1-ab", START)
        unit.workers.report("host-1-ab", [REFUSED])
    clock.advance(timedelta(minutes=5))
    assert matters(store, clock) == []


def failed(store: Store, _clock: FakeClock) -> int:
    return refused(store, State.FAILED)


def by_hand(store: Store, clock: FakeClock) -> int:
    return in_doubt(store, clock, faults.ByHand("post it"))


def past_due(store: Store, _clock: FakeClock) -> int:
    number = queued(store, due_at=START - timedelta(hours=1))
    with store.write() as unit:
        again = START + timedelta(hours=1)
        unit.transitions.postpone(unit.deliveries.get(number), NOT_SENT, again, START)
    return number


def unapproved(store: Store, _clock: FakeClock) -> int:
    number = queued(store)
    with store.write() as unit:
        it = unit.deliveries.get(number)
        unit.transitions.edit(it, it.content, START, into=State.DRAFT)
    return number


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (failed, "2 earlier deliveries also did not go out"),
        (by_hand, "2 earlier deliveries are also unknown"),
        (past_due, "2 earlier deliveries are also past due"),
        (unapproved, "2 earlier deliveries also wait for approval"),
    ],
)
def test_of_many_alike_the_latest_are_named_and_the_others_counted(
    store: Store,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    made: Callable[[Store, FakeClock], int],
    words: str,
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    numbers = [made(store, clock) for _ in range(5)]
    *named, others = matters(store, clock)
    assert [each.delivery for each in named] == numbers[-3:]
    assert of_matter(others, ZoneInfo("UTC")) == words
    assert mend_of(others) == mends.ListDeliveries()


def test_what_waits_on_an_account_that_left_hides_no_other(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    number = past_due(store, clock)
    queued(store, account="gone", due_at=START - timedelta(hours=1))
    with store.write() as unit:
        other = unit.deliveries.get(number + 1)
        unit.transitions.postpone(other, NOT_SENT, START + timedelta(hours=1), START)
    assert ("past-due", number) in codes(store, clock)


def test_each_sort_of_uncounted_deliveries_is_a_matter_of_its_own() -> None:
    assert len({Matter(Earlier(sort, 1)).key for sort in Sort}) == len(Sort)


def test_what_is_known_of_an_account_that_left_is_nobodys_matter(
    store: Store, clock: FakeClock
) -> None:
    with store.write() as unit:
        unit.accounts.register([ACCOUNT])
        unit.accounts.set_clock_offset(ACCOUNT, -150.0)
        unit.accounts.rest(ACCOUNT, START + timedelta(days=1))
    assert len(matters(store, clock)) == 2
    assert matters(store, clock, accounts=["another"]) == []


def test_two_full_disks_are_two_matters() -> None:
    one, other = (Matter(DiskFull(folder, 1)) for folder in ("/srv", "/var"))
    assert one.key != other.key


def test_after_a_run_the_latest_postponed_are_named_and_all_of_them_counted(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "MOST", 2)
    numbers = [past_due(store, clock) for _ in range(3)]
    attention = Attention(store, clock, [ACCOUNT], [], lambda _worker: False)

    left = Statuses(store, clock, lambda _worker: False, attention).after_run()

    assert [each.id for each in left.postponed.deliveries] == numbers[1:]
    assert of_run({}, 0, left)["postponed"] == 3


def test_two_partners_who_have_not_answered_about_one_post_are_two_matters() -> None:
    asked = [SignOffLacks(slug, slug.title()) for slug in ("river", "spokes")]
    keys = {Matter(each, START, ACCOUNT, 7).key for each in asked}
    assert len(keys) == 2
