"""JSON documents of people: those at partners, and what is held of a person.

Keys are a contract, as in documents.py.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosspromo.domain.partner_people import PartnerPerson


def of_partner_person(person: "PartnerPerson") -> dict[str, Any]:
    """A person at a partner as JSON; `ended_at` null: still there."""
    return {
        "person": person.number,
        "partner": person.partner,
        "name": person.name,
        "roles": [each.value for each in person.roles],
        "mail": person.mail,
        "phone": person.phone,
        "note": person.note,
        "added_at": person.added_at,
        "added_by": person.added_by,
        "ended_at": person.ended_at,
    }
