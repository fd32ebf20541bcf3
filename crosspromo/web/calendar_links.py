"""Addresses of the calendar, and the links between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from crosspromo.domain.calendar import Scale, Span
from crosspromo.web.visit import Visit
from crosspromo.web.words import calendar as words

HERE = "/calendar"
FORECAST, LIST = "forecast", "list"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address chooses: the span, and how it is shown."""

    span: Span
    view: str = ""
    as_: str = ""
    account: str = ""

    def path(
        self, span: Span | None = None, *, view: str | None = None, as_: str | None = None
    ) -> str:
        """Address with another span, view, or forecast (None: as it is)."""
        chosen = {
            "view": self.view if view is None else view,
            "as": self.as_ if as_ is None else as_,
            "account": self.account,
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{HERE}/{(span or self.span).name}{'?' if query else ''}{query}"

    @property
    def is_list(self) -> bool:
        """Whether days stand below each other; a single day always does."""
        return self.view == LIST or self.span.scale is Scale.DAY


class Link(NamedTuple):
    """Link of the page's head; `key` is the key that follows it."""

    word: str
    path: str
    is_current: bool = False
    key: str = ""
    sign: str = ""


def links_of(choice: Choice, visit: Visit) -> dict[str, Sequence[Link]]:
    """Links by the group in which they stand."""
    span, scale = choice.span, choice.span.scale
    now = now_of(visit, scale)
    anchor = span.first
    if scale is not Scale.DAY and span.includes(today := now_of(visit, Scale.DAY).first):
        anchor = today  # from a month that has today, the week is this one
    week, month = Span.around(Scale.WEEK, anchor), Span.around(Scale.MONTH, anchor)
    is_list = choice.view == LIST
    listed = span if scale is not Scale.DAY else week
    return {
        "turn": [
            Link(words.EARLIER, choice.path(span.previous), key="[", sign="←"),
            Link(words.NOW[scale], choice.path(now), span == now),
            Link(words.LATER, choice.path(span.next), key="]", sign="→"),
        ],
        "how": [
            Link(
                words.AS_PLANNED,
                choice.path(as_=""),
                not choice.as_,
                "f" if choice.as_ else "",
            ),
            Link(
                words.AS_FORECAST,
                choice.path(as_=FORECAST),
                bool(choice.as_),
                "" if choice.as_ else "f",
            ),
        ],
        "view": [
            Link(words.WEEK, choice.path(week, view=""), scale is Scale.WEEK and not is_list, "w"),
            Link(
                words.MONTH, choice.path(month, view=""), scale is Scale.MONTH and not is_list, "M"
            ),
            Link(words.LIST, choice.path(listed, view=LIST), is_list, "l"),
        ],
    }


def now_of(visit: Visit, scale: Scale) -> Span:
    """Span of this scale that has today."""
    return Span.around(scale, visit.now.astimezone(visit.zone).date())
