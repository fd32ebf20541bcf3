"""Draft of a mail that makes two partners known to each other, for a person to send.

Nothing of our own notes is in it: neither tier nor support, nor why we know them.
"""

from crosspromo.domain.approval import listed
from crosspromo.domain.notices import Digest
from crosspromo.domain.partners import Partner
from crosspromo.services.introductions import Draft


def of_draft(draft: Draft, organisation: str) -> Digest:
    """Subject and text of the mail."""
    one, other = draft.needing, draft.offering
    names = [each.name for each in draft.people]
    greeting = f"Hello {listed(names)}," if names else "Hello,"
    found = draft.introduction
    lines = [
        greeting,
        f"you both agreed that {organisation} makes you known to each other.",
        f"{_known(one)} looks for: {found.need}."
        if found.need
        else f"{_known(one)} would like to meet {other.name}.",
        f"{_known(other)} offers: {found.offer}."
        if found.offer
        else f"{_known(other)} may be able to help.",
        "Please take it from here; you both have each other's address now.",
    ]
    return Digest(f"{one.name} and {other.name}", "\n\n".join(lines) + "\n")


def _known(partner: Partner) -> str:
    return f"{partner.name} ({partner.website})" if partner.website else partner.name
