"""Making of a proposal: planned, rehearsed, and planned again without what would not go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.planned import BY_PLANNING
from crosspromo.planning.introducing import before_others, too_late
from crosspromo.planning.occasions import Introduction
from crosspromo.planning.planner import MOST_STEPS, judged, plan
from crosspromo.planning.values import Account, Line, Plan, Task, Why
from crosspromo.services.planning.basis import Item
from crosspromo.services.planning.gathering import open_about
from crosspromo.services.planning.items import Items
from crosspromo.services.planning.last_word import LastWord, NotQueued, Objection
from crosspromo.services.planning.proposals import LeftOut, Proposal, ProposedLine
from crosspromo.services.planning.standing import fixed_of, with_lines
from crosspromo.services.planning.stuck import (
    NOTHING_STUCK,
    Stuck,
    held_of,
    may_be_stuck,
    sent_at,
)

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.publishing.rules import AccountRules

MOST_ROUNDS = 4
"""Times that a plan is made anew without what would not go, before the rest is only taken out."""

MOST_SECONDS = 20.0
"""Time after which a search for a better plan ends."""

STEPS_OF_AN_ITEM = 400
"""Steps of the search for each item: a few items are soon placed as well as can be."""


class Proposing:
    """One proposal in the making, from items that are planned with the rules of all accounts."""

    def __init__(
        self, items: Items, last_word: LastWord, rules: "Mapping[str, AccountRules]"
    ) -> None:
        """`rules` are those of every account, `items` those of the accounts that are planned."""
        self._last_word, self._rules = last_word, rules
        self._basis, self._gathered = items.basis, items.basis.gathered
        self._span, self._organisation = items.basis.span, items.basis.organisation
        self._items = items
        self._all = items.all()
        self._terms = items.terms()
        self._moved = [each for key, each in items.basis.released.items() if key in self._all]
        self._ends = monotonic() + MOST_SECONDS
        self._stopped = False
        self._written: dict[str, Delivery] = {}

    def proposal(self) -> Proposal:
        """Firm lines that the rehearsal sends, then pencilled ones in slots that are left."""
        firm = {key: each for key, each in self._all.items() if not _asks(each)}
        lines, objections = self._rehearsed(firm)
        stuck = self._stuck(lines)
        pencilled = self._pencilled(lines)
        second = self._plan(pencilled, lines) if pencilled else None
        found = [*lines, *(second.lines if second else ())]
        chosen = tuple(self._basis.rules)
        judged = self._judged(firm, lines, stuck)
        told = {*(line.candidate.key for line in lines), *objections, *stuck.items}
        unplaced = [each for each in judged.unplaced if each.candidate.key not in told]
        unplaced += second.unplaced if second else ()
        return Proposal(
            begins=self._span.start,
            ends=self._span.end,
            accounts=chosen,
            lines=[
                ProposedLine(line, self._all[line.candidate.key])
                for line in sorted(found, key=lambda line: (line.at, line.account))
            ],
            left_out=[
                *(
                    self._left_out(each.candidate.key, each.why, each.accounts, stuck)
                    for each in unplaced
                ),
                *(self._left_out(key, why, (), stuck) for key, why in objections.items()),
                *stuck.left_out(),
            ],
            missing=[each for each in judged.missing if each.account in chosen],
            weeks=[each for each in self._plan({}, lines, stuck).weeks if each.account in chosen],
            stopped=self._stopped,
        )

    def _rehearsed(
        self, items: Mapping[str, Item]
    ) -> tuple[list[Line], Mapping[str, Objection | Why]]:
        """Lines that go, and what the rehearsal says against others.

        What is left is planned again beside the lines, until nothing more goes: so the next plan
        proposes nothing new once this one is taken over.
        """
        lines: list[Line] = []
        rest = dict(items)
        refused: dict[str, Objection | Why] = {}
        while True:
            found = self._plan(rest, lines)
            more, objections = self._sent(found, rest, lines)
            if not more:
                return lines, {**refused, **objections}
            refused |= {key: why for key, why in objections.items() if isinstance(why, NotQueued)}
            lines += more
            for line in more:
                del rest[line.candidate.key]
                refused.pop(line.candidate.key, None)

    def _sent(
        self, found: Plan, items: Mapping[str, Item], standing: Sequence[Line]
    ) -> tuple[list[Line], dict[str, Objection | Why]]:
        """Lines of a plan that the rehearsal sends beside those that stand, and what it objects."""
        lines = list(found.lines)
        objections: dict[str, Objection | Why] = {}
        rounds = 1
        while new := self._objections(lines, standing):
            objections |= new
            left = {key: each for key, each in items.items() if key not in objections}
            if rounds < MOST_ROUNDS:
                lines = list(self._plan(left, standing).lines)
                rounds += 1
            else:
                lines = [each for each in lines if each.candidate.key in left]
        return lines, objections

    def _objections(
        self, lines: Sequence[Line], standing: Sequence[Line]
    ) -> Mapping[str, Objection | Why]:
        if not lines:
            return {}
        late = set(too_late([*standing, *lines])) & {each.candidate.key for each in lines}
        if late:
            return dict.fromkeys(sorted(late), Why.NO_SLOT)
        word, now = self._last_word, self._gathered.now
        every = [*standing, *lines]
        tried = word.on(
            word.prepared(every, self._all, BY_PLANNING, now, as_draft=False), now, self._span.end
        )
        self._written |= tried.written
        keys = {each.candidate.key for each in lines}
        found = {key: why for key, why in tried.objections.items() if key in keys}
        if tried.objections and not found:  # a line that stands would not go beside them
            why = next(iter(tried.objections.values()))
            return dict.fromkeys(sorted(keys), why)
        return found

    def _pencilled(self, lines: Sequence[Line]) -> Mapping[str, Item]:
        """Items that ask for words; who was never shared is introduced, and pencilled only then."""
        told = {partner for line in lines for partner in line.candidate.partners}
        told |= {*self._gathered.shared, *open_about(self._gathered.waiting)}
        unknown = {
            each.candidate.occasion.partner
            for each in self._all.values()
            if isinstance(each.candidate.occasion, Introduction)
        } - told
        return {
            key: each
            for key, each in self._all.items()
            if _asks(each)
            and each.candidate.credits
            and unknown.isdisjoint(each.candidate.partners)
        }

    def _stuck(self, lines: Sequence[Line]) -> Stuck:
        """What stands in the queue and would not go when it is due, beside the lines."""
        waiting = {each.id: each for each in may_be_stuck(self._basis, self._gathered.waiting)}
        wanted = [*waiting, *self._moved]
        if not wanted:
            return Stuck({}, {}, {})
        word, now = self._last_word, self._gathered.now
        tried = word.on(
            word.prepared(lines, self._all, BY_PLANNING, now, as_draft=False),
            now,
            self._span.end,
            wanted,
        )
        held = held_of(waiting, tried.steps)
        return Stuck(
            {
                each.candidate.key: each
                for each in self._items.waiting(held)
                if each.candidate.delivery in held
            },
            held,
            sent_at(tried.steps),
        )

    def _left_out(
        self, key: str, why: Why | Objection, accounts: tuple[str, ...], stuck: Stuck
    ) -> LeftOut:
        item = self._all[key]
        moved = item.candidate.delivery
        goes_at = None if moved is None else stuck.sent.get(moved)
        return LeftOut(item, why, accounts or tuple(item.candidate.credits), goes_at)

    def _judged(self, items: Mapping[str, Item], lines: Sequence[Line], stuck: Stuck) -> Plan:
        """Why items have no line beside the lines, which stand as lines of the plan."""
        return judged(self._task({**items, **stuck.short}, (), stuck), lines)

    def _plan(
        self, items: Mapping[str, Item], lines: Sequence[Line], stuck: Stuck = NOTHING_STUCK
    ) -> Plan:
        """Plan of the items beside lines that stand."""
        found = plan(
            self._task(items, lines, stuck),
            most_steps=min(MOST_STEPS, STEPS_OF_AN_ITEM * len(items)),
            stop=lambda: monotonic() > self._ends,
        )
        self._stopped |= found.stopped
        return found

    def _task(self, items: Mapping[str, Item], lines: Sequence[Line], stuck: Stuck) -> Task:
        """Task of the items beside lines that stand, and beside what goes later than it is due."""
        standing = {line.candidate.key: self._written[line.candidate.key] for line in lines}
        gathered = replace(self._gathered, waiting=stuck.as_it_goes(self._gathered.waiting))
        fixed = fixed_of(gathered, self._moved, self._rules, standing)
        organisation = self._organisation
        silences = organisation.blackouts
        return Task(
            accounts=tuple(
                Account(
                    name=name,
                    network=rules.network,
                    policy=rules.policy,
                    fixed=tuple(fixed[name]),
                    silences=tuple(each for each in silences if isinstance(each, Blackout)),
                    mourning=next(
                        (each for each in silences if isinstance(each, Mourning)), Mourning()
                    ),
                    spent=self._gathered.spent[name],
                    sharing=frozenset(rules.accounts_sharing_duplicate_rule),
                )
                for name, rules in self._rules.items()
            ),
            candidates=tuple(before_others(each.candidate, lines) for each in items.values()),
            span=self._span,
            now=self._gathered.now,
            partners=with_lines(self._terms, lines),
            floor=organisation.floor,
            floor_window=organisation.window,
            zone=organisation.zone,
        )


def _asks(item: Item) -> bool:
    return item.candidate.asks_for_words
