"""Items about events: steps of ladders that are not queued yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.events import Event
from crosspromo.domain.ladders import PRESETS, Ladder, Step, expires_at, step_days, utc_bounds
from crosspromo.domain.posts import Kind
from crosspromo.planning.occasions import LadderStep
from crosspromo.planning.values import Candidate, Span
from crosspromo.services.planning import posts
from crosspromo.services.planning.basis import Basis, Item

DEFAULT_LADDER = Ladder("planned", tuple(step for step in PRESETS["small"].steps if step.days < 0))
"""Ladder of an event that nobody has begun to announce: the small one, as far as a slot will do.

The day itself has an hour of its own, and thanks need somebody who was there.
"""


@dataclass(frozen=True)
class EventItems:
    """Items about events, from what a plan is made of."""

    basis: Basis

    def all(self) -> Iterator[Item]:
        """Yield steps of ladders that are not queued yet.

        A ladder that a person has begun goes on where it was begun; an event without one gets
        DEFAULT_LADDER on every account.
        """
        begun: dict[str, dict[str, set[str]]] = {}
        planned: dict[tuple[str, str], set[str]] = {}
        for slug, step, account in sorted(self.basis.gathered.steps):
            if _key(slug, step, account) in self.basis.gathered.lines:
                planned.setdefault((slug, account), set()).add(step)
            else:
                begun.setdefault(slug, {}).setdefault(account, set()).add(step)
        for event in self.basis.gathered.events:
            if event.cancelled or not self._may_tell(event):
                continue
            on = begun.get(event.slug)
            for account in self.basis.rules:
                if on is None or account in on:
                    by_hand = set() if on is None else on[account]
                    done = by_hand | planned.get((event.slug, account), set())
                    yield from self._steps_on(event, account, _ladder_of(by_hand), done)

    def _may_tell(self, event: Event) -> bool:
        """Whether the law and the archive let us post about the event's partners."""
        return all(slug in self.basis.partners for slug in event.partners)

    def _steps_on(
        self, event: Event, account: str, ladder: Ladder, done: set[str]
    ) -> Iterator[Item]:
        days = step_days(ladder, event, self.basis.gathered.now)
        kept = self.basis.released
        stand = self._stand(event, account)
        told = bool(done)
        for number, each in enumerate(days):
            name = each.step.name
            if name in done and _key(event.slug, name, account) not in kept:
                continue
            start, end = utc_bounds(each.day, event)
            if start >= self.basis.span.end:
                break
            latest = expires_at(name, event)
            for following in days[number + 1 : number + 2]:
                latest = min(latest, utc_bounds(following.day, event)[0])
            later = [stand[other] for other in _after(each.step, ladder) if other in stand]
            if later and min(later) <= max(start, self.basis.gathered.now):
                continue  # the event was moved, and a later step has said more already
            latest = min([latest, *later])
            if -1 <= each.step.days <= 0:  # "tomorrow" and "today" are true on that day alone
                latest = min(latest, end)
            credit = self.basis.credit(Kind.EVENT, event.partners, event)
            yield self.basis.item(
                Candidate(
                    key=_key(event.slug, name, account),
                    kind=Kind.EVENT,
                    credits={account: credit.as_padding if told else credit},
                    occasion=LadderStep(event.slug, event.title, name, each.day),
                    partners=event.partners,
                    event=event.slug,
                    item=f"step:{event.slug}:{name}",
                    group=f"step:{event.slug}:{name}",
                    earliest=start,
                    latest=latest,
                    wished=Span(start, min(end, latest)) if start < latest else None,
                    costs=self.basis.costs([account]),
                ),
                posts.step(event, each),
            )
            told = True

    def _stand(self, event: Event, account: str) -> Mapping[str, datetime]:
        """Times of the event's steps on the account, by step: sent, or due and not moved."""
        gathered, moved = self.basis.gathered, set(self.basis.released.values())
        found: dict[str, datetime] = {}
        for each in (*gathered.sent, *gathered.waiting):
            if each.step is None or (each.event, each.account) != (event.slug, account):
                continue
            if each.id not in moved:
                found[each.step] = each.published_at or each.due_at
        return found


def _after(step: Step, ladder: Ladder) -> list[str]:
    """Names of the steps that come later in the ladder."""
    return [each.name for each in ladder.steps if each.days > step.days]


def _ladder_of(done: set[str]) -> Ladder:
    """Smallest of our ladders that has all of these steps; DEFAULT_LADDER where none has."""
    for ladder in PRESETS.values() if done else ():
        if done <= {step.name for step in ladder.steps}:
            return ladder
    return DEFAULT_LADDER


def _key(event: str, step: str, account: str) -> str:
    return f"step:{event}:{step}@{account}"
