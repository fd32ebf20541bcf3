"""Extensions of Jinja's template language: filters, and the tag `{% drop N %}…{% enddrop %}`.

The tag marks a part of a text that may be left out, the highest number first. The tag wraps its
content in marks from Unicode's private-use area; `segments` reads them back. Marks in printed
values are removed first.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo

from jinja2 import Undefined, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from crosspromo.domain.date_words import day_words, time_words
from crosspromo.domain.errors import InputError, TemplateError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import is_shown_twice, zone_letters
from crosspromo.domain.web_address import is_web_address, whole_address
from crosspromo.text.fitting import Segment
from crosspromo.text.markdown import inline

HANDLE_PREFIXES = {"reddit": "u/"}
"""Prefixes of mentions by network, where the prefix is not @."""


@pass_context
def handle(context: Context, partner: Partner) -> str:
    """Mention of the partner on this network if the partner wants to be tagged, else the name."""
    network = str(context["network"])
    bare = partner.handles.get(network)
    if bare is None or not partner.tag_ok:
        return partner.name
    if bare.startswith("r/"):  # a subreddit is no user: no prefix
        return bare
    return HANDLE_PREFIXES.get(network, "@") + bare


def local_date(moment: Event | datetime, zone: str | None = None) -> str:
    """Date as `Wednesday, April 22`, in `zone`, else in the event's own zone.

    Raises TemplateError for a datetime without `zone`.
    """
    local = _local(moment, zone)
    return day_words(local)


def local_time(
    moment: Event | datetime,
    zone: str | None = None,
    *,
    hours: int = 12,
    home: ZoneInfo | None = None,
) -> str:
    """Time as `6:30 pm`, or `18:30` with `hours=24`; empty for an all-day event.

    A time that the clocks show twice that day has the letters of its zone: `1:30 am CDT`; so has
    the time of an event whose clocks show another time than those at `home`, where nobody named a
    `zone`. Zone and errors as for `local_date`.
    """
    if isinstance(moment, Event) and moment.all_day:
        return ""
    local = _local(moment, zone)
    is_abroad = home is not None and zone is None and isinstance(moment, Event)
    differs = is_abroad and local.astimezone(home).utcoffset() != local.utcoffset()
    letters = f" {zone_letters(local)}" if differs or is_shown_twice(local) else ""
    if hours == 24:
        return f"{local:%H:%M}{letters}"
    return f"{time_words(local)}{letters}"


def _local(moment: Event | datetime, zone: str | None) -> datetime:
    if isinstance(moment, Event):
        return moment.starts_at.astimezone(ZoneInfo(zone or moment.zone))
    if zone is None:
        raise TemplateError("a moment that is not an event needs a zone: local_date(zone)")
    return moment.astimezone(ZoneInfo(zone))


def hashtags(topics: Iterable[str]) -> str:
    """Hashtags of the topics (`#FoodJustice #water`), with capitals as written.

    Topics without a letter are left out.
    """
    tags = ("".join(filter(_belongs_in_a_tag, topic)) for topic in topics)
    return " ".join(f"#{tag}" for tag in tags if any(map(str.isalpha, tag)))


def _belongs_in_a_tag(character: str) -> bool:
    """Whether the character is a letter, digit, underscore or mark (a vowel, in many scripts)."""
    return character == "_" or category(character)[0] in "LMN"


def listed(words: Iterable[str]) -> str:
    """Words as a list: `one`, `one and two`, `one, two and three`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def link(address: str) -> str:
    """Whole web address (http or https), any other text as an empty text.

    `https://` is added to an address without it: partners and events of older versions have some.
    """
    try:
        return whole_address(address)
    except InputError:
        return ""


def markdown(text: object) -> object:
    """The value as it is, in a template that escapes what it prints: the value is Markdown."""
    return text


FILTERS: Mapping[str, Callable[..., Any]] = {
    "handle": handle,
    "local_date": local_date,
    "local_time": local_time,
    "hashtags": hashtags,
    "listed": listed,
    "link": link,
    "markdown": markdown,
}


OPEN, NUMBERED, CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{OPEN}[0-9]+{NUMBERED}|[{OPEN}{NUMBERED}{CLOSE}]")
_DROP = re.compile(f"{OPEN}([0-9]+){NUMBERED}([^{OPEN}{CLOSE}]*){CLOSE}")


def without_marks(value: object) -> object:
    """Value as text without drop marks; an Undefined stays, so that printing it fails."""
    return value if isinstance(value, Undefined) else _MARK.sub("", str(value))


def escaped(value: object) -> object:
    """Value as text escaped for Markdown; an Undefined stays, so that printing it fails."""
    if isinstance(value, Undefined):
        return value
    text = str(without_marks(value))
    whole = is_web_address(text) and not re.search(r"\s", text)
    return inline(text, (text,) if whole else ())


def has_marks(rendered: str) -> bool:
    """Whether the rendered text contains a drop mark."""
    return _MARK.search(rendered) is not None


class Drop(Extension):
    """Jinja extension for the tag `drop`."""

    tags = {"drop"}  # noqa: RUF012 (as Jinja declares it)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        number = parser.stream.expect("integer").value
        body = parser.parse_statements(("name:enddrop",), drop_needle=True)
        mark = self.call_method("_mark", [nodes.Const(number)])
        return nodes.CallBlock(mark, [], [], body).set_lineno(line)

    def _mark(self, number: int, caller: Callable[[], str]) -> str:
        return f"{OPEN}{number}{NUMBERED}{caller()}{CLOSE}"


def segments(marked: str) -> tuple[Segment, ...]:
    """Segments of a rendered text; TemplateError where a drop stands inside another drop."""
    parts: list[Segment] = []
    position = 0
    for found in _DROP.finditer(marked):
        parts.append(Segment(marked[position : found.start()]))
        parts.append(Segment(found[2], drop=int(found[1])))
        position = found.end()
    parts.append(Segment(marked[position:]))
    if any(has_marks(part.text) for part in parts):
        raise TemplateError("{% drop %} cannot stand inside another {% drop %}")
    return tuple(part for part in parts if part.text)
