"""JSON documents of people: those at partners, and what is held of a person.

Keys are a contract, as in documents.py.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crosspromo.domain.introductions import Introduction, Proposal
    from crosspromo.domain.partner_people import PartnerPerson
    from crosspromo.services.erase_people import Erased
    from crosspromo.store.personal_traces import Trace


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


def of_traces(name: str, found: "Sequence[Trace]") -> dict[str, Any]:
    """What is held of a person as JSON: rows by place, with the columns that name them."""
    return {
        "name": name,
        "held": [
            {"place": each.table, "columns": list(each.columns), "row": dict(each.row)}
            for each in found
        ],
    }


def of_erased(done: "Erased", *, kept_away: bool, dry_run: bool) -> dict[str, Any]:
    """An erasure as JSON; `rows` counts those that were changed or deleted, by place.

    `drafts` are ids of posts that waited and show the person.
    """
    return {
        "pseudonym": done.pseudonym,
        "rows": dict(done.rows),
        "drafts": list(done.drafts),
        "kept_away": kept_away,
        "dry_run": dry_run,
    }


def of_introduction(found: "Introduction") -> dict[str, Any]:
    """An introduction as JSON; null times: not yet, or never."""
    return {
        "introduction": found.number,
        "needing": found.needing,
        "offering": found.offering,
        "need": found.need,
        "offer": found.offer,
        "proposed_at": found.proposed_at,
        "proposed_by": found.proposed_by,
        "needing_agreed_at": found.needing_agreed_at,
        "offering_agreed_at": found.offering_agreed_at,
        "declined_at": found.declined_at,
        "declined_for": found.declined_for,
    }


def of_introductions(
    proposed: "Sequence[Proposal]", known: "Sequence[Introduction]"
) -> dict[str, Any]:
    """Proposals of introductions, and introductions, as JSON."""
    return {
        "proposals": [
            {
                "needing": each.needing,
                "offering": each.offering,
                "need": each.need,
                "offer": each.offer,
                "words": list(each.words),
            }
            for each in proposed
        ],
        "introductions": [of_introduction(each) for each in known],
    }
