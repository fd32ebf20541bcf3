"""Proposal of a plan: its lines with their items, what was left out, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.pauses import Pause
from crosspromo.planning.values import Candidate, Line, Missing, WeekOf, Why
from crosspromo.services.planning.basis import Item
from crosspromo.services.planning.last_word import Objection

MOST_OTHERS = 8
"""Most items that are offered for the slot of another one."""


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """Line of a plan with the item that stands in it."""

    line: Line
    item: Item

    @property
    def key(self) -> str:
        """Lasting identity of the item."""
        return self.line.candidate.key

    @property
    def is_pencilled(self) -> bool:
        """Whether a person has still to write it, so that it is in the plan alone."""
        return self.line.candidate.asks_for_words


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Item without a line: by the plan, or by the rehearsal, which has the last word.

    An item that is in the queue stays there; `goes_at` is when it would go (None: not in these
    weeks).
    """

    item: Item
    why: Why | Objection
    accounts: tuple[str, ...]
    goes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed calendar from `begins` until `ends` (aware, in UTC), by time and account.

    `weeks` are the counts at the end of each week as they would become, without pencilled lines.
    `missing` are partner posts that accounts lack. `stopped`: the search was ended by the clock.
    Nothing is planned on accounts under one of the `pauses`, which are not among `accounts`.
    `drafts` is the number of drafts of earlier plans that wait for approval.
    """

    begins: datetime
    ends: datetime
    accounts: tuple[str, ...]
    lines: Sequence[ProposedLine]
    left_out: Sequence[LeftOut]
    missing: Sequence[Missing]
    weeks: Sequence[WeekOf]
    stopped: bool = False
    pauses: Sequence[Pause] = ()
    drafts: int = 0

    @property
    def firm(self) -> Sequence[ProposedLine]:
        """Lines that can become posts as they are."""
        return [each for each in self.lines if not each.is_pencilled]

    def others_for(self, slot: Line) -> Sequence[Item]:
        """Other items that might stand in the slot of a line, at most MOST_OTHERS.

        Later ones come first. Only the rehearsal knows whether they would go there.
        """
        later = [each.item for each in self.firm if each.line.at > slot.at]
        left = [each.item for each in self.left_out]
        return [item for item in (*later, *left) if _may_stand(item.candidate, slot)][:MOST_OTHERS]


def _may_stand(candidate: Candidate, slot: Line) -> bool:
    """Whether an item has an account and a time in the slot of a line about something else."""
    if candidate.key == slot.candidate.key or candidate.asks_for_words:
        return False
    after = candidate.earliest is None or candidate.earliest <= slot.at
    before = candidate.latest is None or slot.at < candidate.latest
    return slot.account in candidate.credits and after and before
