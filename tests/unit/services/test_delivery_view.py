"""Deliveries as people see them, and how everything stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from stories import ACCOUNT, queued, rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.errors import Refused
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.states import State
from crosspromo.services.attention import Attention
from crosspromo.services.delivery_view import DeliveryViews
from crosspromo.services.status import Statuses
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

NOW = FakeClock().now()
PAUSE = Pause(None, "the chair", NOW, "the river has flooded")


def views(store: Store, approvers: Approvers = Approvers.NONE) -> DeliveryViews:
    policy = replace(rules().policy, approval=approvers)
    return DeliveryViews(store, {ACCOUNT: policy}, lambda: {ACCOUNT: rules()})


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def test_a_pause_is_seen_before_the_daemon_has_written_the_hold(store: Store) -> None:
    waiting = queued(store)
    with store.write() as unit:
        unit.pauses.begin(PAUSE)
    hold = views(store).get(waiting).delivery.hold
    assert hold is not None
    assert hold.reason == Paused(PAUSE)


def test_a_list_has_all_that_wait_and_says_where_there_are_more(store: Store) -> None:
    first, second = queued(store), queued(store, "Hello again")
    listing = views(store).list(room=1)
    assert ([view.delivery.id for view in listing.views], listing.more) == ([first], True)
    whole = views(store).list(room=2)
    assert ([view.delivery.id for view in whole.views], whole.more) == ([first, second], False)


def test_a_list_is_narrowed_by_state_account_and_time(store: Store) -> None:
    later = queued(store, due_at=NOW + timedelta(days=1))
    queued(store, "Hello again")
    since = views(store).list(room=9, since=NOW + timedelta(hours=1))
    assert [view.delivery.id for view in since.views] == [later]
    assert views(store).list(room=9, state=State.DRAFT).views == []
    assert views(store).list(room=9, held=True).views == []
    assert len(views(store).list(room=9, account=ACCOUNT).views) == 2


def test_the_approval_is_that_which_the_account_asks_now(store: Store) -> None:
    waiting = queued(store)
    assert views(store).get(waiting).approval.approved is None
    assert views(store, Approvers.TWO).get(waiting).approval.people_missing == 2


def test_what_is_not_there_is_refused(store: Store) -> None:
    assert code_of(lambda: views(store).get(7)) == "no-such-delivery"
    assert code_of(lambda: views(store).preview(7)) == "no-such-delivery"
    assert code_of(lambda: views(store).list(room=9, account="nobody")) == "no-such-account"
    elsewhere = queued(store, account="elsewhere")
    assert code_of(lambda: views(store).preview(elsewhere)) == "no-such-account"


def test_a_preview_has_the_text_and_its_length(store: Store) -> None:
    shown = views(store).preview(queued(store))
    assert [(post.text, post.length, post.limit) for post in shown.posts] == [("Hello", 5, 300)]


class TestStatus:
    def statuses(self, store: Store, clock: FakeClock) -> Statuses:
        nobody = lambda _worker: False  # noqa: E731
        attention = Attention(store, clock, [ACCOUNT], [], nobody)
        return Statuses(store, clock, nobody, attention)

    def test_an_empty_queue_needs_nobody(self, store: Store) -> None:
        report = self.statuses(store, FakeClock()).report()
        assert not report.needs_person
        assert (report.held, report.overdue, report.daemons) == (0, None, [])

    def test_what_is_due_and_not_looked_at_needs_a_person_after_a_while(self, store: Store) -> None:
        queued(store)
        clock = FakeClock()
        clock.advance(timedelta(minutes=4))
        assert not self.statuses(store, clock).report().needs_person
        clock.advance(timedelta(minutes=2))
        report = self.statuses(store, clock).report()
        assert report.needs_person
        assert report.overdue == NOW

    def test_an_account_at_fault_needs_a_person(self, store: Store) -> None:
        queued(store, due_at=NOW + timedelta(days=1))
        with store.write() as unit:
            unit.accounts.set_fault(ACCOUNT, "the password was changed", NOW)
        statuses = self.statuses(store, FakeClock())
        assert statuses.report().faults == {ACCOUNT: "the password was changed"}
        assert statuses.report().needs_person
        assert statuses.after_run().faults == {ACCOUNT: "the password was changed"}

    def test_a_draft_past_its_time_needs_a_person(self, store: Store) -> None:
        late = queued(store)
        with store.write() as unit:
            it = unit.deliveries.get(late)
            unit.transitions.edit(it, it.content, START, into=State.DRAFT)
        report = self.statuses(store, FakeClock()).report()
        assert [draft.id for draft in report.late_drafts] == [late]
        assert report.needs_person
