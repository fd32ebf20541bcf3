"""Partners with whom something is due: a share by their cadence, a follow-up, a promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.partners_due import Cadence, Due, all_due, cadence_days, cadence_of

if TYPE_CHECKING:
    from crosspromo.domain.partners import Partner
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True)
class DuePartners:
    """Reads what is due with partners; days are those of `zone`."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo

    def due(self, partner: str | None = None) -> Sequence[Due]:
        """All that is due today or since, the longest overdue first; `partner`: of that slug only.

        Archived partners are left out.
        """
        with self.store.read() as unit:
            return self.due_in(unit, self._chosen(unit, partner))

    def due_in(self, unit: "Unit", chosen: "Sequence[Partner]") -> Sequence[Due]:
        """What is due with these partners, within a transaction."""
        names = {each.slug: each.name for each in chosen if each.archived_at is None}
        planned = {slug: each.next_at for slug, each in unit.shares.planned().items()}
        shared = unit.contacts.shared(names, self.clock.now())
        return all_due(
            self.cadences_in(unit, chosen, shared).values(),
            unit.partner_entries.open_until(self._today),
            names=names,
            planned=planned,
            shared=shared,
            today=self._today,
        )

    def cadences(self) -> Mapping[str, Cadence]:
        """Cadence of each partner who is offered and has one, by slug."""
        with self.store.read() as unit:
            chosen = self._chosen(unit, None)
            slugs = [each.slug for each in chosen if cadence_days(each) is not None]
            return self.cadences_in(unit, chosen, unit.contacts.shared(slugs, self.clock.now()))

    @property
    def _today(self) -> date:
        return self._day(self.clock.now())

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _chosen(self, unit: "Unit", partner: str | None) -> "Sequence[Partner]":
        found = unit.partners.all() if partner is None else [unit.partners.get(partner)]
        return [each for each in found if each.archived_at is None]

    def cadences_in(
        self, unit: "Unit", chosen: "Sequence[Partner]", shared: Mapping[str, datetime]
    ) -> Mapping[str, Cadence]:
        """Cadences of these partners within a transaction; `shared`: when each was last shared."""
        began = unit.partner_terms.cadences_since()
        cadences: dict[str, Cadence] = {}
        for each in chosen:
            last = shared.get(each.slug)
            since = last or began.get(each.slug)
            day = None if since is None else self._day(since)
            cadence = cadence_of(each, last, day, self._today)
            if cadence is not None:
                cadences[each.slug] = cadence
        return cadences
