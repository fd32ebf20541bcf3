"""Partners with somebody who signs off, for tests."""

from crosspromo.domain.partner_people import SOMEBODY, PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.store.unit import Unit
from crosspromo.testing.clock import START


def save_asking(unit: Unit, partner: Partner, mail: str | None = None) -> None:
    """Save a partner, where a person signs off posts about them."""
    unit.partners.save(partner, START)
    roles = (PartnerRole.SIGN_OFF,)
    person = PartnerPerson(0, partner.slug, SOMEBODY, roles, START, "ana", mail=mail)
    unit.partner_people.add(person)
