"""What templates may say: handles, local dates and times, hashtags and links."""

from collections.abc import Iterable
from datetime import datetime
from unicodedata import category
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

HANDLE_PREFIXES = {"reddit": "u/"}
"""How a mention is written where it is not with an @."""


@pass_context
def handle(context: Context, partner: Partner) -> str:
    """The partner's mention on this network where they want to be tagged, else their name."""
    network = str(context["network"])
    bare = partner.handles.get(network)
    if bare is None or not partner.tag_ok:
        return partner.name
    if bare.startswith("r/"):  # a subreddit has no user to mention: it is written as it is
        return bare
    return HANDLE_PREFIXES.get(network, "@") + bare


def local_date(moment: Event | datetime, zone: str | None = None) -> str:
    """`Wednesday, April 22`, in the event's own zone or the one named."""
    local = _local(moment, zone)
    return f"{WEEKDAYS[local.weekday()]}, {MONTHS[local.month - 1]} {local.day}"


def local_time(moment: Event | datetime, zone: str | None = None, *, hours: int = 12) -> str:
    """`6:30 pm`, or `18:30` with `hours=24`; empty for an all-day event."""
    if isinstance(moment, Event) and moment.all_day:
        return ""
    local = _local(moment, zone)
    if hours == 24:
        return f"{local:%H:%M}"
    half = "am" if local.hour < 12 else "pm"
    return f"{(local.hour - 1) % 12 + 1}:{local:%M} {half}"


def _local(moment: Event | datetime, zone: str | None) -> datetime:
    if isinstance(moment, Event):
        return moment.starts_at.astimezone(ZoneInfo(zone or moment.zone))
    if zone is None:
        raise TemplateError("a moment that is not an event needs a zone: local_date(zone)")
    return moment.astimezone(ZoneInfo(zone))


def hashtags(topics: Iterable[str]) -> str:
    """`#FoodJustice #water`: each topic as one tag, with the capitals that people gave it."""
    tags = ("".join(filter(_belongs_in_a_tag, topic)) for topic in topics)
    return " ".join(f"#{tag}" for tag in tags if any(map(str.isalpha, tag)))


def _belongs_in_a_tag(character: str) -> bool:
    """Letters, digits, the underscore, and the marks that many scripts write their vowels with."""
    return character == "_" or category(character)[0] in "LMN"


def listed(words: Iterable[str]) -> str:
    """`one`, `one and two`, `one, two and three`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def link(address: str) -> str:
    """The address if it is one of the web, else nothing."""
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""


FILTERS = {
    "handle": handle,
    "local_date": local_date,
    "local_time": local_time,
    "hashtags": hashtags,
    "listed": listed,
    "link": link,
}
