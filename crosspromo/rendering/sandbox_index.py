"""Index of the sandbox pages as HTML, and the badges of their articles as CSS."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Credit
from crosspromo.domain.timing import wall_clock

BADGE = {
    Credit.OTHERS: "about others",
    Credit.SELF: "about ourselves",
    Credit.BOTH: "about others and ourselves",
    Credit.NONE: "not counted",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Account of the index: sent deliveries, newest first, and those to come, in their order."""

    account: str
    network: str
    sent: Sequence[Delivery]
    coming: Sequence[Delivery]


def index(head: str, organisation: str, shelves: Iterable[Shelf], zone: ZoneInfo) -> str:
    """Page with every sandbox account, what it posted last and what comes next."""
    parts = [head, f"<h1>{escape(organisation)}: sandbox accounts</h1>\n"]
    for shelf in shelves:
        parts.append(
            f'<h2><a href="{quote(shelf.account)}.html">{escape(shelf.account)}</a>, as on '
            f"{escape(shelf.network)}</h2>\n<h3>What comes next</h3>\n"
        )
        parts.append(_list(shelf, shelf.coming, zone) or "<p>Nothing is queued.</p>\n")
        parts.append("<h3>Sent</h3>\n")
        parts.append(_list(shelf, shelf.sent, zone) or "<p>Nothing was sent yet.</p>\n")
    return "".join(parts)


def _list(shelf: Shelf, deliveries: Sequence[Delivery], zone: ZoneInfo) -> str:
    items = "".join(f"<li>{_item(shelf, each, zone)}</li>\n" for each in deliveries)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _item(shelf: Shelf, delivery: Delivery, zone: ZoneInfo) -> str:
    content = delivery.content
    line = " ".join((content.title or content.text or content.reposts or "").split())
    words = escape(line if len(line) <= MOST else f"{line[: MOST - 1]}…")
    if delivery.remote_id is not None:
        place = f"{quote(shelf.account)}.html#{quote(delivery.remote_id)}"
        words = f'<a href="{place}">{words}</a>'
    held = ", held" if delivery.hold is not None else ""
    state = "" if delivery.published_at else f" <small>{delivery.state.value}{held}</small>"
    time = wall_clock(delivery.published_at or delivery.due_at, zone)
    if delivery.waits_to_be_allowed:
        time = "when allowed"
    credit = delivery.credit
    badge = f'<span class="badge {credit.value}">{BADGE[credit]}</span>'
    return f"<time>{time}</time> {badge} {words}{state}"


MOST = 100
"""Characters of a text in the index."""


def badges(deliveries: Iterable[Delivery]) -> str:
    """CSS that puts its badge on each article of these deliveries."""
    lines = ["article::after{display:inline-block;margin-left:.6rem}"]
    for each in deliveries:
        if each.remote_id is not None and each.remote_id.isalnum():
            color = "#d7f0d7" if each.credit is Credit.OTHERS else "#fde3c8"
            lines.append(
                f'article[id="{each.remote_id}"]::after'
                f'{{content:"{BADGE[each.credit]}";background:{color}}}'
            )
    return "\n".join(lines) + "\n"
