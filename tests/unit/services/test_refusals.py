"""What the acts on deliveries refuse, called as a page would call them: each with its code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from stories import ACCOUNT, NO_FLOOR, TEMPLATES, delivery, queued, rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.errors import Refused
from crosspromo.domain.reasons.queueing import TextTooLong, TitleTooLong
from crosspromo.domain.states import State
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.edited_content import Changes
from crosspromo.services.pauses import PauseService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector
from crosspromo.text.rules import REDDIT

CLOCK = FakeClock()
NOW = CLOCK.now()
SOON = NOW + timedelta(hours=1)


def acts(
    store: Store, account: AccountRules | None = None, actor: str = "the chair"
) -> DeliveryActs:
    known = {} if account is None else {ACCOUNT: account}
    connector = cast("Connector", MemoryConnector())
    return DeliveryActs(
        store, CLOCK, known, lambda _account: connector, actor, NO_FLOOR, lambda: TEMPLATES
    )


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


ON_NONE: dict[str, Callable[[DeliveryActs], object]] = {
    "cancel": lambda acts: acts.cancel(7),
    "move": lambda acts: acts.move(7, SOON),
    "retry": lambda acts: acts.retry(7),
    "edit": lambda acts: acts.edit(7, Changes(text="x")),
    "approve": lambda acts: acts.approve(7),
    "release": lambda acts: acts.release(7, "storm"),
    "resolve_posted": lambda acts: acts.resolve_posted(7),
    "resolve_not_posted": lambda acts: acts.resolve_not_posted(7),
    "delete": lambda acts: acts.delete(7),
}


@pytest.mark.parametrize("act", ON_NONE.values(), ids=ON_NONE)
def test_a_delivery_that_is_not_there(store: Store, act: Callable[[DeliveryActs], object]) -> None:
    assert code_of(lambda: act(acts(store, rules()))) == "no-such-delivery"


ON_CANCELLED: dict[str, Callable[[DeliveryActs, int], object]] = {
    "cancel": lambda acts, it: acts.cancel(it),
    "move": lambda acts, it: acts.move(it, SOON),
    "retry": lambda acts, it: acts.retry(it),
    "edit": lambda acts, it: acts.edit(it, Changes(text="x")),
    "approve": lambda acts, it: acts.approve(it),
    "release": lambda acts, it: acts.release(it, "storm"),
    "resolve_posted": lambda acts, it: acts.resolve_posted(it),
    "resolve_not_posted": lambda acts, it: acts.resolve_not_posted(it),
    "delete": lambda acts, it: acts.delete(it),
    "delete by hand": lambda acts, it: acts.delete(it, by_hand=True),
}


@pytest.mark.parametrize("act", ON_CANCELLED.values(), ids=ON_CANCELLED)
def test_a_delivery_that_has_ended(
    store: Store, act: Callable[[DeliveryActs, int], object]
) -> None:
    ended = queued(store)
    acts(store, rules()).cancel(ended)
    assert code_of(lambda: act(acts(store, rules()), ended)) == "wrong-state"
    assert delivery(store, ended).state is State.CANCELLED


def test_a_text_that_is_too_long(store: Store) -> None:
    waiting = queued(store)
    with pytest.raises(Refused) as error:
        acts(store, rules()).edit(waiting, Changes(text="x" * 1000))
    longest = (("x" * 39 + "…", 1000),)
    assert error.value.reason == TextTooLong(ACCOUNT, 700, 1000, 300, longest)
    assert delivery(store, waiting).content.text == "Hello"


def test_an_edit_of_nothing(store: Store) -> None:
    waiting = queued(store)
    assert code_of(lambda: acts(store, rules()).edit(waiting, Changes())) == "nothing-to-change"


@pytest.mark.parametrize("name", ["", "  "])
def test_somebody_without_a_name(store: Store, name: str) -> None:
    assert code_of(lambda: acts(store, rules(), name)) == "person-unnamed"
    assert code_of(lambda: PauseService(store, CLOCK, {}, name)) == "person-unnamed"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_text_that_says_nothing(store: Store, text: str) -> None:
    waiting = queued(store)
    assert (
        code_of(lambda: acts(store, rules()).edit(waiting, Changes(text=text))) == "nothing-to-say"
    )


def test_a_title_where_there_are_none(store: Store) -> None:
    waiting = queued(store)
    assert (
        code_of(lambda: acts(store, rules()).edit(waiting, Changes(title="x"))) == "no-titles-there"
    )


def test_a_title_that_is_missing_or_too_long(store: Store) -> None:
    waiting = queued(store)
    reddit = replace(rules(), capabilities=replace(rules().capabilities, text=REDDIT))
    assert code_of(lambda: acts(store, reddit).edit(waiting, Changes(title=" "))) == "title-missing"
    with pytest.raises(Refused) as error:
        acts(store, reddit).edit(waiting, Changes(title="x" * 301))
    assert error.value.reason == TitleTooLong(ACCOUNT, over=1, length=301, limit=300)


def test_words_above_a_repost_where_there_are_no_quotes(store: Store) -> None:
    waiting = queued(store, "", reshare_of="https://social.example/1")
    with store.write() as unit:
        it = unit.deliveries.get(waiting)
        unit.transitions.edit(it, replace(it.content, native=True), NOW, into=State.QUEUED)
    code = code_of(lambda: acts(store, rules()).edit(waiting, Changes(text="So true.")))
    assert code == "repost-takes-no-text"


def test_an_edit_on_an_account_that_left_the_settings(store: Store) -> None:
    waiting = queued(store)
    assert code_of(lambda: acts(store).edit(waiting, Changes(text="x"))) == "no-such-account"


def test_a_time_that_has_passed(store: Store) -> None:
    waiting = queued(store)
    past = NOW - timedelta(minutes=1)
    assert code_of(lambda: acts(store, rules()).move(waiting, past)) == "past-moment"
    assert delivery(store, waiting).due_at == NOW


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_a_release_without_a_reason(store: Store, reason: str) -> None:
    waiting = queued(store)
    assert code_of(lambda: acts(store, rules()).release(waiting, reason)) == "reason-missing"
    assert delivery(store, waiting).override is None


def test_an_approval_by_its_author_a_stranger_or_twice(store: Store) -> None:
    waiting = queued(store)
    asking = replace(rules(), policy=replace(rules().policy, approval=Approvers.TWO))
    assert code_of(lambda: acts(store, asking, "TESTER").approve(waiting)) == "own-work"
    stranger = "partner:food-bank"
    assert code_of(lambda: acts(store, asking, stranger).approve(waiting)) == "sign-off-not-asked"
    acts(store, asking).approve(waiting)
    assert code_of(lambda: acts(store, asking).approve(waiting)) == "approved-already"
    assert code_of(lambda: acts(store, rules()).approve(waiting)) == "nobody-asked"


class TestPauses:
    def pauses(self, store: Store) -> PauseService:
        return PauseService(store, CLOCK, {ACCOUNT: rules().policy}, "the chair")

    def test_an_account_that_is_not_there(self, store: Store) -> None:
        assert code_of(lambda: self.pauses(store).pause("nobody", "storm")) == "no-such-account"
        assert code_of(lambda: self.pauses(store).resume("nobody")) == "no-such-account"

    @pytest.mark.parametrize("account", [None, ACCOUNT])
    def test_what_is_not_paused(self, store: Store, account: str | None) -> None:
        assert code_of(lambda: self.pauses(store).resume(account)) == "not-paused"
