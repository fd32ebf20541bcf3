"""Introductions of partners to each other: proposed, agreed to by both, and drafted as a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.introductions import Introduction, Proposal, proposals
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.partner_entries import Entry, EntryKind
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.partners import (
    IntroducedToThemselves,
    IntroductionDeclined,
    IntroductionNotAgreed,
    NotIntroduced,
    WordsTooLong,
)
from crosspromo.domain.requests import given_name

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MOST = 50
"""Proposals that are shown."""

LONGEST_NEED = 500
"""Most characters of a need or an offer."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mail to both partners may say: public facts only, and those whom it goes to."""

    introduction: Introduction
    needing: Partner
    offering: Partner
    people: Sequence[PartnerPerson]


@dataclass(frozen=True)
class IntroductionService:
    """Introductions on behalf of a person (`actor`). Nothing is ever sent by itself."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def proposals(self) -> Sequence[Proposal]:
        """Partners whose needs and offers meet, and who were not proposed to each other yet."""
        with self.store.read() as unit:
            known = {each.pair for each in unit.introductions.all()}
            return proposals(unit.partners.all(), known, MOST)

    def all(self) -> Sequence[Introduction]:
        """All introductions, the newest first."""
        with self.store.read() as unit:
            return unit.introductions.all()

    def propose(self, needing: str, offering: str, need: str, offer: str = "") -> Introduction:
        """Propose to make two partners known to each other; nobody is asked by it.

        NotFoundError for an unknown slug; InputError for one partner, and for long words.
        """
        need, offer = (without_invisible(each).strip() for each in (need, offer))
        if max(len(need), len(offer)) > LONGEST_NEED:
            raise InputError(WordsTooLong("a need", LONGEST_NEED))
        now = self.clock.now()
        with self.store.write() as unit:
            one, other = unit.partners.get(needing).slug, unit.partners.get(offering).slug
            if one == other:
                raise InputError(IntroducedToThemselves(one))
            new = Introduction(0, one, other, need, offer, now, self.actor)
            number = unit.introductions.add(new)
            unit.audit.add(now, self.actor, "propose introduction", one, other)
            return unit.introductions.get(number)

    def consent(self, number: int, partner: str) -> Introduction:
        """Record that a partner agrees. Once both do, it counts as a contact with both.

        NotFoundError for an unknown number; InputError for a partner whom it is not about, and for
        an introduction that one of them declined.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            found = self._of(unit, number, partner)
            if found.declined_for is not None:
                raise InputError(IntroductionDeclined(number, found.declined_for))
            unit.introductions.agree(number, needing=partner == found.needing, at=now)
            after = unit.introductions.get(number)
            if after.is_agreed and not found.is_agreed:
                self._count(unit, after)
            unit.audit.add(now, self.actor, "consent to introduction", partner, str(number))
        return after

    def decline(self, number: int, partner: str) -> Introduction:
        """Record that a partner does not want it; the other one is told nothing by it."""
        now = self.clock.now()
        with self.store.write() as unit:
            self._of(unit, number, partner)
            unit.introductions.decline(number, partner, now)
            unit.audit.add(now, self.actor, "decline introduction", partner, str(number))
            return unit.introductions.get(number)

    def draft(self, number: int) -> Draft:
        """Facts for a mail to both; InputError where not both agreed, or one declined."""
        with self.store.read() as unit:
            found = unit.introductions.get(number)
            if not found.is_agreed:
                raise InputError(IntroductionNotAgreed(number))
            people = [
                person
                for slug in (found.needing, found.offering)
                for person in unit.partner_people.of(slug)
                if person.ended_at is None and PartnerRole.KEY_CONTACT in person.roles
            ]
            needing, offering = (
                unit.partners.get(slug) for slug in (found.needing, found.offering)
            )
        return Draft(found, needing, offering, people)

    def _of(self, unit: "Unit", number: int, partner: str) -> Introduction:
        found = unit.introductions.get(number, lock=True)
        if partner not in found.pair:
            raise InputError(NotIntroduced(number, partner))
        return found

    def _count(self, unit: "Unit", agreed: Introduction) -> None:
        """Note in the diaries of both that we were in touch."""
        now = self.clock.now()
        day = now.astimezone(self.zone).date()
        for one, other in (
            (agreed.needing, agreed.offering),
            (agreed.offering, agreed.needing),
        ):
            words = f"Both agreed to be introduced: {other}."
            entry = Entry(0, one, EntryKind.CONTACT, words, day, now, self.actor)
            unit.partner_entries.add(entry)
