"""Passwords: rules for new ones, and their argon2 hashes.

Hashing takes 64 MiB (RFC 9106, second recommendation), so few are hashed side by side.
"""

import threading
from functools import cache
from typing import TYPE_CHECKING

from crosspromo.domain.approval import name_key
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import LONGEST_PASSWORD, SHORTEST_PASSWORD, Person
from crosspromo.domain.reasons.people import PasswordIsName, PasswordTooLong, PasswordTooShort

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SIDE_BY_SIDE = 2
"""Most passwords that are hashed at the same time."""

_turns = threading.BoundedSemaphore(SIDE_BY_SIDE)


def check_new(password: str, person: Person) -> None:
    """PeopleError for a password that is too short, too long, or the person's name."""
    if len(password) < SHORTEST_PASSWORD:
        raise PeopleError(PasswordTooShort(SHORTEST_PASSWORD))
    if len(password) > LONGEST_PASSWORD:
        raise PeopleError(PasswordTooLong(LONGEST_PASSWORD))
    if name_key(password) in {name_key(person.name), person.mail}:
        raise PeopleError(PasswordIsName())


def hashed(password: str) -> str:
    """Hash of a password, with its salt and its parameters."""
    with _turns:
        return _hasher().hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Whether the password has this hash.

    Without a hash (None) the same work is done, and the answer is no: the time that an answer takes
    does not tell which names there are.
    """
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415 (only where people sign in)

    with _turns:
        nobodys = _nobodys()  # made with the first password of a process, whoever's it is
        try:
            _hasher().verify(nobodys if stored is None else stored, password[:LONGEST_PASSWORD])
        except VerifyMismatchError:
            return False
    return stored is not None and len(password) <= LONGEST_PASSWORD


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415 (only where people sign in)

    return PasswordHasher()


@cache
def _nobodys() -> str:
    """Hash that belongs to nobody."""
    return _hasher().hash("nobody has this password")
