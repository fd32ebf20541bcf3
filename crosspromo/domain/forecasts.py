"""Forecasts: what should become of queued deliveries, and on what a forecast hangs.

A play of the coming weeks yields steps. `certainty` tells which steps are certain: those that
neither a person nor a network decides, and that depend on no step that one of them decides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple, cast

from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.values import Value

HORIZON = timedelta(days=28)
"""Time ahead for which a forecast can be certain."""

MOST_WEEKS = 26
"""Weeks of the longest rehearsal: the weeks far ahead say little."""


class Outcome(StrEnum):
    """What a step of a play makes of a delivery."""

    SENT = "sent"
    HELD = "held"
    MISSED = "missed"
    EXPIRED = "expired"
    REFUSED = "refused"


class PlayedStep(NamedTuple):
    """Step of a play at a time (aware, in UTC).

    `reason` is that of a hold or a refusal; `until` is the end of a hold, if known. `races`: at the
    same moment another account used the organisation's headroom, and which of the two comes first
    is chance.
    """

    at: datetime
    delivery: int
    account: str
    credit: Credit
    outcome: Outcome
    reason: HoldReason | FaultReason | None = None
    until: datetime | None = None
    races: bool = False

    @property
    def code(self) -> str | None:
        """Code of the reason; None without a reason."""
        if self.reason is None:
            return None
        if self.outcome is Outcome.HELD:
            return holds.code_of(cast("HoldReason", self.reason))
        return faults.code_of(cast("FaultReason", self.reason))


class HangsOn(StrEnum):
    """Kind of thing on which an uncertain forecast hangs."""

    APPROVAL = "approval"  # a draft, or a queued delivery that people have still to approve
    BY_HAND = "by-hand"  # a person posts it
    PAUSE = "pause"  # a person ends it
    ACCOUNT = "account"  # the account's network refuses it until a person has looked
    NETWORK = "network"  # the last try failed, is still open, or the network asked for a rest
    DOUBT = "doubt"  # a send whose outcome is unknown
    RACE = "race"  # two accounts at the same moment
    OTHER = "other"  # another delivery, which is itself not certain
    BEYOND = "beyond"  # more than HORIZON ahead
    TIME = "time"  # the play ended before, since it took too long
    NO_ACCOUNT = "no-account"  # the settings have no such account
    STALE = "stale"  # queue, ledger or settings changed since it was worked out
    LATE = "late"  # something that was certain has not happened: no daemon is at work


class Uncertainty(NamedTuple):
    """What an uncertain forecast hangs on; `delivery` is the one that decides, if it is another."""

    on: HangsOn
    delivery: int | None = None
    account: str | None = None


class Forecast(Value, frozen=True):
    """What should become of a queued delivery.

    `at` is the time of the outcome; None: it is held at the end of the play. `reason` is why it is
    held or ends unsent, or for a delivery that is sent why it is sent later than it is due.
    `held_at` is the time of that hold, None where it is held already. `uncertainty` None: certain.
    """

    outcome: Outcome
    at: datetime | None = None
    reason: HoldReason | FaultReason | None = None
    held_at: datetime | None = None
    uncertainty: Uncertainty | None = None

    @property
    def goes_at(self) -> datetime | None:
        """Time at which the delivery should go out; None where it should not."""
        return self.at if self.outcome is Outcome.SENT else None

    @property
    def certain(self) -> bool:
        """Whether nothing but the rules decides it."""
        return self.uncertainty is None


@dataclass(slots=True)
class _Doubts:
    """Doubts that steps have raised so far, by account and for self posts under the floor.

    `rivals` maps a delivery to those on other accounts with its text, of which the network takes
    one; `deliveries` are the doubts about them.
    """

    accounts: dict[str, Uncertainty]
    rivals: Mapping[int, Collection[int]]
    deliveries: dict[int, Uncertainty]
    floor: Uncertainty | None = None

    def about(self, step: PlayedStep) -> Uncertainty | None:
        """Doubt that an earlier step has raised about this one."""
        floor = self.floor if step.credit.counts_self else None
        return self.accounts.get(step.account) or floor or self._about_text(step)

    def spread(self, step: PlayedStep, doubt: Uncertainty, *, has_floor: bool) -> None:
        """Raise doubts about later steps because of this one."""
        later = doubt
        if doubt.on not in _SHARED:
            later = Uncertainty(HangsOn.OTHER, step.delivery, step.account)
        self.accounts.setdefault(step.account, later)
        about_it = Uncertainty(HangsOn.OTHER, step.delivery, step.account)
        self.deliveries.setdefault(step.delivery, about_it)
        if has_floor and self.floor is None and _counts(step.credit):
            self.floor = later

    def _about_text(self, step: PlayedStep) -> Uncertainty | None:
        """Doubt about whether the network has taken the text of the step on another account."""
        rivals = self.rivals.get(step.delivery, ())
        return next((self.deliveries[each] for each in rivals if each in self.deliveries), None)


def certainty(
    steps: Sequence[PlayedStep],
    own: Mapping[int, Uncertainty],
    at_begin: Iterable[tuple[str, Uncertainty]],
    *,
    has_floor: bool,
    certain_until: datetime,
    rivals: Mapping[int, Collection[int]] = MappingProxyType({}),
) -> list[Uncertainty | None]:
    """What each step, in the order of `steps` (by time), hangs on; None: the step is certain.

    `own` are the doubts about deliveries themselves, and `at_begin` those about accounts on which
    something is open from the beginning. A doubt spreads to all later steps of its account and,
    under a floor, to all later self posts: a post that goes or does not go there changes gaps,
    caps, slots and headroom for those after it. `rivals` maps a delivery to those on other accounts
    that the network does not take beside it, as they have its text: a doubt about one of them
    spreads to it, and which of two goes at one moment is chance.
    """
    played = {step.delivery for step in steps}
    unplayed = {
        key: Uncertainty(HangsOn.OTHER, key, doubt.account)
        for key, doubt in own.items()
        if key not in played
    }
    doubts = _Doubts({}, rivals, unplayed)
    for account, open_from_begin in at_begin:
        doubts.accounts.setdefault(account, open_from_begin)
        if has_floor and doubts.floor is None:
            doubts.floor = open_from_begin
    found: list[Uncertainty | None] = []
    doubt: Uncertainty | None
    for at, together in groupby(steps, key=lambda step: step.at):
        moment = list(together)
        ids = {step.delivery for step in moment}
        first = {
            step.delivery: doubt
            for step in moment
            if (doubt := _first(step, own, ids.intersection(rivals.get(step.delivery, ()))))
        }
        if at > certain_until:
            first = {step.delivery: _BEYOND for step in moment} | first
        for step in moment:
            if step.delivery in first:
                doubts.spread(step, first[step.delivery], has_floor=has_floor)
        for step in moment:
            doubt = first.get(step.delivery) or doubts.about(step)
            found.append(doubt)
            if doubt is not None:
                doubts.spread(step, doubt, has_floor=has_floor)
    return found


def _first(
    step: PlayedStep, own: Mapping[int, Uncertainty], rivals: Collection[int]
) -> Uncertainty | None:
    """Doubt that begins with this step: its delivery's own, or a race.

    `rivals` are those at the same moment.
    """
    races = step.races or bool(rivals)
    return own.get(step.delivery) or (Uncertainty(HangsOn.RACE) if races else None)


_BEYOND = Uncertainty(HangsOn.BEYOND)

_SHARED = frozenset({HangsOn.BEYOND, HangsOn.PAUSE, HangsOn.ACCOUNT, HangsOn.OTHER})
"""Doubts that later steps have in the same words; of the others the later steps name the first."""


def _counts(credit: Credit) -> bool:
    return credit.counts_self or credit.counts_others


def races(
    before: Tally, floor: Target, sent: Sequence[PlayedStep], judged: Sequence[PlayedStep]
) -> set[int]:
    """Ids of self posts whose decision hangs on the order of sends at one moment.

    `before` are the organisation's counts before the moment, `sent` the steps of sends at it, and
    `judged` the self posts that the floor allowed or held at it.
    """
    found = set()
    for step in judged:
        others = [each for each in sent if each.account != step.account]
        self_ = sum(each.credit.counts_self for each in others)
        shared = sum(each.credit.counts_others for each in others)
        first = Tally(before.others + shared, before.self_)
        last = Tally(before.others, before.self_ + self_)
        if first.allows(step.credit, floor) != last.allows(step.credit, floor):
            found.add(step.delivery)
    return found
