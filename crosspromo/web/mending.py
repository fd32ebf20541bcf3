"""Mends as buttons: the page on which a person does what a sentence asks for."""

from typing import NamedTuple
from urllib.parse import quote

from crosspromo.phrasing import mends
from crosspromo.phrasing.mends import Mend
from crosspromo.web.routes import table
from crosspromo.web.visit import Visit
from crosspromo.web.words import mending as words


class Button(NamedTuple):
    """Link that looks like a button."""

    word: str
    path: str


def button_of(mend: Mend | None, visit: Visit) -> Button | None:
    """Button for the page of a mend's act.

    None where there is no such page, where the person may not do it, or where it is done on the
    machine itself.
    """
    button = _button(mend)
    if button is None or not _may_open(button.path, visit):
        return None
    return button


def _button(mend: Mend | None) -> Button | None:  # noqa: C901 (a table)
    match mend:
        case mends.Resume() | mends.ResumeInDoubt() | mends.ResumeAnAccount():
            return Button(words.RESUME, "/resume")
        case mends.SayWhyPaused(account):
            query = "" if account is None else f"?account={quote(account, safe='')}"
            return Button(words.SAY_WHY, f"/pause{query}")
        case mends.VerifyAccount(account):
            return Button(words.LOOK, f"/accounts/{quote(account, safe='')}")
        case mends.ReviseForPartner(delivery) | mends.CallBackLink(delivery):
            return Button(words.LOOK, f"/deliveries/{delivery}")
        case mends.AskPartner(delivery):
            return Button(words.ASK, f"/deliveries/{delivery}")
        case mends.Approve(delivery):
            return Button(words.READ, f"/deliveries/{delivery}")
        case mends.Move(delivery):
            return Button(words.MOVE, f"/deliveries/{delivery}/move")
        case mends.Retry(delivery):
            return Button(words.LOOK, f"/deliveries/{delivery}")
        case mends.Dismiss(delivery):
            return Button(words.DISMISS, f"/deliveries/{delivery}/dismiss")
        case mends.MarkPosted(delivery):
            return Button(words.BY_HAND, f"/deliveries/{delivery}/by-hand")
        case mends.Resolve(delivery):
            return Button(words.RESOLVE, f"/deliveries/{delivery}/resolve")
        case mends.Revise(delivery) | mends.TakeDown(delivery):
            return Button(words.LOOK, f"/deliveries/{delivery}")
        case mends.RecordPermission(partner):
            return Button(words.LOOK, f"/partners/{quote(partner, safe='')}")
        case mends.CancelAndQueueAnew(delivery) | mends.RepairText(delivery):
            return Button(words.LOOK, f"/deliveries/{delivery}")
        case mends.QueueEvent(event) | mends.QueueLadder(event) | mends.SayAsked(event):
            return Button(words.LOOK, f"/events/{quote(event, safe='')}")
        case mends.ShareOthers(account):
            query = "" if account is None else f"&to={quote(account, safe='')}"
            return Button(words.SHARE, f"/compose?kind=spotlight{query}")
        case mends.ListDeliveries():
            return Button(words.QUEUE, "/queue")
        case mends.ListDrafts():
            return Button(words.QUEUE, "/queue?state=draft")
        case mends.ListPartners():
            return Button(words.PARTNERS, "/partners")
        case mends.ReviewEvents():
            return Button(words.LOOK, "/events/review")
        case mends.ListEvents():
            return Button(words.EVENTS, "/events")
        case mends.ListPeople():
            return Button(words.PEOPLE, "/people")
        case _:
            return None


def _may_open(path: str, visit: Visit) -> bool:
    """Whether a page exists at this address and the person's role allows it."""
    segments = path.partition("?")[0].split("/")
    return any(
        route.method == "GET"
        and _fits(route.path.split("/"), segments)
        and (route.role is None or visit.may(route.role))
        for route in table()
    )


def _fits(pattern: list[str], segments: list[str]) -> bool:
    return len(pattern) == len(segments) and all(
        wanted == given or wanted.startswith("{")
        for wanted, given in zip(pattern, segments, strict=True)
    )
