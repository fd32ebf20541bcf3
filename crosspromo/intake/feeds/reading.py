"""Reader of feeds. A feed is hostile input: all work is bounded."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from crosspromo.domain.errors import RowError
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.atom import read_atom
from crosspromo.intake.feeds.charsets import decode_marked
from crosspromo.intake.feeds.elements import read_elements
from crosspromo.intake.feeds.feed import Feed, Item, fault
from crosspromo.intake.feeds.google_alerts import is_google_alerts, unwrapped
from crosspromo.intake.feeds.json_feed import read_json_feed
from crosspromo.intake.feeds.rss import read_rss

MOST_REMARKS: Final = 50
_HTML: Final = re.compile(r"<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE)
_LOOKED_AT: Final = 5_000
"""Characters at the beginning by which a web page is told from a feed."""


def read_feed(data: bytes, address: str, content_type: str = "") -> Feed:
    """Feed of the bytes that were fetched from `address` as `content_type`.

    RSS, Atom or JSON Feed by what is in it: servers name the wrong type. Relative addresses are
    made whole. Items of Google Alerts lead to what was found, with its domain as their source.
    Raises UnreadableFileError with a sentence where it is no feed; whatever else is wrong is a
    remark, and what can still be read is read.
    """
    text, is_certain = decode_marked(data, content_type)
    beginning = text.lstrip()[:1]
    if not beginning:
        raise UnreadableFileError("is empty")
    read = read_json_feed if beginning in {"{", "["} else _read_xml
    feed = read(text, address)
    if not is_certain:
        said = "is neither UTF-8 nor what it says it is, so that some letters may be wrong"
        feed = replace(feed, remarks=(fault(0, "encoding", said), *feed.remarks))
    return _checked(_unwrapped(feed) if is_google_alerts(feed, address) else feed)


def _read_xml(text: str, address: str) -> Feed:
    tree = read_elements(text, address)
    root = tree.root
    if root is None:
        raise UnreadableFileError(_no_feed(text))
    is_atom = root.name.rpartition(":")[2] in {"feed", "entry"}
    feed = (read_atom if is_atom else read_rss)(root, tree)
    return replace(feed, remarks=tuple(tree.remarks))


def _no_feed(text: str) -> str:
    beginning = text[:_LOOKED_AT]
    if beginning.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return "is a calendar, not a feed"
    if _HTML.search(beginning):
        return "is a web page, not a feed; look on it for the address of its feed"
    if "<" in beginning:
        return "is XML, but no feed: it has neither <rss> nor <feed>"
    return "is no feed: it is neither RSS nor Atom nor JSON Feed"


def _unwrapped(feed: Feed) -> Feed:
    items = tuple(unwrapped(item) for item in feed.items)
    lost = [
        fault(row, "link", "leads to no web address", item.title)
        for row, item in enumerate(items, 1)
        if not item.link
    ]
    return replace(feed, items=items, remarks=(*feed.remarks, *lost))


def _checked(feed: Feed) -> Feed:
    """Feed with remarks on items that cannot be told apart or cannot be shown."""
    remarks = [*feed.remarks, *_doubts(feed.items)]
    if len(remarks) > MOST_REMARKS:
        more = len(remarks) - MOST_REMARKS
        remarks = [*remarks[:MOST_REMARKS], fault(0, "file", f"has {more:,} faults more")]
    return replace(feed, remarks=tuple(remarks))


def _doubts(items: tuple[Item, ...]) -> Iterator[RowError]:
    first: dict[str, int] = {}
    for row, item in enumerate(items, 1):
        if not (item.title or item.link or item.summary):
            yield fault(row, "item", "has no title, no link and no text")
        if item.id and (earlier := first.setdefault(item.id, row)) != row:
            yield fault(
                row, "id", f"has the id of item {earlier}, so it counts as the same", item.title
            )
