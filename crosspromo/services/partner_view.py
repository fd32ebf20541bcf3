"""Partners for people: when each was last shared, how often, and what is queued about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.partner_entries import Entry
from crosspromo.domain.partner_people import PartnerPerson
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import LastContacts
from crosspromo.domain.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from crosspromo.store.shares import Given, Planned
    from crosspromo.store.unit import Store, Unit

GIVEN_WITHIN = timedelta(days=90)
"""Time in which shares of a partner are counted."""

MOST_ENTRIES = 30
"""Latest entries of a diary that are shown."""

MOST_POSTS = 30
"""Latest posts about a partner that are shown."""


@dataclass(frozen=True, slots=True)
class PartnerStanding:
    """Partner with the shares that we gave.

    `given` are posts within GIVEN_WITHIN, on whatever number of accounts, also those made without
    crosspromo. `last_shared_at` None: never, as far as the latest posts about them tell. `planned`
    None: nothing is queued about them. `signs_off`: posts about them wait for somebody there.
    """

    partner: Partner
    given: int
    last_shared_at: datetime | None
    planned: "Planned | None"
    signs_off: bool


@dataclass(frozen=True, slots=True)
class PartnerList:
    """List of offered or archived partners; `others`: number of the rest."""

    standings: Sequence[PartnerStanding]
    others: int


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """One partner, with the latest posts about them, their coming events and permissions.

    Each of `posts` has the deliveries of one post, the latest post first. `people` are those who
    have not left, `entries` the MOST_ENTRIES of the diary with the latest days.
    `contacts` are the last ones with them.
    """

    standing: PartnerStanding
    posts: Sequence[Sequence[Delivery]]
    events: Sequence[Event]
    people: Sequence[PartnerPerson]
    entries: Sequence[Entry]
    permissions: Sequence[Permission]
    contacts: LastContacts


@dataclass(frozen=True)
class PartnerViews:
    """Reads partners of a workspace."""

    store: "Store"
    clock: Clock

    def list(self, *, archived: bool = False) -> PartnerList:
        """Standings of all offered partners, or of all `archived` ones.

        Those who were never shared come first, then those who were shared longest ago.
        """
        with self.store.read() as unit:
            known = unit.partners.all()
            chosen = [each for each in known if (each.archived_at is not None) == archived]
            signing = unit.approvals.sign_offs(each.slug for each in chosen)
            found = self._standings(unit, chosen, signing)
        return PartnerList(sorted(found, key=_longest_ago), len(known) - len(chosen))

    def get(self, slug: str) -> PartnerPage:
        """One partner; NotFoundError, with similar slugs, for an unknown slug."""
        now = self.clock.now()
        with self.store.read() as unit:
            partner = unit.partners.get(slug)
            people = [
                each for each in unit.partner_people.of(partner.slug) if each.ended_at is None
            ]
            signing = {each.partner for each in people if each.signs_off}
            (standing,) = self._standings(unit, [partner], signing)
            entries = unit.partner_entries.of(partner.slug, MOST_ENTRIES)
            about = unit.shares.about(partner.slug, MOST_POSTS)
            permissions = unit.permissions.of([partner.slug])
            contacts = replace(
                unit.contacts.received_and_noted(partner.slug), shared_at=standing.last_shared_at
            )
            coming = [each for each in unit.events.all(after=now) if partner.slug in each.partners]
        posts = [list(each) for _, each in groupby(about, key=lambda it: it.post)]
        return PartnerPage(standing, posts, coming, people, entries, permissions, contacts)

    def _standings(
        self, unit: "Unit", chosen: Sequence[Partner], signing: "Collection[str]"
    ) -> Sequence[PartnerStanding]:
        now = self.clock.now()
        since = now - GIVEN_WITHIN
        ours, outside, planned = unit.shares.standings(since, now)
        given = ours, outside
        silent = [each.slug for each in chosen if not any(each.slug in some for some in given)]
        earlier = unit.shares.last_shared(silent)
        return [_standing(each, given, earlier, planned, signing) for each in chosen]


def _standing(
    partner: Partner,
    given: "Sequence[Mapping[str, Given]]",
    earlier: "Mapping[str, datetime]",
    planned: "Mapping[str, Planned]",
    signing: "Collection[str]",
) -> PartnerStanding:
    found = [some[partner.slug] for some in given if partner.slug in some]
    last = max((each.last_at for each in found), default=earlier.get(partner.slug))
    return PartnerStanding(
        partner,
        sum(each.posts for each in found),
        last,
        planned.get(partner.slug),
        partner.slug in signing,
    )


def _longest_ago(standing: PartnerStanding) -> tuple[float, str]:
    last = standing.last_shared_at
    return (float("-inf") if last is None else last.timestamp()), standing.partner.slug
