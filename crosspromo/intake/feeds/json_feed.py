"""Items of JSON Feed, 1.0 and 1.1."""

from typing import Any, Final

import msgspec

from crosspromo.domain.errors import RowError
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.dates import moment_of
from crosspromo.intake.feeds.feed import LONGEST_ADDRESS, MOST_ITEMS, Feed, Format, Item, fault
from crosspromo.intake.feeds.parts import (
    author_of,
    first_picture,
    language_of,
    summary_of,
    title_of,
    web_address,
)

_VERSION: Final = "://jsonfeed.org/version/1"


class _Document(msgspec.Struct):
    """Feed as it is written. Its items are decoded one by one: a broken one costs only itself."""

    version: Any = ""
    title: Any = ""
    home_page_url: Any = ""
    feed_url: Any = ""
    language: Any = ""
    items: list[msgspec.Raw] = []


class _Entry(msgspec.Struct):
    """Item as it is written, whatever the kind of its values."""

    id: Any = ""
    url: Any = ""
    external_url: Any = ""
    title: Any = ""
    content_html: Any = ""
    content_text: Any = ""
    summary: Any = ""
    image: Any = ""
    banner_image: Any = ""
    date_published: Any = ""
    date_modified: Any = ""
    author: Any = None
    authors: Any = None
    language: Any = ""


def read_json_feed(text: str, address: str) -> Feed:
    """Feed of a JSON text. Raises UnreadableFileError where it is none."""
    try:
        document = msgspec.json.decode(text, type=_Document)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise UnreadableFileError(f"is JSON, but no feed that can be read: {error}") from None
    if _VERSION not in _text(document.version) and not document.items:
        raise UnreadableFileError(
            "is JSON, but no feed: it has neither a version of JSON Feed nor items"
        )
    base = web_address(_text(document.feed_url), address) or address
    items: list[Item] = []
    remarks: list[RowError] = []
    for row, raw in enumerate(document.items[:MOST_ITEMS], 1):
        try:
            items.append(_item(msgspec.json.decode(raw, type=_Entry), base))
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            remarks.append(fault(row, "items", f"cannot be read: {error}"))
    if len(document.items) > MOST_ITEMS:
        remarks.append(
            fault(
                0,
                "items",
                f"the feed has more than the {MOST_ITEMS:,} items that are read; the others are "
                "left out",
            )
        )
    return Feed(
        Format.JSON,
        id=_text(document.feed_url)[:LONGEST_ADDRESS],
        title=title_of(_text(document.title), is_markup=False),
        link=web_address(_text(document.home_page_url), base),
        language=language_of(_text(document.language)),
        items=tuple(items),
        remarks=tuple(remarks),
    )


def _item(entry: _Entry, base: str) -> Item:
    html, text, summary = map(_text, (entry.content_html, entry.content_text, entry.summary))
    link = web_address(_text(entry.url), base) or web_address(_text(entry.external_url), base)
    picture = web_address(_text(entry.image), base) or web_address(_text(entry.banner_image), base)
    return Item(
        id=_text(entry.id),
        title=title_of(_text(entry.title), is_markup=False),
        link=link or web_address(_text(entry.id), ""),
        summary=summary_of(summary or text, is_markup=False) or summary_of(html),
        published=moment_of(_text(entry.date_published)),
        updated=moment_of(_text(entry.date_modified)),
        author=_author(entry),
        image=picture or first_picture(html, link or base),
        language=language_of(_text(entry.language)),
    )


def _author(entry: _Entry) -> str:
    """Name of the first author; version 1.0 has one, 1.1 a list."""
    authors = entry.authors if isinstance(entry.authors, list) else []
    for author in [*authors, entry.author]:
        if isinstance(author, dict) and (name := author_of(_text(author.get("name")))):
            return name
    return ""


def _text(value: Any) -> str:
    """Value as a text; numbers are written out, since programs write ids so. Others are empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        return str(value)
    return ""
