"""Gathering: everything of the store that a plan is made of, read in a bounded number of queries.

The past is read as far as the rules can see, and no further.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.partner_limits import PartnerLimits, Shared
from crosspromo.domain.planned import REMEMBERED, SKIPPED_FOR, PlannedLine
from crosspromo.domain.states import WAITING
from crosspromo.publishing.facts import spent
from crosspromo.store.queue.listing import Filter

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.events import Event
    from crosspromo.domain.partner_entries import Entry
    from crosspromo.domain.partners import Partner
    from crosspromo.domain.sources import Suggestion
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.unit import Unit

RECENT = timedelta(days=30)
"""Age up to which a milestone or a suggestion is an occasion."""

MOST_SUGGESTIONS = 100
"""Latest open suggestions that are looked at."""

THANKED_WITHIN = timedelta(days=14)
"""Time after an event in which its last steps are still proposed."""

_OF_POSTS = timedelta(days=365)
"""Time in which the posts of a window of posts are looked for: the rehearsal has the last word."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Row of the ledger: what it counts, and since when; `delivery` None: made elsewhere."""

    account: str
    at: datetime
    others: int
    self_: int
    delivery: int | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a plan is made of, as it stands at `now`; `today` is the local day.

    `shared` has the last share of each partner and `began` the time from which a cadence counts, by
    slug. `sent` are deliveries of the last days, `waiting` drafts and queued ones. `steps` are the
    steps of ladders that have been queued or sent: of which event, which step, on which account.
    `lines` are what planning placed, and `skipped` what people do not want, by key. `spent` are
    costs of the month by account, in US dollars.
    """

    now: datetime
    today: date
    partners: "Sequence[Partner]"
    shared: Mapping[str, datetime]
    began: Mapping[str, datetime]
    limits: Mapping[str, PartnerLimits]
    shared_posts: Mapping[str, Sequence[Shared]]
    milestones: "Sequence[Entry]"
    suggestions: "Sequence[Suggestion]"
    events: "Sequence[Event]"
    steps: frozenset[tuple[str, str, str]]
    counted: Sequence[Counting]
    sent: "Sequence[Delivery]"
    waiting: "Sequence[Delivery]"
    lines: Mapping[str, PlannedLine]
    skipped: frozenset[str]
    spent: Mapping[str, float]


def gather(
    unit: "Unit",
    rules: "Mapping[str, AccountRules]",
    organisation: "OrganisationRules",
    now: datetime,
) -> Gathered:
    """Everything that a plan from `now` on is made of."""
    today = now.astimezone(organisation.zone).date()
    partners = [each for each in unit.partners.all() if each.archived_at is None]
    slugs = [each.slug for each in partners]
    limits = unit.partner_limits.of(slugs, today)
    counted = [
        Counting(account, at, others, self_, delivery)
        for account, at, others, self_, delivery in unit.planned_lines.counted(
            now - _longest(rules, organisation)
        )
    ]
    sent = unit.planned_lines.sent_ids(rules, now - DUPLICATE_WINDOW)
    events = unit.events.all(after=now - THANKED_WITHIN)
    return Gathered(
        now=now,
        today=today,
        partners=partners,
        shared=unit.contacts.shared(slugs, now),
        began=unit.partner_terms.cadences_since(),
        limits=limits,
        shared_posts=_shared_posts(unit, limits, now),
        milestones=unit.partner_entries.milestones(today - RECENT),
        suggestions=unit.suggestions.open(MOST_SUGGESTIONS),
        events=events,
        steps=unit.planned_lines.steps([each.slug for each in events]),
        counted=counted,
        sent=unit.deliveries.named(sent),
        waiting=unit.deliveries.matching(Filter(states=WAITING)),
        lines=unit.planned_lines.since(now - REMEMBERED),
        skipped=unit.planned_lines.skipped_since(now - SKIPPED_FOR),
        spent={
            name: spent(unit.history, each, organisation.zone, now) for name, each in rules.items()
        },
    )


def _longest(rules: "Mapping[str, AccountRules]", organisation: "OrganisationRules") -> timedelta:
    """Time back to which a window can reach."""
    windows = [organisation.window, *(each.policy.window for each in rules.values())]
    return max(_OF_POSTS if each.span is None else each.span for each in windows)


def _shared_posts(
    unit: "Unit", limits: Mapping[str, PartnerLimits], now: datetime
) -> Mapping[str, Sequence[Shared]]:
    limited = [each for each in limits.values() if each.most is not None]
    if not limited:
        return {}
    longest = max(timedelta(days=each.days) for each in limited)
    return unit.partner_limits.shared([each.partner for each in limited], now - longest)


def open_about(waiting: "Collection[Delivery]") -> Mapping[str, datetime]:
    """Due time of the last waiting post that counts for each partner, by slug."""
    found: dict[str, datetime] = {}
    for each in waiting:
        if each.credit.counts_others:
            for slug in each.partners:
                found[slug] = max(each.due_at, found.get(slug, each.due_at))
    return found


def told_on(deliveries: "Collection[Delivery]") -> frozenset[tuple[str, str]]:
    """Partners (slugs) for whom these deliveries count, each with the account."""
    return frozenset(
        (slug, each.account)
        for each in deliveries
        if each.credit.counts_others
        for slug in each.partners
    )
