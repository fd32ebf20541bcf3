"""Mails that ask partners and speakers to help with an event: plain words, and our dates."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.event_asks import Ask
from crosspromo.domain.notices import Digest
from crosspromo.domain.posts import Hosting
from crosspromo.domain.timing import DAYS, wall_clock

if TYPE_CHECKING:
    from crosspromo.services.event_asks import AskMail

MOST_DATES = 12
"""Dates of our posts that a mail names."""


def of_ask(mail: "AskMail", organisation: str) -> Digest:
    """Mail that asks for help with an event; times in the event's zone."""
    title = " ".join(mail.event.title.split())
    subject = f"{organisation}: please share {title}"
    return Digest(subject, "\n\n".join(_parts(mail, title, organisation)) + "\n")


def _parts(mail: "AskMail", title: str, organisation: str) -> Iterator[str]:
    event, zone = mail.event, ZoneInfo(mail.event.zone)
    yield f"Hello {mail.person or mail.partner},"
    yield f"{_why(mail)} Please share it with the people who follow you."
    begins = event.starts_at.astimezone(zone)
    when = f"{DAYS[begins.weekday()].capitalize()} {begins:%Y-%m-%d}"
    if not event.all_day:
        when = f"{when} {begins:%H:%M} ({event.zone})"
    lines = [title, when, " ".join(event.location.split()), event.url.strip()]
    yield "\n".join(line for line in lines if line)
    if mail.times:
        dates = [wall_clock(each, zone) for each in mail.times[:MOST_DATES]]
        yield "Our posts about it, which you can share:\n" + "\n".join(dates)
    yield f"Thank you.\n{organisation}"


def _why(mail: "AskMail") -> str:
    match mail.ask:
        case Ask.PARTNERS:
            if mail.event.hosting is Hosting.PARTNER:
                return "We will post about your event."
            return "We will post about the event that you hold with us."
        case Ask.SPEAKERS:
            return "You speak at this event, and it is soon."
        case Ask.NOT_SHARED:
            return "This event is in a few days, and we have not seen a post of yours about it yet."
