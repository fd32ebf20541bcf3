"""All that is known of one partner: record, terms, contacts, diary, and former slugs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.partner_entries import Entry
from crosspromo.domain.partner_terms import Term
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import Cadence, Due, LastContacts
from crosspromo.domain.received import Received
from crosspromo.services.partner_diary import MOST_SHOWN
from crosspromo.services.partners_due import DuePartners

if TYPE_CHECKING:
    from crosspromo.store.partner_merging import MergedPartner
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class PartnerDetails:
    """Partner with terms, contacts, the diary, and the partners who became part of them.

    `cadence` None: they have none. `entries` and `received` have the latest first.
    """

    partner: Partner
    contacts: LastContacts
    cadence: Cadence | None
    due: Sequence[Due]
    terms: Sequence[Term]
    entries: Sequence[Entry]
    received: Sequence[Received]
    parts: "Sequence[MergedPartner]"


@dataclass(frozen=True)
class PartnerRecords:
    """Reads single partners; days are those of `zone`."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo

    def get(self, slug: str) -> PartnerDetails:
        """All that is known of a partner; NotFoundError for an unknown slug."""
        due = DuePartners(self.store, self.clock, self.zone)
        with self.store.read() as unit:
            partner = unit.partners.get(slug)
            known = partner.slug
            contacts = unit.contacts.last([known], self.clock.now())[known]
            shared = {} if contacts.shared_at is None else {known: contacts.shared_at}
            return PartnerDetails(
                partner,
                contacts,
                due.cadences_in(unit, [partner], shared).get(known),
                due.due_in(unit, [partner]),
                unit.partner_terms.of(known),
                unit.partner_entries.of(known, MOST_SHOWN),
                unit.received.latest(MOST_SHOWN, known),
                unit.partner_merging.parts_of(known),
            )
