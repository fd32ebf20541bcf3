"""Reasons why an act on people, or a person's sign-in, is refused. Nothing was written then.

People are named by their names. Moments are aware, in UTC.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.people import NameFault


class NoSuchPerson(NamedTuple):
    """Unknown person; `known` are the names that there are."""

    name: str
    known: tuple[str, ...] = ()


class PersonExists(NamedTuple):
    """Person who is there already, or was."""

    name: str


class MailTaken(NamedTuple):
    """Mail address of another person."""

    mail: str


class BadPersonName(NamedTuple):
    """Text that cannot be a person's name."""

    name: str
    fault: NameFault


class LastAdmin(NamedTuple):
    """Only admin, whose role would be lost."""

    name: str


class WrongSignIn(NamedTuple):
    """Unknown name, or wrong password: which of them is not told."""


class WrongCode(NamedTuple):
    """Wrong code of the second step, or a code that was used before."""


class TooManyTries(NamedTuple):
    """Too many failed sign-ins; the next may be tried at `again_at`."""

    again_at: datetime


class LinkIsOver(NamedTuple):
    """One-time link that was used, has ended, or never was."""


class PasswordTooShort(NamedTuple):
    """Password of fewer characters than `least`."""

    least: int


class PasswordTooLong(NamedTuple):
    """Password of more characters than `most`."""

    most: int


class PasswordIsName(NamedTuple):
    """Password that is the person's own name or mail address."""


class SignInToApprove(NamedTuple):
    """Approval by a name on trust, on an account that asks for people who are signed in."""

    delivery: int
    account: str


class SignOffLinkOver(NamedTuple):
    """Sign-off link that has ended or was called back; `known` False: it never was."""

    known: bool


class TooLateToAsk(NamedTuple):
    """Post whose sign-off links would have ended at `ended_at`, an hour before it is due."""

    post: int
    ended_at: datetime


class NoOpenLink(NamedTuple):
    """Partner without an open sign-off link for the post."""

    post: int
    partner: str


class SayWhatToChange(NamedTuple):
    """Partner's wish for a change, without words."""


class HasLeft(NamedTuple):
    """Person at a partner who left at `at`."""

    number: int
    name: str
    at: datetime


class IsKeptAway(NamedTuple):
    """Person who asked to be left alone, and would come back."""

    name: str


class NothingHeld(NamedTuple):
    """Name of which nothing is held."""

    name: str


class StillToBeSaid(NamedTuple):
    """Person whom something names that waits to be published.

    `where` are pairs: "delivery" and its id, or "event" and its slug.
    """

    name: str
    where: tuple[tuple[str, str], ...]


PeopleRefusal = (
    NoSuchPerson
    | PersonExists
    | MailTaken
    | BadPersonName
    | LastAdmin
    | WrongSignIn
    | WrongCode
    | TooManyTries
    | LinkIsOver
    | PasswordTooShort
    | PasswordTooLong
    | PasswordIsName
    | SignInToApprove
    | SignOffLinkOver
    | TooLateToAsk
    | NoOpenLink
    | SayWhatToChange
    | HasLeft
    | IsKeptAway
    | NothingHeld
    | StillToBeSaid
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NoSuchPerson: "no-such-person",
        PersonExists: "person-exists",
        MailTaken: "mail-taken",
        BadPersonName: "bad-person-name",
        LastAdmin: "last-admin",
        WrongSignIn: "wrong-sign-in",
        WrongCode: "wrong-code",
        TooManyTries: "too-many-tries",
        LinkIsOver: "link-is-over",
        PasswordTooShort: "password-too-short",
        PasswordTooLong: "password-too-long",
        PasswordIsName: "password-is-name",
        SignInToApprove: "sign-in-to-approve",
        SignOffLinkOver: "sign-off-link-over",
        TooLateToAsk: "too-late-to-ask",
        NoOpenLink: "no-open-link",
        SayWhatToChange: "say-what-to-change",
        HasLeft: "has-left",
        IsKeptAway: "is-kept-away",
        NothingHeld: "nothing-held",
        StillToBeSaid: "still-to-be-said",
    }
)
