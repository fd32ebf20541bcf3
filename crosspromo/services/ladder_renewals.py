"""Times of the waiting steps of a ladder after their event moved.

`domain/ladder_moves.py` decides on which days they are; this module finds a slot there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.ladder_moves import (
    Place,
    days_near,
    is_timed_by_hand,
    local_day,
    neighbours,
    places,
    plain_hour,
    step_of,
)
from crosspromo.domain.ladders import Ladder, Step, comes_after, day_of, expires_at, utc_bounds
from crosspromo.domain.mourning import Silence
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import slot_times
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.silences import silences_of
from crosspromo.settings import Organisation

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


class StepTime(NamedTuple):
    """Time (UTC) of a step after the change, None where no slot is free; `by_hand`: a person
    chose it, `pinned`: it goes then or never.
    """

    due_at: datetime | None
    pinned: bool = False
    by_hand: bool = False


class Passed(NamedTuple):
    """Delivery whose step has no day any more; `day` was its day, in the event's zone."""

    delivery: Delivery
    step: str
    day: date


@dataclass
class StepTimes:
    """New times of the waiting steps of one event, on all accounts.

    `before` and `after` are the event before and after the change. `rules` are those of the
    accounts by name, `ladders` the workspace's own.
    """

    unit: "Unit"
    organisation: Organisation
    rules: Mapping[str, AccountRules]
    ladders: Mapping[str, Ladder]
    blackouts: tuple[Silence, ...]
    now: datetime
    before: Event
    after: Event
    _steps: dict[str, list[Step]] = field(default_factory=dict)
    _places: dict[str, Mapping[str, Place | None]] = field(default_factory=dict)
    _days: dict[str, dict[str, date]] = field(default_factory=dict)
    _taken: dict[str, frozenset[date]] = field(default_factory=dict)

    def read(self, waiting: Iterable[Delivery]) -> Sequence[Passed]:
        """Find the new days of the steps that wait; returns those whose day has passed."""
        by_account: dict[str, list[Delivery]] = {}
        for each in waiting:
            if each.step is not None:
                by_account.setdefault(each.account, []).append(each)
        sent = self.unit.deliveries.steps_sent(self.after.slug) if by_account else {}
        return list(
            chain.from_iterable(
                self._place(account, some, sent.get(account, ()))
                for account, some in by_account.items()
            )
        )

    def _place(
        self, account: str, waiting: Sequence[Delivery], sent: Iterable[datetime]
    ) -> Sequence[Passed]:
        steps = {each.id: self._step(each) for each in waiting}
        kept = [each for each in waiting if self.is_by_hand(each)]
        moving = [each for each in waiting if each not in kept]
        taken = {local_day(at, self.after) for at in (*sent, *(each.due_at for each in kept))}
        found = places([steps[each.id] for each in moving], self.after, self.now, taken)
        self._steps[account] = [steps[each.id] for each in moving]
        self._places[account] = found
        self._taken[account] = frozenset(taken)
        self._days[account] = {name: place.day for name, place in found.items() if place}
        return [
            Passed(each, step.name, day_of(step, self.after))
            for each in moving
            if found[(step := steps[each.id]).name] is None
        ]

    def of(self, delivery: Delivery) -> StepTime:
        """New time of a waiting step; it is noted, so that the next one takes another day."""
        step = self._step(delivery)
        ends = expires_at(step.name, self.after)
        if self.is_by_hand(delivery):
            stays = self.now < delivery.due_at < ends
            return StepTime(delivery.due_at if stays else None, pinned=True, by_hand=True)
        place = self._places[delivery.account][step.name]
        account = self.rules.get(delivery.account)
        if place is None or account is None:
            return StepTime(None, pinned=delivery.pinned)
        if place.at is not None:
            return StepTime(place.at, pinned=True)
        stands = self.now < delivery.due_at < ends
        if stands and local_day(delivery.due_at, self.after) == place.day:
            return StepTime(delivery.due_at)
        due_at = self._free(delivery, step, place.day, account)
        if due_at is not None:
            self._days[delivery.account][step.name] = local_day(due_at, self.after)
        return StepTime(due_at)

    def _step(self, delivery: Delivery) -> Step:
        assert delivery.step is not None
        return step_of(delivery.step, self.before, delivery.due_at, self.ladders)

    def is_by_hand(self, delivery: Delivery) -> bool:
        """Whether a person chose the time of a step."""
        step, due_at = self._step(delivery), delivery.due_at
        return is_timed_by_hand(step, due_at, self.before, pinned=delivery.pinned)

    def _free(
        self, delivery: Delivery, step: Step, day: date, account: AccountRules
    ) -> datetime | None:
        """First free slot of the day, else of the nearest day between its neighbours."""
        days = self._days[account.name]
        after, before = neighbours(step.name, self._steps[account.name], days)
        today = local_day(self.now, self.after)
        taken = self._taken[account.name]
        spacing = self._spacing(delivery, account)
        for near in days_near(day, today, after=after, before=before, taken=taken):
            due_at = self._slot(near, account, spacing)
            if due_at is not None and due_at < expires_at(step.name, self.after):
                return due_at
        return None

    def _spacing(self, delivery: Delivery, account: AccountRules) -> Spacing:
        zone, now = self.organisation.zone, self.now
        silences = silences_of(
            self.unit,
            self.after.partners,
            credit=delivery.credit,
            tone=delivery.effective_tone,
            blackouts=self.blackouts,
            zone=zone,
            now=now,
        )
        times = self.unit.deliveries.timetable(account.name, besides=delivery.id)
        return Spacing(account.policy, zone, silences, times)

    def _slot(self, day: date, account: AccountRules, spacing: Spacing) -> datetime | None:
        start, end = utc_bounds(day, self.after)
        slots = account.policy.slots
        if not slots:
            at = plain_hour(day, self.after, self.now)
            return at if at < end else None
        for slot in slot_times(slots, self.organisation.zone, max(start, self.now)):
            if slot >= end:
                return None
            if slot not in spacing:
                return slot
        return None


def in_turn(waiting: Iterable[Delivery], before: Event, after: Event) -> Sequence[Delivery]:
    """Deliveries in the order in which they find their times: one that makes room goes first.

    Of an event that moves a week later `two-weeks` wants the slot in which `week` waits: `week`
    goes first, and so the order is reversed, after `thanks` and `recap`. Of one that moves a week
    earlier `week` wants that of `two-weeks`, and the order of times is right.
    """
    every = sorted(waiting, key=lambda each: (each.due_at, each.id))
    early = [each for each in every if not (each.step and comes_after(each.step))]
    late = [each for each in every if each.step and comes_after(each.step)]
    if after.ends_at > before.ends_at:
        late.reverse()
    if after.starts_at <= before.starts_at:
        return [*early, *late]
    return [*late, *reversed(early)]
