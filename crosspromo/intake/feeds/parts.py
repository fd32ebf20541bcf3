"""Parts of items that RSS, Atom and JSON Feed share: addresses, titles, summaries, pictures."""

import re
from collections.abc import Iterator
from typing import Final

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.feeds.elements import Element, joined
from crosspromo.intake.feeds.feed import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
)
from crosspromo.intake.plain_text import MOST_PARSED, literal_text, one_line, plain_text
from crosspromo.text.markup import Tag, pieces

_BREAKS: Final = re.compile(r"[\t\r\n]+\s*")
_LONGEST_AUTHOR: Final = 1_000
_PICTURES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def web_address(address: str, base: str) -> str:
    """Whole http(s) address; empty where there is none that may be printed."""
    address = _BREAKS.sub("", address[: LONGEST_ADDRESS + 1].strip()).replace(" ", "%20")
    if not address or len(address) > LONGEST_ADDRESS:
        return ""
    whole = joined(base, address)
    return whole if whole != base and is_web_address(whole) else ""


def title_of(text: str, *, is_markup: bool = True) -> str:
    if is_markup:
        return one_line(text, LONGEST_TITLE)
    return literal_text(" ".join(text[:MOST_PARSED].split()), LONGEST_TITLE)


def summary_of(text: str, *, is_markup: bool = True) -> str:
    return (plain_text if is_markup else literal_text)(text, LONGEST_SUMMARY)


def author_of(text: str) -> str:
    """Name of a person; of `us@a.example (Ann Lee)` it is Ann Lee. Mail addresses are not kept."""
    text = text[:_LONGEST_AUTHOR].strip()
    if "@" in text and "(" in text and text.endswith(")"):
        text = text[text.rindex("(") + 1 : -1]
    return one_line(" ".join(word for word in text.split() if "@" not in word), LONGEST_NAME)


def language_of(text: str) -> str:
    """Language tag, such as `en-US`; empty where the text is none."""
    tag = text.strip()
    return tag.replace("_", "-") if _LANGUAGE.fullmatch(tag) else ""


def picture_of(item: Element, html: str) -> str:
    """Address of the picture of an item: one that it names, else the first in its text."""
    for element in item.all():
        if found := web_address(_named_picture(element), element.base):
            return found
    return first_picture(html, item.base)


def _named_picture(element: Element) -> str:
    kind = element.attribute("medium") or element.attribute("type").partition("/")[0]
    match element.name:
        case "media:thumbnail":
            return element.attribute("url")
        case "media:content" | "enclosure":
            address = element.attribute("url")
            is_picture = kind == "image" or (not kind and address.lower().endswith(_PICTURES))
            return address if is_picture else ""
        case "itunes:image":
            return element.attribute("href")
        case "link" | "atom:link":
            is_picture = kind == "image" and element.attribute("rel") == "enclosure"
            return element.attribute("href") if is_picture else ""
        case _:
            return ""


def first_picture(html: str, base: str) -> str:
    """Address of the first picture in HTML that is more than a dot; empty where there is none."""
    for tag in _images(html[:MOST_PARSED]):
        values = tag.attributes()
        is_dot = {values.get("width", ""), values.get("height", "")} & {"0", "1"}
        if not is_dot and (found := web_address(values.get("src", ""), base)):
            return found
    return ""


def _images(html: str) -> Iterator[Tag]:
    if "<img" not in html.lower():
        return
    for piece in pieces(html):
        if isinstance(piece, Tag) and piece.name == "img":
            yield piece
