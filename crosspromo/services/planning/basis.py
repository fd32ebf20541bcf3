"""Item that may be planned: a candidate with its post; and what items of all sorts are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.events import Event
from crosspromo.domain.gate import legally_barred
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Kind, credit_of
from crosspromo.planning.values import Candidate, Span
from crosspromo.services.planning.gathering import Gathered
from crosspromo.services.planning.posts import Make

if TYPE_CHECKING:
    from crosspromo.domain.observances import Observance
    from crosspromo.publishing.rules import AccountRules, OrganisationRules


@dataclass(frozen=True, slots=True)
class Item:
    """Candidate with what makes its post; None: its delivery is in the queue, and is only moved.

    `suggestion` is the number of the one that the post uses up.
    """

    candidate: Candidate
    make: Make | None
    suggestion: int | None = None


@dataclass(frozen=True)
class Basis:
    """What items are made of: what was gathered, rules of the accounts to plan, and a span of time.

    `observances` are those that the workspace keeps. `released` are deliveries that planning placed
    and that would not go, by key: they are moved.
    """

    gathered: Gathered
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"
    observances: "Sequence[Observance]"
    span: Span
    released: Mapping[str, int]

    @property
    def partners(self) -> Mapping[str, Partner]:
        """Partners about whom the law lets us post, by slug."""
        status = self.organisation.status
        return {
            each.slug: each
            for each in self.gathered.partners
            if not legally_barred(status, {each.name: each.status})
        }

    def item(self, candidate: Candidate, make: Make) -> Item:
        """Item of a candidate; one that is in the queue already is moved."""
        delivery = self.released.get(candidate.key)
        if delivery is None:
            return Item(candidate, make)
        moved = next(each for each in self.gathered.waiting if each.id == delivery)
        there = replace(candidate, delivery=delivery, credits={moved.account: moved.credit})
        return Item(there, None)

    def credit(self, kind: Kind, partners: Sequence[str], event: Event | None = None) -> Credit:
        """Credit of a post of this kind about the partners."""
        return credit_of(
            kind,
            about_own_group=set(partners) <= self.organisation.own_group,
            hosting=None if event is None else event.hosting,
        )

    def costs(self, accounts: "Sequence[str] | Mapping[str, object]") -> Mapping[str, float]:
        """Most that a post costs: nobody knows yet whether it has a link."""
        return MappingProxyType(
            {name: self.rules[name].capabilities.cost_per_link_post for name in accounts}
        )

    def day(self, moment: datetime) -> date:
        """Local day of a moment."""
        return moment.astimezone(self.organisation.zone).date()

    @property
    def last_day(self) -> date:
        """Last local day of the span."""
        return self.day(self.span.end - timedelta(microseconds=1))
