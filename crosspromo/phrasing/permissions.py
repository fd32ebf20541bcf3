"""Clauses about permissions of partners, and about consents of people on images."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from crosspromo.domain.permissions import Lack, Scope, Why
from crosspromo.domain.photos import PhotoLack, WhyNot
from crosspromo.domain.reasons import permissions
from crosspromo.domain.reasons.permissions import PermissionRefusal
from crosspromo.domain.timing import wall_clock

TO_DO: Mapping[Scope, str] = MappingProxyType(
    {
        Scope.TAG: "to be tagged",
        Scope.QUOTE: "to be quoted",
        Scope.LOGO: "to have their logo shown",
        Scope.PHOTO: "to have a photo of theirs shown",
    }
)
"""What a partner agrees to, by scope."""


def of_permission(reason: PermissionRefusal, zone: ZoneInfo) -> str:
    """Sentence of a refusal about permissions, without a full stop, times in `zone`."""
    match reason:
        case permissions.EvidenceMissing():
            return "say where the answer can be seen: a mail, a form, a conversation with a date"
        case permissions.AgreedLater(day):
            return f"{day} is still to come; name the day on which they agreed"
        case permissions.EndsBeforeAgreed(agreed_on, until):
            return f"it would end on {until}, before they agreed on {agreed_on}"
        case permissions.UnknownNetworks(networks, known):
            return f"nobody knows {', '.join(networks)}; networks are {', '.join(known)}"
        case permissions.WithdrawnAlready(number, at):
            return f"{number} was withdrawn already, at {wall_clock(at, zone)}"


def of_lacks(lacks: Iterable[Lack]) -> str:
    """Clause about permissions that a post needs and that are not there."""
    return "; ".join(map(_of_lack, lacks))


def of_photo_lacks(lacks: Iterable[PhotoLack]) -> str:
    """Clause about consents that the images of a post need and that are not there."""
    return "; ".join(map(_of_photo_lack, lacks))


def _of_lack(lack: Lack) -> str:
    who, what = lack.name, TO_DO[lack.scope]
    match lack.why:
        case Why.MISSING:
            return f"{who} has not agreed {what}"
        case Why.OTHER_NETWORK:
            return f"{who} agreed {what}, but not on {lack.network}"
        case Why.EXPIRED:
            return f"{who} agreed {what} until {lack.day}, and that day is over"
        case Why.WITHDRAWN:
            return f"{who} no longer agrees {what}, since {lack.day}"


def _of_photo_lack(lack: PhotoLack) -> str:
    who = f"{lack.person}, who is on {lack.image},"
    match lack.why:
        case WhyNot.REFUSED:
            return f"{who} did not agree that it is shown"
        case WhyNot.WITHDRAWN:
            return f"{who} no longer agrees that it is shown, since {lack.day}"
        case WhyNot.EXPIRED:
            return f"{who} agreed until {lack.day}, and that day is over"
        case WhyNot.OTHER_NETWORK:
            return f"{who} agreed, but not for {lack.network}"
        case WhyNot.NO_GUARDIAN:
            return f"{who} is a minor, and no guardian has agreed"
