"""People at partners in the store."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.reasons.not_found import NoSuchPartnerPerson
from crosspromo.store.partners import Partners
from crosspromo.store.schema import partner_people as people
from crosspromo.store.schema import partners


class PartnerPeople:
    """People by number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: PartnerPerson) -> PartnerPerson:
        """Add a person; returned with the number. NotFoundError for an unknown partner."""
        (partner_id,) = Partners(self._connection).ids([person.partner])
        values = {**_values(person), "partner_id": partner_id}
        done = self._connection.execute(people.insert().values(**values))
        key = done.inserted_primary_key
        return replace(person, number=0 if key is None else int(key[0]))

    def change(self, person: PartnerPerson) -> None:
        """Store what is known of a person now; the partner stays."""
        self._connection.execute(
            update(people).where(people.c.id == person.number).values(**_values(person))
        )

    def remove(self, number: int) -> None:
        """Delete a person."""
        self._connection.execute(delete(people).where(people.c.id == number))

    def get(self, number: int) -> PartnerPerson:
        """Person with this number; NotFoundError for an unknown number."""
        row = self._connection.execute(_ALL.where(people.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchPartnerPerson(number))
        return _person(row)

    def of(self, partner: str) -> Sequence[PartnerPerson]:
        """Everybody at the partner, also those who left, in the order in which they were added."""
        return self._found(partners.c.slug == partner)

    def present(self) -> Sequence[PartnerPerson]:
        """Everybody who has not left, of all partners, by slug."""
        return self._found(people.c.ended_at.is_(None))

    def all(self) -> Sequence[PartnerPerson]:
        """Everybody at all partners, also those who left, by slug."""
        return self._found()

    def present_at(self, slugs: Iterable[str]) -> Sequence[PartnerPerson]:
        """Everybody who has not left, of these partners."""
        return self._found(partners.c.slug.in_(sorted(slugs)), people.c.ended_at.is_(None))

    def _found(self, *where: Any) -> Sequence[PartnerPerson]:
        query = _ALL.where(*where).order_by(partners.c.slug, people.c.id)
        return [_person(row) for row in self._connection.execute(query)]


_ALL: Select[Any] = select(people, partners.c.slug).join(
    partners, partners.c.id == people.c.partner_id
)


def _values(person: PartnerPerson) -> dict[str, Any]:
    return {
        "name": person.name,
        "roles": [each.value for each in person.roles],
        "mail": person.mail,
        "phone": person.phone,
        "note": person.note,
        "added_at": person.added_at,
        "added_by": person.added_by,
        "ended_at": person.ended_at,
    }


def _person(row: Row[Any]) -> PartnerPerson:
    return PartnerPerson(
        number=row.id,
        partner=row.slug,
        name=row.name,
        roles=tuple(PartnerRole(each) for each in row.roles),
        added_at=row.added_at,
        added_by=row.added_by,
        mail=row.mail,
        phone=row.phone,
        note=row.note,
        ended_at=row.ended_at,
    )
