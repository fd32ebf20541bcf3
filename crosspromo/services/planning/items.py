"""Items of a plan, of all sorts, and what is wanted and agreed with partners.

An item has an occasion, or its partner's cadence is due; there is no filler. What planning placed
before, whatever became of it, and what a person skipped is not proposed again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.partner_limits import Shared
from crosspromo.planning.occasions import WaitingSelf
from crosspromo.planning.values import Candidate, PartnerTerms
from crosspromo.services.partner_fields import FOCUS
from crosspromo.services.planning.basis import Basis, Item
from crosspromo.services.planning.event_items import EventItems
from crosspromo.services.planning.gathering import open_about
from crosspromo.services.planning.partner_items import PartnerItems

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery

_WAITS_FOR_OTHERS = frozenset({"ratio", "floor"})
"""Codes of holds that end when partners were shared enough."""


@dataclass(frozen=True)
class Items:
    """Items of a plan, made from its basis."""

    basis: Basis

    @property
    def about(self) -> PartnerItems:
        """Those about partners."""
        return PartnerItems(self.basis)

    def all(self) -> Mapping[str, Item]:
        """Every item, by the key of its candidate."""
        found = [
            *self.about.all(),
            *EventItems(self.basis).all(),
            *self.waiting(),
            *self.about.cadences(),
        ]
        return {each.candidate.key: each for each in found if self._is_open(each.candidate.key)}

    def terms(self) -> tuple[PartnerTerms, ...]:
        """What is wanted and agreed with each partner who is offered."""
        gathered, queued = self.basis.gathered, open_about(self.basis.gathered.waiting)
        coming = self._coming()
        return tuple(
            PartnerTerms(
                partner=partner.slug,
                name=partner.name,
                focus=partner.list == FOCUS,
                cadence=None if cadence is None else cadence.days,
                due=None if cadence is None else self.about.due(cadence, queued),
                counted_until=queued.get(partner.slug),
                limits=gathered.limits.get(partner.slug),
                shared=(
                    *gathered.shared_posts.get(partner.slug, ()),
                    *coming.get(partner.slug, ()),
                ),
            )
            for partner in gathered.partners
            for cadence in (self.about.cadence(partner),)
        )

    def _coming(self) -> Mapping[str, list[Shared]]:
        """Queued posts about each partner, with the time of the last send, by slug."""
        moved = set(self.basis.released.values())
        last: dict[tuple[str, int], datetime] = {}
        for each in self.basis.gathered.waiting:
            for slug in () if each.id in moved or waits(each) else each.partners:
                post = slug, each.post
                last[post] = max(each.due_at, last.get(post, each.due_at))
        found: dict[str, list[Shared]] = {}
        for (slug, number), at in last.items():
            found.setdefault(slug, []).append(Shared(number, at))
        return found

    def _is_open(self, key: str) -> bool:
        """Whether an item may be proposed: nobody skipped it, and it was not placed before."""
        if key in self.basis.gathered.skipped:
            return False
        return (
            key in self.basis.released
            or key.startswith("delivery:")
            or key not in self.basis.gathered.lines
        )

    def waiting(self, also: Collection[int] = ()) -> Iterator[Item]:
        """Yield self posts that wait until partners were shared enough, and deliveries `also`."""
        for each in self.basis.gathered.waiting:
            is_moved = f"delivery:{each.id}" in self.basis.released
            if each.account in self.basis.rules and (waits(each) or is_moved or each.id in also):
                yield Item(
                    Candidate(
                        key=f"delivery:{each.id}",
                        kind=each.kind,
                        credits={each.account: each.credit},
                        occasion=self._waits(each),
                        partners=each.partners,
                        event=each.event,
                        delivery=each.id,
                        tone=each.tone,
                        latest=each.expires_at,
                        costs={each.account: each.cost or 0.0},
                    ),
                    None,
                )

    def _waits(self, delivery: "Delivery") -> WaitingSelf:
        """Occasion of a self post; what only the plan has placed has not waited."""
        is_held = delivery.hold is not None and delivery.due_at < self.basis.gathered.now
        since = delivery.due_at if is_held else None
        return WaitingSelf(delivery.id, since, delivery.content.title or delivery.content.text)


def waits(delivery: "Delivery") -> bool:
    """Whether a delivery counts for us, and waits until partners were shared enough."""
    if not delivery.credit.counts_self:
        return False
    held = delivery.hold is not None and delivery.hold.code in _WAITS_FOR_OTHERS
    return held or delivery.waits_to_be_allowed


def item_of(key: str) -> str:
    """What an item of this key says, on whichever account."""
    return key.partition("@")[0]
