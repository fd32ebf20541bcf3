"""Approvals and pauses as every store keeps them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from exact import exact
from signing_off import save_asking
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.approval import Signature
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.errors import StateError
from crosspromo.domain.partners import Partner
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons import Recorded
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.state import WrongState
from crosspromo.domain.states import State
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

CHAIR = Signature("The Chair", "fingerprint", START)
PAUSED = Pause(ACCOUNT, "the chair", START, "the river has flooded")
ALL_PAUSED = Pause(None, "the chair", START, "the office is closed")


class TestApprovals:
    def test_a_signature_is_kept_with_what_it_was_bound_to(self, store: Store) -> None:
        signed, silent = queued(store), queued(store)
        with store.write() as unit:
            unit.approvals.sign(signed, CHAIR)
        with store.read() as unit:
            assert unit.approvals.signatures([signed, silent]) == {signed: [CHAIR], silent: []}

    def test_a_person_signs_once_however_spelled(self, store: Store) -> None:
        signed = queued(store)
        later = Signature("the chair", "another fingerprint", START + timedelta(hours=1))
        with store.write() as unit:
            unit.approvals.sign(signed, CHAIR)
            unit.approvals.sign(signed, later)
            assert unit.approvals.signatures([signed]) == {signed: [later]}

    def test_withdrawing_strikes_out_those_of_one_delivery(self, store: Store) -> None:
        edited, other = queued(store), queued(store)
        with store.write() as unit:
            unit.approvals.sign(edited, CHAIR)
            unit.approvals.sign(other, CHAIR)
            assert unit.approvals.withdraw(edited) == 1
            assert unit.approvals.signatures([edited, other]) == {edited: [], other: [CHAIR]}

    def test_more_deliveries_than_one_query_takes_are_asked_about(self, store: Store) -> None:
        signed = queued(store)
        with store.write() as unit:
            unit.approvals.sign(signed, CHAIR)
            found = unit.approvals.signatures(range(2000, 0, -1))
        assert len(found) == 2000
        assert found[signed] == [CHAIR]

    def test_partners_who_asked_to_sign_off_are_found_among_others(self, store: Store) -> None:
        with store.write() as unit:
            save_asking(unit, Partner("food-bank", "Food Bank"))
            save_asking(unit, Partner("choir", "Choir"))
            unit.partners.save(Partner("river-keepers", "River Keepers"), START)
            asked = unit.approvals.sign_offs(["food-bank", "river-keepers", "nobody"])
        assert asked == {"food-bank"}

    @pytest.mark.parametrize("is_known", [True, False])
    @pytest.mark.parametrize("slugs", [(), ("food-bank", "river-keepers", "choir", "nobody")])
    def test_signatures_and_who_asks_are_the_same_together(
        self, store: Store, slugs: tuple[str, ...], *, is_known: bool
    ) -> None:
        signed, silent = queued(store), queued(store)
        earlier = Signature("Zoe", "fingerprint", START - timedelta(hours=1), signed_in=True)
        with store.write() as unit:
            for slug in ("food-bank", "choir", "others"):
                save_asking(unit, Partner(slug, slug.title()))
            unit.approvals.sign(signed, CHAIR)
            unit.approvals.sign(signed, replace(CHAIR, who="Ana"))
            unit.approvals.sign(signed, earlier)
        with store.read() as unit:
            if is_known:
                unit.approvals.sign_offs(slugs)
            found = unit.approvals.signed_and_asked([signed, silent], slugs)
        ana = replace(CHAIR, who="Ana")
        assert found == (
            {signed: [earlier, ana, CHAIR], silent: []},
            frozenset({"choir", "food-bank"} if slugs else ()),
        )


class TestApprovedAndEdited:
    def test_an_edit_may_send_it_back_to_draft_where_nothing_holds_or_wakes_it(
        self, store: Store
    ) -> None:
        held = queued(store)
        with store.write() as unit:
            unit.transitions.hold(
                unit.deliveries.get(held), HoldNote(Recorded("ratio", "not yet"), START), START
            )
            unit.transitions.edit(
                unit.deliveries.get(held), Content("New"), START, into=State.DRAFT
            )
        draft = delivery(store, held)
        assert (draft.state, draft.hold, draft.wake_at) == (State.DRAFT, None, None)
        assert draft.content == Content("New")

    def test_an_approved_draft_waits_for_its_time(self, store: Store) -> None:
        due = START + timedelta(hours=2)
        drafted = queued(store, due_at=due)
        with store.write() as unit:
            unit.transitions.edit(
                unit.deliveries.get(drafted), Content("New"), START, into=State.DRAFT
            )
            unit.transitions.approve(unit.deliveries.get(drafted), START)
        approved = delivery(store, drafted)
        assert (approved.state, approved.wake_at) == (State.QUEUED, due)

    def test_a_draft_given_another_time_stays_a_draft(self, store: Store) -> None:
        drafted = queued(store)
        due = START + timedelta(days=1)
        with store.write() as unit:
            unit.transitions.edit(
                unit.deliveries.get(drafted), Content("New"), START, into=State.DRAFT
            )
            unit.transitions.reschedule_draft(unit.deliveries.get(drafted), due, pinned=True)
        moved = delivery(store, drafted)
        assert (moved.state, moved.due_at, moved.wake_at) == (State.DRAFT, due, None)

    def test_what_was_cancelled_is_not_edited(self, store: Store) -> None:
        cancelled = queued(store)
        with store.write() as unit:
            unit.transitions.cancel(unit.deliveries.get(cancelled), START)
        with store.write() as unit, pytest.raises(StateError) as error:
            unit.transitions.edit(
                unit.deliveries.get(cancelled), Content("New"), START, into=State.CANCELLED
            )
        assert exact(error.value.reason) == exact(WrongState(cancelled, State.CANCELLED, Act.EDIT))


class TestPauses:
    def test_a_pause_lies_over_its_account_alone(self, store: Store) -> None:
        with store.write() as unit:
            unit.pauses.begin(PAUSED)
            assert unit.pauses.over(ACCOUNT) == PAUSED
            assert unit.pauses.over("another") is None

    def test_the_pause_over_everything_comes_first_and_ends_alone(self, store: Store) -> None:
        with store.write() as unit:
            unit.pauses.begin(PAUSED)
            unit.pauses.begin(ALL_PAUSED)
            assert unit.pauses.over(ACCOUNT) == unit.pauses.over("another") == ALL_PAUSED
            assert unit.pauses.all() == [ALL_PAUSED, PAUSED]
            assert unit.pauses.end(None)
            assert unit.pauses.over(ACCOUNT) == PAUSED

    def test_a_new_pause_takes_the_place_of_the_old(self, store: Store) -> None:
        newer = Pause(ACCOUNT, "the editor", START + timedelta(days=1), "a strike")
        with store.write() as unit:
            unit.pauses.begin(PAUSED)
            unit.pauses.begin(newer)
            assert unit.pauses.all() == [newer]

    def test_what_is_not_paused_cannot_be_ended(self, store: Store) -> None:
        with store.write() as unit:
            assert not unit.pauses.end(ACCOUNT)
            assert not unit.pauses.end(None)

    def test_what_is_paused_is_held_and_not_overdue(self, store: Store) -> None:
        waiting = queued(store)
        queued(store, account="another", due_at=START + timedelta(hours=1))
        with store.write() as unit:
            unit.pauses.begin(PAUSED)
            held = unit.deliveries.matching(Filter(held=True))
            overdue = unit.deliveries.oldest_overdue(START + timedelta(hours=2))
        assert [each.id for each in held] == [waiting]
        assert overdue == START + timedelta(hours=1)

    def test_only_what_the_pause_held_is_woken(self, store: Store) -> None:
        here, there, other = queued(store), queued(store, account="another"), queued(store)
        with store.write() as unit:
            for held, code in ((here, "paused"), (there, "paused"), (other, "account")):
                unit.transitions.hold(
                    unit.deliveries.get(held), HoldNote(Recorded(code, "not now")), START
                )
            unit.holds.wake_account(ACCOUNT, "paused", START)
            woken = {each.id for each in unit.deliveries.matching(Filter()) if each.wake_at}
            assert woken == {here}
            unit.holds.wake_account(None, "paused", START)
            woken = {each.id for each in unit.deliveries.matching(Filter()) if each.wake_at}
            assert woken == {here, there}
