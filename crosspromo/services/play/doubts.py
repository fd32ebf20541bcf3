"""Doubts about a play: what in it hangs on people and networks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import Compared
from crosspromo.domain.forecasts import (
    HORIZON,
    HangsOn,
    Outcome,
    Uncertainty,
    certainty,
)
from crosspromo.domain.states import State
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.play.engine import Played

_BY_HOLD = {
    "paused": HangsOn.PAUSE,
    "account": HangsOn.ACCOUNT,
    "approval": HangsOn.APPROVAL,
    "rate-limit": HangsOn.NETWORK,
}
"""Codes of holds that a person or a network ends."""


def own_doubts(played: Played, accounts: Mapping[str, AccountRules]) -> dict[int, Uncertainty]:
    """Doubts that the open deliveries have themselves, by id."""
    found = {
        key: Uncertainty(on, account=delivery.account)
        for key, delivery in played.deliveries.items()
        if (on := _own(delivery, accounts[delivery.account])) is not None
    }
    for step in played.steps:
        if step.outcome is Outcome.HELD and step.code in _BY_HOLD:
            doubt = Uncertainty(_BY_HOLD[step.code], account=step.account)
            found.setdefault(step.delivery, doubt)
    return found


def step_doubts(
    played: Played,
    own: Mapping[int, Uncertainty],
    organisation: OrganisationRules,
) -> list[Uncertainty | None]:
    """Doubt of each step of the play; None: the step is certain."""
    return certainty(
        played.steps,
        own,
        list(_at_begin(played, own)),
        has_floor=organisation.floor is not None,
        certain_until=played.begins + HORIZON,
        rivals=_rivals(played),
    )


def _rivals(played: Played) -> dict[int, list[int]]:
    """For each open delivery those that its network does not take beside it, by id.

    They are on other accounts, and have the same text or nearly the same.
    """
    texts: dict[str, dict[int, Compared]] = {}
    for key, delivery in played.deliveries.items():
        if played.sharing[delivery.account]:
            texts.setdefault(delivery.account, {})[key] = Compared(delivery.content.text)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for account, own in texts.items():
        for other in played.sharing[account]:
            theirs = texts.get(other, {}).items()  # it may have no open delivery
            for key, text in own.items():
                near = (each for each, their_text in theirs if text.is_near(their_text))
                found[key].extend(near)
    return found


def _own(delivery: Delivery, rules: AccountRules) -> HangsOn | None:
    if delivery.state is State.UNKNOWN:
        return HangsOn.DOUBT
    if delivery.state is State.SENDING:
        return HangsOn.NETWORK
    if delivery.state is State.DRAFT:
        return HangsOn.APPROVAL
    if rules.capabilities.by_hand:
        return HangsOn.BY_HAND
    if delivery.hold is not None and delivery.hold.code in _BY_HOLD:
        return _BY_HOLD[delivery.hold.code]
    return HangsOn.NETWORK if delivery.fault is not None else None


def _at_begin(played: Played, own: Mapping[int, Uncertainty]) -> Iterator[tuple[str, Uncertainty]]:
    """Yield doubts that are open from the beginning: anything may follow from them at any time.

    These are sends without an answer, accounts whose network asked for a rest, and deliveries that
    are held until a person acts.
    """
    for account in sorted(played.resting):
        yield account, Uncertainty(HangsOn.NETWORK, account=account)
    for key, delivery in sorted(played.deliveries.items()):
        is_open = delivery.state in {State.SENDING, State.UNKNOWN}
        if is_open:
            yield delivery.account, Uncertainty(own[key].on, key, delivery.account)
        elif delivery.hold is not None and delivery.hold.code in _BY_HOLD:
            yield delivery.account, own[key]
