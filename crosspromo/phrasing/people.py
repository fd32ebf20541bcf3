"""Sentences of refusals about people and their sign-in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.notices import Digest
from crosspromo.domain.people import LONGEST_NAME, LinkPurpose, NameFault, OneTimeLink
from crosspromo.domain.reasons import people
from crosspromo.domain.reasons.people import PeopleRefusal
from crosspromo.domain.timing import wall_clock


def link_address(link: OneTimeLink, console: str) -> str:
    """Address of a one-time link in the console at the address `console`."""
    return f"{console}/invited/{link.token}"


def sign_off_address(token: str, console: str) -> str:
    """Address of a sign-off link in the console at the address `console`."""
    return f"{console}/a/{token}"


def of_link(link: OneTimeLink, console: str, organisation: str, zone: ZoneInfo) -> Digest:
    """Message with a one-time link to its person, times in `zone`."""
    what = "You may sign in" if link.purpose is LinkPurpose.INVITATION else "Choose a new password"
    return Digest(
        f"{organisation}: {what[0].lower()}{what[1:]} to crosspromo",
        f"{link.person.name}, {what[0].lower()}{what[1:]} here:\n\n"
        f"{link_address(link, console)}\n\n"
        f"The link works once, until {wall_clock(link.ends_at, zone)}. It is yours alone: do not "
        "send it on.\n",
    )


_FEW = 5
"""Posts and events that a sentence names."""

_NAME_FAULTS: Mapping[NameFault, str] = MappingProxyType(
    {
        NameFault.BLANK: "a person needs a name that can be seen",
        NameFault.LONG: f"a name has at most {LONGEST_NAME} characters",
        NameFault.INVISIBLE: "a name has no characters that nobody sees",
        NameFault.RESERVED: "this name stands for a partner or for the program; choose another",
    }
)


def of_people(reason: PeopleRefusal, zone: ZoneInfo) -> str:  # noqa: C901 (a table)
    """Refusal sentence, without a full stop, times in `zone`."""
    match reason:
        case people.NoSuchPerson(name, known):
            names = ", ".join(known) or "nobody yet"
            return f'there is no person "{name}"; there are: {names}'
        case people.PersonExists(name):
            return f'the name "{name}" is taken, and a name stands for one person for good'
        case people.MailTaken(mail):
            return f"{mail} is the address of another person"
        case people.BadPersonName(_, fault):
            return _NAME_FAULTS[fault]
        case people.LastAdmin(name):
            return f"{name} is the only admin; make somebody else an admin first"
        case people.WrongSignIn():
            return "name and password do not match; try again, or ask an admin for a new link"
        case people.WrongCode():
            return "the code is wrong, or was used before; wait for the next one"
        case people.TooManyTries(again_at):
            return f"there were too many tries; try again after {wall_clock(again_at, zone)}"
        case people.LinkIsOver():
            return "this link was used or has ended; ask an admin for a new one"
        case people.PasswordTooShort(least):
            return f"a password has at least {least} characters; a few words are good"
        case people.PasswordTooLong(most):
            return f"a password has at most {most} characters"
        case people.PasswordIsName():
            return "a password is not the name or the address of its person"
        case people.SignInToApprove(delivery, account):
            return (
                f"{account} takes approvals of people who are signed in, so delivery {delivery} "
                "is to be approved in the console"
            )
        case people.SignOffLinkOver():
            return "this link has ended; ask whoever sent it to you for a new one"
        case people.TooLateToAsk(post, ended_at):
            return (
                f"a link for post {post} would have ended at {wall_clock(ended_at, zone)}, an hour "
                "before it is due; move the post first"
            )
        case people.NoOpenLink(post, partner):
            return f"{partner} has no open link for post {post}"
        case people.SayWhatToChange():
            return "say in a few words what should be changed"
        case people.HasLeft(_, name, at):
            return f"{name} is not at the partner any more, since {wall_clock(at, zone)}"
        case people.IsKeptAway(name):
            return f"{name} asked to be left alone, so nothing is stored"
        case people.StillToBeSaid(name, where):
            first = " and ".join(" ".join(each) for each in where[:_FEW])
            more = f", and {len(where) - _FEW} more" if len(where) > _FEW else ""
            verb, them = ("names", "it") if len(where) == 1 else ("name", "them")
            return f"{first}{more} still {verb} {name} in public; edit or cancel {them} first"
        case people.NothingHeld(name):
            return f'nothing is held of "{name}"; write the name as it stands in the records'
        case _:
            assert_never(reason)
