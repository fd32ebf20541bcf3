"""Partners who are no longer offered: archived with their history, or removed without any."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.partners import References
from crosspromo.domain.reasons.inputs import PartnerInUse

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class Archived:
    """Partner with its drafts and queued deliveries, which go out unless somebody cancels them.

    `events` are the slugs of coming events that the partner holds.
    """

    partner: str
    changed: bool
    waiting: tuple[int, ...]
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartnerArchive:
    """Archiving and removing of partners by a person (`actor`).

    `in_settings` are the slugs that crosspromo.toml names.
    """

    store: "Store"
    clock: Clock
    actor: str
    in_settings: Collection[str]

    def archive(self, slugs: Sequence[str]) -> Sequence[Archived]:
        """Offer these partners no more, all or none; their history stays.

        NotFoundError for an unknown slug.
        """
        with self.store.write() as unit:
            return [self._set(unit, slug, archived=True) for slug in dict.fromkeys(slugs)]

    def unarchive(self, slugs: Sequence[str]) -> Sequence[Archived]:
        """Offer these partners again, all or none; NotFoundError for an unknown slug."""
        with self.store.write() as unit:
            return [self._set(unit, slug, archived=False) for slug in dict.fromkeys(slugs)]

    def remove(self, slugs: Sequence[str]) -> None:
        """Delete these partners, all or none.

        NotFoundError for an unknown slug; InputError where posts, events, ledger rows, notes, what
        people added by hand, or crosspromo.toml name a partner.
        """
        with self.store.write() as unit:
            for slug in dict.fromkeys(unit.partners.get(each).slug for each in slugs):
                found = unit.partners.references({slug}).get(slug, References(0, 0, 0))
                if any(found) or slug in self.in_settings:
                    reason = PartnerInUse(slug, *found, in_settings=slug in self.in_settings)
                    raise InputError(reason)
                unit.partners.remove(slug)
                unit.audit.add(self.clock.now(), self.actor, "remove partner", slug, None)

    def _set(self, unit: "Unit", slug: str, *, archived: bool) -> Archived:
        partner = unit.partners.get(slug)
        slug = partner.slug
        changed = (partner.archived_at is not None) != archived
        if changed:
            now = self.clock.now()
            unit.partners.save(replace(partner, archived_at=now if archived else None), now)
            act = "archive partner" if archived else "unarchive partner"
            unit.audit.add(now, self.actor, act, slug, None)
        held = unit.events.all(after=self.clock.now()) if archived else ()
        return Archived(
            slug,
            changed,
            tuple(each.id for each in unit.deliveries.waiting_about({slug})),
            tuple(each.slug for each in held if slug in each.partners and not each.cancelled),
        )
