"""Cells `sign_off` of spreadsheets, read from the people at partners and written to them.

An import and its undoing see partners with the answer as a note. It is kept as people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.approval import same_name
from crosspromo.domain.partner_people import (
    PartnerPerson,
    PartnerRole,
    answer_in,
    answer_of,
    named_in,
    said_anew,
    with_answer,
    without_answer,
)
from crosspromo.services.tagging import record_tagging

if TYPE_CHECKING:
    from crosspromo.domain.partner_rows import PartnerRow
    from crosspromo.domain.partners import Partner
    from crosspromo.store.unit import Unit


def partners_of_sheets(unit: "Unit") -> "dict[str, Partner]":
    """All partners as spreadsheets have them, by slug."""
    there: dict[str, list[PartnerPerson]] = {}
    for person in unit.partner_people.present():
        there.setdefault(person.partner, []).append(person)
    return {
        partner.slug: with_answer(partner, answer_of(there.get(partner.slug, ())))
        for partner in unit.partners.all()
    }


def read_answer(row: "PartnerRow", known: "Partner | None") -> "PartnerRow":
    """Row with its answer as it is kept; `known` is the partner as spreadsheets have them."""
    before = "" if known is None else answer_in(known.notes) or ""
    return replace(row, notes=said_anew(row.notes, before))


def save_from_sheet(
    unit: "Unit",
    new: "Sequence[Partner]",
    changed: "Sequence[Partner]",
    known: "Mapping[str, Partner]",
    *,
    who: str,
    now: datetime,
) -> None:
    """Save partners as spreadsheets have them, with their answers about tagging and sign-off.

    `known` are those of before, by slug.
    """
    unit.partners.save_all(
        [without_answer(each) for each in new], [without_answer(each) for each in changed], now
    )
    for partner in (*new, *changed):
        before = known.get(partner.slug)
        could_be_tagged = before is not None and before.tag_ok
        record_tagging(unit, partner.slug, (could_be_tagged, partner.tag_ok), now, who)
        answer = answer_in(partner.notes) or ""
        if answer != ("" if before is None else answer_in(before.notes) or ""):
            _answer(unit, partner.slug, answer, who, now)


def _answer(unit: "Unit", partner: str, answer: str, who: str, now: datetime) -> None:
    """Have those sign off whom the answer names, and nobody else."""
    wanted = list(named_in(answer))
    for person in unit.partner_people.of(partner):
        named = next((each for each in wanted if same_name(each[0], person.name)), None)
        if named is not None:
            wanted.remove(named)
            _sign_off(unit, person, named[1])
        elif person.signs_off:
            _sign_off_no_more(unit, person, now)
    for name, note in wanted:
        roles = (PartnerRole.SIGN_OFF,)
        unit.partner_people.add(PartnerPerson(0, partner, name, roles, now, who, note=note))


def _sign_off(unit: "Unit", person: PartnerPerson, note: str) -> None:
    roles = (*person.roles, PartnerRole.SIGN_OFF)
    unit.partner_people.change(
        replace(
            person,
            roles=tuple(dict.fromkeys(roles)),
            note=note or person.note,
            ended_at=None,
        )
    )


def _sign_off_no_more(unit: "Unit", person: PartnerPerson, now: datetime) -> None:
    """Take the role away.

    A person who can be reached has left then; one of whom nothing else is known is deleted.
    """
    others = tuple(each for each in person.roles if each is not PartnerRole.SIGN_OFF)
    if others:
        unit.partner_people.change(replace(person, roles=others))
    elif person.mail or person.phone:
        unit.partner_people.change(replace(person, ended_at=now))
    else:
        unit.partner_people.remove(person.number)
