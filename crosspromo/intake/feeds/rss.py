"""Items of RSS: 0.90, 0.91, 0.92, 0.93, 1.0 and 2.0."""

from crosspromo.intake.feeds.dates import moment_of
from crosspromo.intake.feeds.elements import Element, Tree
from crosspromo.intake.feeds.feed import Feed, Format, Item
from crosspromo.intake.feeds.parts import (
    author_of,
    language_of,
    picture_of,
    summary_of,
    title_of,
    web_address,
)

_PUBLISHED = ("pubdate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published")
_UPDATED = ("atom:updated", "dcterms:modified")
_CONTENT = ("content:encoded", "xhtml:body", "fullitem")


def read_rss(root: Element, tree: Tree) -> Feed:
    """Feed of an RSS file, whose items may stand in its channel or beside it."""
    channel = root if root.name == "channel" else root.first("channel") or root
    link = web_address(channel.of("link"), channel.base) or _alternate(channel)
    return Feed(
        Format.RSS,
        title=title_of(_markup(channel, "title", "dc:title")),
        link=link,
        language=language_of(channel.of("language", "dc:language") or channel.language),
        items=tuple(_item(item) for item in tree.items),
    )


def _item(item: Element) -> Item:
    content = _markup(item, *_CONTENT)
    description = _markup(item, "description", "dc:description", "itunes:summary")
    summary = summary_of(description) or summary_of(content)
    return Item(
        id=_id(item),
        title=title_of(_markup(item, "title", "dc:title", "media:title")),
        link=_link(item),
        summary=summary,
        published=moment_of(item.of(*_PUBLISHED)),
        updated=moment_of(item.of(*_UPDATED)),
        author=author_of(item.of("dc:creator", "author", "itunes:author")),
        image=picture_of(item, f"{description}\n{content}"),
        language=language_of(item.of("dc:language") or item.language),
    )


def _markup(element: Element, *names: str) -> str:
    """HTML of the first child of one of these names that has any."""
    for name in names:
        for child in element.children(name):
            if markup := child.markup():
                return markup
    return ""


def _id(item: Element) -> str:
    return item.of("guid", "atom:id") or item.attribute("rdf:about")


def _link(item: Element) -> str:
    """Address of an item: its link, else its guid, which is an address unless it says otherwise."""
    for link in item.children("link"):
        if found := web_address(link.text() or link.attribute("href"), link.base):
            return found
    if found := _alternate(item):
        return found
    guid = item.first("guid")
    if guid is not None and guid.attribute("ispermalink").lower() != "false":
        return web_address(guid.text(), "")
    return web_address(item.attribute("rdf:about"), "")


def _alternate(element: Element) -> str:
    for link in element.children("atom:link"):
        if link.attribute("rel") in {"", "alternate"}:
            return web_address(link.attribute("href"), link.base)
    return ""
