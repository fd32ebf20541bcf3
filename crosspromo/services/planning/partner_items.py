"""Items about partners: occasions to tell, and cadences that fall due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.observances import ObservanceTone, coming, matches
from crosspromo.domain.pacing import start_of
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import Cadence, cadence_of
from crosspromo.domain.posts import Kind
from crosspromo.domain.sources import Occasion as Brought
from crosspromo.planning.dues import Due, days_of, dues_of
from crosspromo.planning.occasions import (
    CadenceDue,
    Introduction,
    Milestone,
    ObservanceMatches,
    Suggested,
)
from crosspromo.planning.values import Candidate, PartnerTerms
from crosspromo.services.planning import posts
from crosspromo.services.planning.basis import Basis, Item
from crosspromo.services.planning.gathering import RECENT, open_about, told_on
from crosspromo.services.planning.posts import Make

LEAD = timedelta(days=7)
"""Time before an observance from which a post about it may go."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PartnerItems:
    """Items about partners, from what a plan is made of."""

    basis: Basis

    def all(self) -> Iterator[Item]:
        """Yield what is there to say about partners."""
        yield from self._introductions()
        yield from self._milestones()
        yield from self._observances()
        yield from self._suggestions()

    def _introductions(self) -> Iterator[Item]:
        """Yield partners with a cadence who were never shared, on accounts that queue none of them.

        Whom planning began to introduce is still introduced on accounts that have not shared them.
        """
        told = told_on([*self.basis.gathered.sent, *self.basis.gathered.waiting])
        today, last = self.basis.gathered.today, self.basis.last_day
        for partner in self.basis.partners.values():
            if self.cadence(partner) is None:
                continue
            if partner.slug in self.basis.gathered.shared and not self._is_new(partner):
                continue
            occasion = Introduction(partner.slug, partner.name)
            key = f"introduction:{partner.slug}"
            for item in self._told(key, partner, occasion, posts.spotlight(partner), (today, last)):
                (account,) = item.candidate.credits
                if (partner.slug, account) not in told or item.candidate.delivery is not None:
                    yield item

    def _is_new(self, partner: Partner) -> bool:
        """Whether planning began to introduce the partner so lately that we know all shares since.

        Nobody had shared them then.
        """
        since = self.basis.gathered.now - DUPLICATE_WINDOW
        begins = f"introduction:{partner.slug}@"
        return any(
            key.startswith(begins) and line.placed_at > since
            for key, line in self.basis.gathered.lines.items()
        )

    def _milestones(self) -> Iterator[Item]:
        """Yield milestones that were noted since the last share of their partner."""
        partners = self.basis.partners
        for entry in self.basis.gathered.milestones:
            partner = partners.get(entry.partner)
            if partner is None or entry.day > self.basis.last_day:
                continue
            shared = self.basis.gathered.shared.get(partner.slug)
            if shared is not None and shared >= entry.recorded_at:
                continue
            occasion = Milestone(partner.slug, partner.name, entry.number, entry.words, entry.day)
            yield from self._told(
                f"milestone:{entry.number}",
                partner,
                occasion,
                posts.milestone(partner, entry),
                (max(entry.day, self.basis.gathered.today), entry.day + RECENT),
            )

    def _observances(self) -> Iterator[Item]:
        """Yield observances that are kept, for the partners whose topics they touch."""
        known = [each for each in self.basis.observances if each.tone is not ObservanceTone.MOURN]
        for each in coming(known, self.basis.gathered.today, self.basis.last_day):
            for partner in self.basis.partners.values():
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
                    posts.observance(partner, each),
                    (each.days.first - LEAD, each.days.last),
                )

    def _suggestions(self) -> Iterator[Item]:
        """Yield open suggestions about a partner, the newest first."""
        partners = self.basis.partners
        for each in self.basis.gathered.suggestions:
            partner = partners.get(each.partner or "")
            found = (
                (each.published_at or each.found_at).astimezone(self.basis.organisation.zone).date()
            )
            if partner is None or each.occasion is Brought.ABOUT_US or not each.link:
                continue
            if found + RECENT < self.basis.gathered.today:
                continue
            occasion = Suggested(partner.slug, partner.name, each.number, each.title)
            for item in self._told(
                f"suggestion:{each.number}",
                partner,
                occasion,
                posts.suggestion(partner, each, self.basis.rules),
                (self.basis.gathered.today, found + RECENT),
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
        zone = self.basis.organisation.zone
        for account in self.basis.rules:
            yield self.basis.item(
                Candidate(
                    key=f"{key}@{account}",
                    kind=kind,
                    credits={account: self.basis.credit(kind, (partner.slug,))},
                    occasion=occasion,
                    partners=(partner.slug,),
                    item=key,
                    group=key,
                    earliest=start_of(first, zone),
                    latest=start_of(last + _DAY, zone),
                    costs=self.basis.costs([account]),
                ),
                make,
            )

    def cadences(self) -> Iterator[Item]:
        """Yield partners whose cadence falls due; what we had to say about them has been said."""
        queued = open_about(self.basis.gathered.waiting)
        for partner in self.basis.partners.values():
            cadence = self.cadence(partner)
            if cadence is None:
                continue
            terms = PartnerTerms(
                partner.slug,
                partner.name,
                cadence=cadence.days,
                due=self.due(cadence, queued),
                counted_until=queued.get(partner.slug),
            )
            yield from self._dues(terms)

    def _dues(self, terms: PartnerTerms) -> Iterator[Item]:
        """Yield an item for each due of a partner in the span, which goes while it is due."""
        today, partner = self.basis.gathered.today, self.basis.partners[terms.partner]
        assert terms.due is not None
        assert terms.cadence is not None
        days = days_of(terms.due, terms.cadence, today)
        dues = dues_of(terms, self.basis.span, self.basis.organisation.zone)
        for day, due in zip(days, dues, strict=False):
            if day <= self.basis.last_day:
                past = max(0, (today - day) // _DAY)
                occasion = CadenceDue(terms.partner, terms.name, terms.cadence, day, past)
                yield self._cadence_item(partner, occasion, due)

    def _cadence_item(self, partner: Partner, occasion: CadenceDue, due: Due) -> Item:
        credit = self.basis.credit(Kind.SPOTLIGHT, (partner.slug,))
        return self.basis.item(
            Candidate(
                key=f"cadence:{partner.slug}:{occasion.due}",
                kind=Kind.SPOTLIGHT,
                credits=dict.fromkeys(self.basis.rules, credit),
                occasion=occasion,
                partners=(partner.slug,),
                asks_for_words=True,
                earliest=due.opens,
                latest=due.closes,
                costs=self.basis.costs(self.basis.rules),
            ),
            posts.spotlight(partner),
        )

    def cadence(self, partner: Partner) -> Cadence | None:
        """Cadence of the partner, counted from the last share; None where none is kept."""
        last = self.basis.gathered.shared.get(partner.slug)
        since = last or self.basis.gathered.began.get(partner.slug)
        day = None if since is None else self.basis.day(since)
        return cadence_of(partner, last, day, self.basis.gathered.today)

    def due(self, cadence: Cadence, queued: Mapping[str, datetime]) -> date:
        """Local day by which the next share is wanted after what is queued."""
        last = queued.get(cadence.partner)
        if last is None:
            return cadence.due
        return max(cadence.due, self.basis.day(last) + timedelta(days=cadence.days))
