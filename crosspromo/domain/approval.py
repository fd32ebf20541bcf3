"""Approval: people and partners who must agree before a delivery goes out.

A signature is bound to the fingerprint of the content: another content makes the signature void.
Silence is not consent.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from crosspromo.domain.values import Value

PARTNER_PREFIX = "partner:"
"""Prefix of a partner's slug in a partner's signature: `partner:river-keepers`."""

BY_LINK = "by link"
"""Words after a partner's name in the audit log: `River Keepers, by link`."""

_BY_LINK = ",bylink"

SIGN_OFF = "sign_off"
"""Heading of the column of a spreadsheet that asks for sign-off."""

OURSELVES = "crosspromo"
"""Author of drafts by crosspromo itself: a person has to approve them, whatever the account asks.
"""


class ApprovalNames(StrEnum):
    """Whose approvals an account takes: any name, or names of people who are signed in."""

    TRUSTED = "trusted"
    SIGNED_IN = "signed-in"


class Approvers(StrEnum):
    """Number of approvals, besides the author's, that an account asks for."""

    NONE = "none"
    ONE = "one"
    TWO = "two"

    @property
    def needed(self) -> int:
        """Number of people."""
        return {Approvers.NONE: 0, Approvers.ONE: 1, Approvers.TWO: 2}[self]


class Signature(Value, frozen=True):
    """Signer's agreement to exactly this content. `at` is aware, in UTC.

    `signed_in`: the signer was signed in; else the name was taken on trust.
    """

    who: str
    fingerprint: str
    at: datetime
    signed_in: bool = False


class Approval(Value, frozen=True):
    """Approvals asked for a delivery, and approvals given; void signatures are left out.

    `people` and `partners` have signed; `partners_asked` are the slugs of partners who want to sign
    off.
    """

    needed: int
    author: str
    people: tuple[str, ...] = ()
    partners_asked: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the delivery needs any approval."""
        return bool(self.needed or self.partners_asked)

    @property
    def complete(self) -> bool:
        """Whether all needed approvals are given."""
        return len(self.people) >= self.needed and not self.partners_missing

    @property
    def approved(self) -> bool | None:
        """Value for JSON: `complete`, or None if no approval is needed."""
        return self.complete if self.asked else None

    @property
    def partners_missing(self) -> tuple[str, ...]:
        """Slugs of partners whose requested sign-off is missing."""
        return tuple(slug for slug in self.partners_asked if slug not in self.partners)

    @property
    def people_missing(self) -> int:
        """Number of missing people's approvals."""
        return max(0, self.needed - len(self.people))


UNASKED = Approval(needed=0, author="")
"""Approval that needs nobody."""


def approval_of(
    approvers: Approvers,
    author: str,
    partners: Iterable[str],
    signatures: Iterable[Signature],
    fingerprint: str,
    *,
    names: ApprovalNames = ApprovalNames.TRUSTED,
) -> Approval:
    """Approval from the account's rule, the partners who asked to sign off, and the signatures.

    Signatures under another fingerprint are void, and names on trust where `names` asks for more.
    Capitals in names do not matter; an author's own signature counts for nothing.
    """
    people: dict[str, str] = {}
    signed_partners: list[str] = []
    asked = tuple(sorted(partners))
    for signature in signatures:
        if signature.fingerprint != fingerprint or same_name(signature.who, author):
            continue
        if names is ApprovalNames.SIGNED_IN and not signature.signed_in:
            continue
        slug = partner_slug(signature.who)
        if slug is None:
            people.setdefault(name_key(signature.who), signature.who)
        elif slug in asked and slug not in signed_partners:
            signed_partners.append(slug)
    return Approval(
        needed=asked_for(approvers, author).needed,
        author=author,
        people=tuple(people.values()),
        partners_asked=asked,
        partners=tuple(signed_partners),
    )


def asked_for(approvers: Approvers, author: str) -> Approvers:
    """Account's approval rule for an author's post; at least ONE for crosspromo's own drafts.

    Silence is not consent, least of all to a text that no person has written.
    """
    if approvers is Approvers.NONE and same_name(author, OURSELVES):
        return Approvers.ONE
    return approvers


def partner_slug(name: str) -> str | None:
    """Slug from `partner:SLUG`; None for a person's name."""
    key = name_key(name)
    return key.removeprefix(PARTNER_PREFIX).strip() if key.startswith(PARTNER_PREFIX) else None


def stands_for_partner(name: str) -> bool:
    """Whether a name is a partner's, in a signature or, with `BY_LINK`, in the audit log."""
    key = name_key(name)
    return key.startswith(PARTNER_PREFIX) or "".join(key.split()).endswith(_BY_LINK)


def name_key(name: str) -> str:
    """Normalised name, equal for two spellings: capitals and spaces do not matter."""
    return " ".join(name.split()).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two names mean the same person: capitals and spaces do not matter."""
    return name_key(one) == name_key(other)


def listed(items: Sequence[str], last: str = "and") -> str:
    """Items joined in words: `a, b and c`; needs at least one item."""
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final
