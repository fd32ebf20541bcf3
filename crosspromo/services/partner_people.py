"""People at partners: who speaks for the partner, who signs off, and how to reach them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, PeopleError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.partner_people import LONGEST_DETAIL, PartnerPerson, PartnerRole
from crosspromo.domain.people import clean_name, name_fault
from crosspromo.domain.reasons.inputs import NothingToChange
from crosspromo.domain.reasons.partners import WordsTooLong
from crosspromo.domain.reasons.people import BadPersonName, HasLeft, IsKeptAway
from crosspromo.domain.requests import given_name
from crosspromo.mail.server import MailAddress
from crosspromo.services.kept_away import KeptAway

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

LONGEST_PHONE = 60
"""Most characters of a phone number."""


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """New values of a person at a partner; None keeps the old one, an empty text takes it away."""

    name: str | None = None
    roles: tuple[PartnerRole, ...] | None = None
    mail: str | None = None
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class PartnerPeopleService:
    """People at partners, on behalf of a person (`actor`); acts are in the audit log.

    `kept_away` knows who is to be left alone.
    """

    store: "Store"
    clock: Clock
    kept_away: KeptAway
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def list(self, partner: str | None = None) -> Sequence[PartnerPerson]:
        """People at a partner, also those who left; None: at all partners, who have not left.

        NotFoundError for an unknown slug.
        """
        with self.store.read() as unit:
            if partner is None:
                return unit.partner_people.present()
            return unit.partner_people.of(unit.partners.get(partner).slug)

    def add(self, partner: str, changes: PersonChanges) -> PartnerPerson:
        """Add a person; returned with the number.

        NotFoundError for an unknown slug; PeopleError for a name that is unfit, and for somebody
        who is to be left alone; UsageError for a text that is no mail address.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            slug = unit.partners.get(partner).slug
            empty = PartnerPerson(0, slug, "", (), now, self.actor)
            person = unit.partner_people.add(self._changed(unit, empty, changes))
            self._note(unit, "add partner person", person)
        return person

    def edit(self, number: int, changes: PersonChanges) -> PartnerPerson:
        """Change what is known of a person; errors are those of `add`.

        NotFoundError for an unknown number; PeopleError for somebody who left.
        """
        if changes == PersonChanges():
            raise InputError(NothingToChange())
        with self.store.write() as unit:
            known = self._there(unit, number)
            person = self._changed(unit, replace(known, name=changes.name or known.name), changes)
            unit.partner_people.change(person)
            self._note(unit, "edit partner person", person)
        return person

    def end(self, number: int) -> PartnerPerson:
        """Record that a person is not at the partner any more; nothing is asked of them then."""
        with self.store.write() as unit:
            person = replace(self._there(unit, number), ended_at=self.clock.now())
            unit.partner_people.change(person)
            self._note(unit, "end partner person", person)
        return person

    def _there(self, unit: "Unit", number: int) -> PartnerPerson:
        person = unit.partner_people.get(number)
        if person.ended_at is not None:
            raise PeopleError(HasLeft(number, person.name, person.ended_at))
        return person

    def _changed(
        self, unit: "Unit", person: PartnerPerson, changes: PersonChanges
    ) -> PartnerPerson:
        name = clean_name(person.name if changes.name is None else changes.name)
        fault = name_fault(name)
        if fault is not None:
            raise PeopleError(BadPersonName(name, fault))
        mail = person.mail
        if changes.mail is not None:
            mail = MailAddress.parse(changes.mail).spec.lower() if changes.mail.strip() else None
        phone = person.phone if changes.phone is None else _line(changes.phone, LONGEST_PHONE)
        if self.kept_away.includes(unit, name, mail, phone):
            raise PeopleError(IsKeptAway(name))
        note = person.note if changes.note is None else _line(changes.note, LONGEST_DETAIL)
        roles = person.roles if changes.roles is None else tuple(dict.fromkeys(changes.roles))
        return replace(
            person, name=name, roles=roles, mail=mail, phone=phone or None, note=note or ""
        )

    def _note(self, unit: "Unit", act: str, person: PartnerPerson) -> None:
        unit.audit.add(self.clock.now(), self.actor, act, person.partner, person.name)


def _line(text: str, most: int) -> str:
    """Text without what nobody sees; InputError where it is longer than `most`."""
    line = without_invisible(text).strip()
    if len(line) > most:
        raise InputError(WordsTooLong("a detail of a person", most))
    return line
