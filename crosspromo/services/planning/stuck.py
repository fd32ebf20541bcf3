"""What stands in the queue and would not go when it is due: it is named, and counted as it goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.forecasts import Outcome, PlayedStep
from crosspromo.services.planning.basis import Basis, Item
from crosspromo.services.planning.items import waits
from crosspromo.services.planning.last_word import NotSent, first_steps, goes_when_due
from crosspromo.services.planning.proposals import LeftOut

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery

FOR_OTHERS = frozenset({"ratio", "floor"})
"""Codes of holds until partners were shared enough."""

NAMED = FOR_OTHERS | {"blackout", "mourning"}
"""Codes of the holds that are named: others end soon, or are a matter for a person anyway."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Deliveries that stand, and would be held when they are due.

    `items` are theirs by key, `held` their steps of the rehearsal by id; `sent` is when deliveries
    would go, by id.
    """

    items: Mapping[str, Item]
    held: Mapping[int, PlayedStep]
    sent: Mapping[int, datetime]

    @property
    def short(self) -> Mapping[str, Item]:
        """Items of those that are held for partner posts, and do not go in these weeks."""
        return {
            key: each
            for key, each in self.items.items()
            if each.candidate.delivery is not None
            and self.held[each.candidate.delivery].code in FOR_OTHERS
            and each.candidate.delivery not in self.sent
        }

    def as_it_goes(self, waiting: "Iterable[Delivery]") -> "Sequence[Delivery]":
        """Waiting deliveries as they would go: later, or not at all."""
        return [
            replace(each, due_at=self.sent[each.id]) if each.id in self.held else each
            for each in waiting
            if each.id not in self.held or each.id in self.sent
        ]

    def left_out(self) -> Sequence[LeftOut]:
        """Items of the stuck deliveries, each with its hold and the time at which it goes."""
        found = []
        for each in self.items.values():
            number = each.candidate.delivery
            assert number is not None
            why = NotSent(self.held[number])
            found.append(LeftOut(each, why, tuple(each.candidate.credits), self.sent.get(number)))
        return found


NOTHING_STUCK = Stuck(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


def may_be_stuck(basis: Basis, waiting: "Iterable[Delivery]") -> "Sequence[Delivery]":
    """Deliveries due in the span that no line moves, and that a ratio or a day might hold."""
    moved = set(basis.released.values())
    silences = bool(basis.organisation.blackouts)
    return [
        each
        for each in waiting
        if each.account in basis.rules
        and each.id not in moved
        and not waits(each)
        and each.due_at in basis.span
        and (each.credit.counts_self or silences)
    ]


def held_of(
    waiting: "Mapping[int, Delivery]", steps: Sequence[PlayedStep]
) -> Mapping[int, PlayedStep]:
    """Steps that hold deliveries when they are due, by id."""
    first = first_steps(steps)
    return {
        number: first[number]
        for number, each in waiting.items()
        if number in first
        and first[number].code in NAMED
        and first[number].at >= each.due_at
        and not goes_when_due(first[number], each.due_at)
    }


def sent_at(steps: Sequence[PlayedStep]) -> Mapping[int, datetime]:
    """When deliveries would go, by id."""
    return {each.delivery: each.at for each in steps if each.outcome is Outcome.SENT}
