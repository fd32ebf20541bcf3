"""People of the console: their roles, and the rules for names and passwords.

A name is the one in approvals and in the audit log, so no two people have the same (`name_key`).
"""

from datetime import datetime
from enum import StrEnum

from crosspromo.domain import approval, pauses
from crosspromo.domain.approval import name_key, stands_for_partner
from crosspromo.domain.invisible import has_invisible, has_something_visible
from crosspromo.domain.values import Value

LONGEST_NAME = 100
"""Most characters of a person's name."""

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
"""Characters of a password. The upper bound keeps hashing cheap."""

_OURS = frozenset(map(name_key, (approval.OURSELVES, pauses.OURSELVES)))


class Role(StrEnum):
    """Role of a person in the console; each role has the rights of all roles before it."""

    READER = "reader"
    AUTHOR = "author"
    APPROVER = "approver"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role has all rights of the role `other`."""
        return _RANKS[self] >= _RANKS[other]


_RANKS = {role: rank for rank, role in enumerate(Role)}


class LinkPurpose(StrEnum):
    """Purpose of a one-time link."""

    INVITATION = "invitation"
    RESET = "reset"


class NameFault(StrEnum):
    """Why a text cannot be a person's name."""

    BLANK = "blank"
    LONG = "long"
    INVISIBLE = "invisible"
    RESERVED = "reserved"


class Person(Value, frozen=True):
    """Person who may use the console. Times are aware, in UTC.

    `has_password` False: invited, and never signed in. `has_second_step`: a code of an app is asked
    besides the password. `sessions` is the number of sessions that have not ended.
    """

    id: int
    name: str
    role: Role
    added_at: datetime
    mail: str | None = None
    has_password: bool = False
    has_second_step: bool = False
    sessions: int = 0


class OneTimeLink(Value, frozen=True):
    """One-time link of a person: `token` is the secret in its address, and is never stored."""

    person: Person
    purpose: LinkPurpose
    token: str
    ends_at: datetime


def clean_name(name: str) -> str:
    """Name with single spaces."""
    return " ".join(name.split())


def name_fault(name: str) -> NameFault | None:
    """Why the text cannot be a person's name; None: it can."""
    if not has_something_visible(name):
        return NameFault.BLANK
    if len(name) > LONGEST_NAME:
        return NameFault.LONG
    if has_invisible(name):
        return NameFault.INVISIBLE
    if stands_for_partner(name) or name_key(name) in _OURS:
        return NameFault.RESERVED
    return None
