"""Items that may be planned: candidates with the post that each becomes.

An item has an occasion, or its partner's cadence is due; there is no filler. What planning placed
before, whatever became of it, and what a person skipped is not proposed again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.events import Event
from crosspromo.domain.gate import legally_barred
from crosspromo.domain.ladders import PRESETS, Ladder, StepDay, expires_at, step_days, utc_bounds
from crosspromo.domain.observances import ObservanceTone, coming, matches
from crosspromo.domain.pacing import start_of
from crosspromo.domain.partner_entries import Entry
from crosspromo.domain.partner_limits import Shared
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import Cadence, cadence_of
from crosspromo.domain.posts import Credit, Kind, credit_of
from crosspromo.domain.requests import EventPost, PostRequest, Reshare, Spotlight
from crosspromo.domain.sources import Occasion as Brought
from crosspromo.domain.sources import Suggestion
from crosspromo.planning.occasions import (
    CadenceDue,
    Introduction,
    LadderStep,
    Milestone,
    ObservanceMatches,
    Suggested,
    WaitingSelf,
)
from crosspromo.planning.values import Candidate, PartnerTerms, Span
from crosspromo.services.partner_fields import FOCUS
from crosspromo.services.planning.gathering import RECENT, Gathered, open_about
from crosspromo.services.suggestions import words_of

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.observances import Coming, Observance
    from crosspromo.publishing.rules import AccountRules, OrganisationRules

LEAD = timedelta(days=7)
"""Time before an observance from which a post about it may go."""

DEFAULT_LADDER = Ladder("planned", tuple(step for step in PRESETS["small"].steps if step.days < 0))
"""Ladder of an event that nobody has begun to announce: the small one, as far as a slot will do.

The day itself has an hour of its own, and thanks need somebody who was there.
"""

_DAY = timedelta(days=1)
_WAITS_FOR_OTHERS = frozenset({"ratio", "floor"})
"""Codes of holds that end when partners were shared enough."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How a post is made: its author, and whether it stays a draft."""

    author: str
    as_draft: bool


Make = Callable[[str, Placement], PostRequest]
"""Makes the post of an item for the account of this name."""


@dataclass(frozen=True, slots=True)
class Item:
    """Candidate with what makes its post; None: its delivery is in the queue, and is only moved.

    `suggestion` is the number of the one that the post uses up.
    """

    candidate: Candidate
    make: Make | None
    suggestion: int | None = None


@dataclass(frozen=True)
class Items:
    """Items for accounts with these rules, from what was gathered, in a span of time.

    `observances` are those that the workspace keeps. `released` are deliveries that planning placed
    and that would not go, by key: they are moved.
    """

    gathered: Gathered
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"
    observances: "Sequence[Observance]"
    span: Span
    released: Mapping[str, int]

    def all(self) -> Mapping[str, Item]:
        """Every item, by the key of its candidate."""
        found = [
            *self._introductions(),
            *self._milestones(),
            *self._observances(),
            *self._suggestions(),
            *self._steps(),
            *self._waiting(),
            *self._cadences(),
        ]
        return {each.candidate.key: each for each in found if self._is_open(each.candidate.key)}

    def terms(self) -> tuple[PartnerTerms, ...]:
        """What is wanted and agreed with each partner who is offered."""
        gathered, queued = self.gathered, open_about(self.gathered.waiting)
        coming = self._coming()
        return tuple(
            PartnerTerms(
                partner=partner.slug,
                name=partner.name,
                focus=partner.list == FOCUS,
                cadence=None if cadence is None else cadence.days,
                due=None if cadence is None else self._due(cadence, queued),
                counted_until=queued.get(partner.slug),
                limits=gathered.limits.get(partner.slug),
                shared=(
                    *gathered.shared_posts.get(partner.slug, ()),
                    *coming.get(partner.slug, ()),
                ),
            )
            for partner in gathered.partners
            for cadence in (self._cadence(partner),)
        )

    def _coming(self) -> Mapping[str, list[Shared]]:
        """Queued posts about each partner, with the time of the last send, by slug."""
        moved = set(self.released.values())
        last: dict[tuple[str, int], datetime] = {}
        for each in self.gathered.waiting:
            for slug in () if each.id in moved or waits(each) else each.partners:
                post = slug, each.post
                last[post] = max(each.due_at, last.get(post, each.due_at))
        found: dict[str, list[Shared]] = {}
        for (slug, number), at in last.items():
            found.setdefault(slug, []).append(Shared(number, at))
        return found

    def _is_open(self, key: str) -> bool:
        """Whether an item may be proposed: nobody skipped it, and it was not placed before."""
        if key in self.gathered.skipped:
            return False
        return key in self.released or key.startswith("delivery:") or key not in self.gathered.lines

    # -- partners ------------------------------------------------------------------------------

    @property
    def _partners(self) -> Mapping[str, Partner]:
        """Partners about whom the law lets us post, by slug."""
        status = self.organisation.status
        return {
            each.slug: each
            for each in self.gathered.partners
            if not legally_barred(status, {each.name: each.status})
        }

    def _introductions(self) -> Iterator[Item]:
        """Yield partners with a cadence who were never shared, and about whom nothing is queued."""
        queued = open_about(self.gathered.waiting)
        today, last = self.gathered.today, self._last_day
        for partner in self._partners.values():
            if self._cadence(partner) is None or partner.slug in self.gathered.shared:
                continue
            occasion = Introduction(partner.slug, partner.name)
            key = f"introduction:{partner.slug}"
            for item in self._told(key, partner, occasion, _spotlight(partner), (today, last)):
                if partner.slug not in queued or item.candidate.delivery is not None:
                    yield item

    def _milestones(self) -> Iterator[Item]:
        """Yield milestones that were noted since the last share of their partner."""
        partners = self._partners
        for entry in self.gathered.milestones:
            partner = partners.get(entry.partner)
            if partner is None or entry.day > self._last_day:
                continue
            shared = self.gathered.shared.get(partner.slug)
            if shared is not None and shared >= entry.recorded_at:
                continue
            occasion = Milestone(partner.slug, partner.name, entry.number, entry.words, entry.day)
            yield from self._told(
                f"milestone:{entry.number}",
                partner,
                occasion,
                _milestone(partner, entry),
                (max(entry.day, self.gathered.today), entry.day + RECENT),
            )

    def _observances(self) -> Iterator[Item]:
        """Yield observances that are kept, for the partners whose topics they touch."""
        known = [each for each in self.observances if each.tone is not ObservanceTone.MOURN]
        for each in coming(known, self.gathered.today, self._last_day):
            for partner in self._partners.values():
                topics = each.observance.topics
                topic = next((one for one in partner.topics if matches([one], topics)), None)
                if topic is None:
                    continue
                occasion = ObservanceMatches(
                    partner.slug,
                    partner.name,
                    each.observance.slug,
                    each.observance.name,
                    each.days.first,
                    topic,
                )
                yield from self._told(
                    f"observance:{each.observance.slug}:{each.days.first.year}:{partner.slug}",
                    partner,
                    occasion,
                    _observance(partner, each),
                    (each.days.first - LEAD, each.days.last),
                )

    def _suggestions(self) -> Iterator[Item]:
        """Yield open suggestions about a partner, the newest first."""
        partners = self._partners
        for each in self.gathered.suggestions:
            partner = partners.get(each.partner or "")
            found = (each.published_at or each.found_at).astimezone(self.organisation.zone).date()
            if partner is None or each.occasion is Brought.ABOUT_US or not each.link:
                continue
            if found + RECENT < self.gathered.today:
                continue
            occasion = Suggested(partner.slug, partner.name, each.number, each.title)
            for item in self._told(
                f"suggestion:{each.number}",
                partner,
                occasion,
                _suggestion(partner, each, self.rules),
                (self.gathered.today, found + RECENT),
                kind=Kind.RESHARE,
            ):
                yield replace(item, suggestion=each.number)

    def _told(
        self,
        key: str,
        partner: Partner,
        occasion: Introduction | Milestone | ObservanceMatches | Suggested,
        make: Make,
        days: tuple[date, date],
        *,
        kind: Kind = Kind.SPOTLIGHT,
    ) -> Iterator[Item]:
        """Yield an occasion about a partner for each account, between two local days."""
        first, last = days
        zone = self.organisation.zone
        for account in self.rules:
            yield self._item(
                Candidate(
                    key=f"{key}@{account}",
                    kind=kind,
                    credits={account: self._credit(kind, (partner.slug,))},
                    occasion=occasion,
                    partners=(partner.slug,),
                    item=key,
                    group=key,
                    earliest=start_of(first, zone),
                    latest=start_of(last + _DAY, zone),
                    costs=self._costs([account]),
                ),
                make,
            )

    def _cadences(self) -> Iterator[Item]:
        """Yield partners whose cadence falls due; what we had to say about them has been said."""
        queued = open_about(self.gathered.waiting)
        for partner in self._partners.values():
            cadence = self._cadence(partner)
            if cadence is None:
                continue
            due = self._due(cadence, queued)
            while due <= self._last_day:
                yield self._cadence_item(partner, cadence, due)
                due = max(due, self.gathered.today) + timedelta(days=cadence.days)

    def _cadence_item(self, partner: Partner, cadence: Cadence, due: date) -> Item:
        past = max(0, (self.gathered.today - due) // _DAY)
        credit = self._credit(Kind.SPOTLIGHT, (partner.slug,))
        return self._item(
            Candidate(
                key=f"cadence:{partner.slug}:{due}",
                kind=Kind.SPOTLIGHT,
                credits=dict.fromkeys(self.rules, credit),
                occasion=CadenceDue(partner.slug, partner.name, cadence.days, due, past),
                partners=(partner.slug,),
                asks_for_words=True,
                costs=self._costs(self.rules),
            ),
            _spotlight(partner),
        )

    def _cadence(self, partner: Partner) -> Cadence | None:
        last = self.gathered.shared.get(partner.slug)
        since = last or self.gathered.began.get(partner.slug)
        day = None if since is None else self._day(since)
        return cadence_of(partner, last, day, self.gathered.today)

    def _due(self, cadence: Cadence, queued: Mapping[str, datetime]) -> date:
        """Local day by which the next share is wanted after what is queued."""
        last = queued.get(cadence.partner)
        if last is None:
            return cadence.due
        return max(cadence.due, self._day(last) + timedelta(days=cadence.days))

    # -- events --------------------------------------------------------------------------------

    def _steps(self) -> Iterator[Item]:
        """Yield steps of ladders that are not queued yet.

        A ladder that a person has begun goes on where it was begun; an event without one gets
        DEFAULT_LADDER on every account.
        """
        begun: dict[str, dict[str, set[str]]] = {}
        planned: dict[tuple[str, str], set[str]] = {}
        for slug, step, account in sorted(self.gathered.steps):
            if _key(slug, step, account) in self.gathered.lines:
                planned.setdefault((slug, account), set()).add(step)
            else:
                begun.setdefault(slug, {}).setdefault(account, set()).add(step)
        for event in self.gathered.events:
            if event.cancelled or not self._may_tell(event):
                continue
            on = begun.get(event.slug)
            for account in self.rules:
                if on is None or account in on:
                    by_hand = set() if on is None else on[account]
                    done = by_hand | planned.get((event.slug, account), set())
                    yield from self._steps_on(event, account, _ladder_of(by_hand), done)

    def _may_tell(self, event: Event) -> bool:
        """Whether the law and the archive let us post about the event's partners."""
        return all(slug in self._partners for slug in event.partners)

    def _steps_on(
        self, event: Event, account: str, ladder: Ladder, done: set[str]
    ) -> Iterator[Item]:
        days = step_days(ladder, event, self.gathered.now)
        kept = self.released
        todo = [
            each
            for each in days
            if each.step.name not in done or _key(event.slug, each.step.name, account) in kept
        ]
        told = bool(done)
        for number, each in enumerate(todo):
            start, end = utc_bounds(each.day, event)
            if start >= self.span.end:
                break
            latest = expires_at(each.step.name, event)
            for following in todo[number + 1 : number + 2]:
                latest = min(latest, utc_bounds(following.day, event)[0])
            credit = self._credit(Kind.EVENT, event.partners, event)
            yield self._item(
                Candidate(
                    key=_key(event.slug, each.step.name, account),
                    kind=Kind.EVENT,
                    credits={account: credit.as_padding if told else credit},
                    occasion=LadderStep(event.slug, event.title, each.step.name, each.day),
                    partners=event.partners,
                    event=event.slug,
                    item=f"step:{event.slug}:{each.step.name}",
                    group=f"step:{event.slug}:{each.step.name}",
                    earliest=start,
                    latest=latest,
                    wished=Span(start, min(end, latest)) if start < latest else None,
                    costs=self._costs([account]),
                ),
                _step(event, each),
            )
            told = True

    # -- ours ----------------------------------------------------------------------------------

    def _waiting(self) -> Iterator[Item]:
        """Yield self posts that wait until partners were shared enough."""
        for each in self.gathered.waiting:
            is_moved = f"delivery:{each.id}" in self.released
            if each.account in self.rules and (waits(each) or is_moved):
                yield Item(
                    Candidate(
                        key=f"delivery:{each.id}",
                        kind=each.kind,
                        credits={each.account: each.credit},
                        occasion=WaitingSelf(each.id, each.due_at),
                        partners=each.partners,
                        event=each.event,
                        delivery=each.id,
                        tone=each.tone,
                        latest=each.expires_at,
                        costs={each.account: each.cost or 0.0},
                    ),
                    None,
                )

    # -- all -----------------------------------------------------------------------------------

    def _item(self, candidate: Candidate, make: Make) -> Item:
        """Item of a candidate; one that is in the queue already is moved."""
        delivery = self.released.get(candidate.key)
        if delivery is None:
            return Item(candidate, make)
        moved = next(each for each in self.gathered.waiting if each.id == delivery)
        there = replace(candidate, delivery=delivery, credits={moved.account: moved.credit})
        return Item(there, None)

    def _credit(self, kind: Kind, partners: Sequence[str], event: Event | None = None) -> Credit:
        return credit_of(
            kind,
            about_own_group=set(partners) <= self.organisation.own_group,
            hosting=None if event is None else event.hosting,
        )

    def _costs(self, accounts: "Sequence[str] | Mapping[str, object]") -> Mapping[str, float]:
        """Most that a post costs: nobody knows yet whether it has a link."""
        return MappingProxyType(
            {name: self.rules[name].capabilities.cost_per_link_post for name in accounts}
        )

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.organisation.zone).date()

    @property
    def _last_day(self) -> date:
        return self._day(self.span.end - timedelta(microseconds=1))


def waits(delivery: "Delivery") -> bool:
    """Whether a delivery counts for us, and waits until partners were shared enough."""
    if not delivery.credit.counts_self:
        return False
    held = delivery.hold is not None and delivery.hold.code in _WAITS_FOR_OTHERS
    return held or delivery.waits_to_be_allowed


def _ladder_of(done: set[str]) -> Ladder:
    """Smallest of our ladders that has all of these steps; DEFAULT_LADDER where none has."""
    for ladder in PRESETS.values() if done else ():
        if done <= {step.name for step in ladder.steps}:
            return ladder
    return DEFAULT_LADDER


def item_of(key: str) -> str:
    """What an item of this key says, on whichever account."""
    return key.partition("@")[0]


def _key(event: str, step: str, account: str) -> str:
    return f"step:{event}:{step}@{account}"


def _spotlight(partner: Partner) -> Make:
    return lambda _, it: Spotlight(author=it.author, as_draft=it.as_draft, partner=partner.slug)


def _milestone(partner: Partner, entry: Entry) -> Make:
    return lambda _, it: Spotlight(
        author=it.author,
        as_draft=it.as_draft,
        partner=partner.slug,
        template="spotlight/milestone",
        variables={"milestone": entry.words},
    )


def _observance(partner: Partner, each: "Coming") -> Make:
    return lambda _, it: Spotlight(
        author=it.author,
        as_draft=it.as_draft,
        partner=partner.slug,
        template="spotlight/observance",
        variables={"observance": each.observance.name},
    )


def _suggestion(partner: Partner, each: Suggestion, rules: "Mapping[str, AccountRules]") -> Make:
    def make(account: str, it: Placement) -> PostRequest:
        pattern = rules[account].capabilities.reposts
        reposts = pattern is not None and pattern.fullmatch(each.link) is not None
        return Reshare(
            author=it.author,
            as_draft=it.as_draft,
            partner=partner.slug,
            url=each.link,
            quote=None if reposts else words_of(each, partner.name),
        )

    return make


def _step(event: Event, each: StepDay) -> Make:
    return lambda _, it: EventPost(
        author=it.author,
        as_draft=it.as_draft,
        event=event.slug,
        step=each.step.name,
        template=each.step.template,
    )
