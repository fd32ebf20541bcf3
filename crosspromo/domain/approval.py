"""Who has to agree before a delivery goes out, and who has (SEMANTICS, *Approval*).

A signature is bound to the fingerprint of what will be sent: when that changes, it is void. Silence
is not consent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosspromo.domain.partners import Partner

PARTNER_PREFIX = "partner:"
"""In front of a partner's slug where a partner signs: `partner:river-keepers`."""


OURSELVES = "crosspromo"
"""The author of what no person wrote. Somebody has to approve that, whatever the account asks."""


class Approvers(StrEnum):
    """How many people besides the author an account asks."""

    NONE = "none"
    ONE = "one"
    TWO = "two"

    @property
    def needed(self) -> int:
        """Their number."""
        return {Approvers.NONE: 0, Approvers.ONE: 1, Approvers.TWO: 2}[self]


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's word that exactly this may go out. `at` is aware, in UTC."""

    who: str
    fingerprint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """What is asked for a delivery and what was given; void signatures are left out.

    `people` and `partners` are those who signed; `partners_asked` the slugs of those who want to.
    """

    needed: int
    author: str
    people: tuple[str, ...] = ()
    partners_asked: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether anybody has to agree at all."""
        return bool(self.needed or self.partners_asked)

    @property
    def complete(self) -> bool:
        """Whether everybody has who must."""
        return len(self.people) >= self.needed and not self.partners_missing

    @property
    def approved(self) -> bool | None:
        """As in JSON: None where nobody is asked."""
        return self.complete if self.asked else None

    @property
    def partners_missing(self) -> tuple[str, ...]:
        """The slugs of partners who asked to sign off and have not."""
        return tuple(slug for slug in self.partners_asked if slug not in self.partners)

    @property
    def people_missing(self) -> int:
        """How many people have to agree still."""
        return max(0, self.needed - len(self.people))


UNASKED = Approval(needed=0, author="")
"""Nobody has to approve."""


def approval_of(
    approvers: Approvers,
    author: str,
    partners: Iterable[str],
    signatures: Iterable[Signature],
    fingerprint: str,
) -> Approval:
    """What the account (`approvers`) and the `partners` who asked to sign off want, and have.

    Names are the same whatever their capitals; an author's own signature counts for nothing.
    """
    people: dict[str, str] = {}
    signed_partners: list[str] = []
    asked = tuple(sorted(partners))
    for signature in signatures:
        if signature.fingerprint != fingerprint or same_name(signature.who, author):
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
    """What the account asks for a post of this author: for what we drafted ourselves, one at least.

    Silence is not consent, least of all to what no person has written.
    """
    if approvers is Approvers.NONE and same_name(author, OURSELVES):
        return Approvers.ONE
    return approvers


def partner_slug(name: str) -> str | None:
    """The slug in `partner:SLUG`; None where the name is a person's."""
    key = name_key(name)
    return key.removeprefix(PARTNER_PREFIX).strip() if key.startswith(PARTNER_PREFIX) else None


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(name.split()).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether the two name the same person: capitals and spaces aside."""
    return name_key(one) == name_key(other)


def wants_to_sign_off(partner: Partner) -> bool:
    """Whether the partner asked to see posts about them first."""
    return asks_to_sign_off(partner.notes)


def asks_to_sign_off(notes: Mapping[str, str]) -> bool:
    """Whether a partner's notes say so, under `sign_off`.

    Whatever stands there and is no plain *no* is read as a yes.
    """
    answer = next((value for key, value in notes.items() if name_key(key) == "sign_off"), "")
    return name_key(answer) not in {"", "no", "n", "false", "0"}


def listed(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`; of at least one item."""
    *most, final = items
    return f"{', '.join(most)} {last} {final}" if most else final
