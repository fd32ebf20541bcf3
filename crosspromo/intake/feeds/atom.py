"""Entries of Atom, 0.3 and 1.0."""

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


def read_atom(root: Element, tree: Tree) -> Feed:
    """Feed of an Atom file; a file of one entry is a feed without a title."""
    is_entry = root in tree.items
    return Feed(
        Format.ATOM,
        id="" if is_entry else root.of(*_both("id")),
        title="" if is_entry else _title(root),
        link="" if is_entry else _link(root),
        language=language_of(root.language),
        items=tuple(_item(entry, root) for entry in tree.items),
    )


def _item(entry: Element, feed: Element) -> Item:
    summary, content = entry.first(*_both("summary")), entry.first(*_both("content"))
    said = "" if content is None else _html(content)
    return Item(
        id=entry.of(*_both("id")),
        title=_title(entry),
        link=_link(entry),
        summary=_summary(summary) or _summary(content) or _media_description(entry),
        published=moment_of(entry.of(*_both("published", "issued", "created"), "dc:date")),
        updated=moment_of(entry.of(*_both("updated", "modified"))),
        author=_author(entry) or _author(feed),
        image=_picture(entry, content, said),
        language=language_of(entry.language),
    )


def _both(*names: str) -> tuple[str, ...]:
    """Names with the namespace of Atom, and without any, as in files that forget to declare it."""
    return tuple(each for name in names for each in (f"atom:{name}", name))


def _title(element: Element) -> str:
    title = element.first(*_both("title"), "media:title")
    if title is None:
        return ""
    return title_of(_written(title), is_markup=_is_markup(title))


def _summary(element: Element | None) -> str:
    if element is None:
        return ""
    return summary_of(_written(element), is_markup=_is_markup(element))


def _media_description(entry: Element) -> str:
    """What a video is about: sites that keep videos say it in Media RSS only."""
    for element in entry.all():
        if element.name == "media:description":
            return summary_of(element.text())
    return ""


def _is_markup(element: Element) -> bool:
    """Whether a text is HTML: by its type, in Atom 0.3 a media type; or by elements inside it."""
    kind = element.attribute("type").lower()
    return "html" in kind or any(isinstance(each, Element) for each in element.content)


def _written(element: Element) -> str:
    return element.markup() if _is_markup(element) else element.text()


def _html(element: Element) -> str:
    return element.markup() if _is_markup(element) else ""


def _picture(entry: Element, content: Element | None, html: str) -> str:
    found = picture_of(entry, "")
    if found or content is None:
        return found
    inside = Element("content", {}, content.base, "")
    return picture_of(inside, html)


def _link(element: Element) -> str:
    """Address of a page: the link that is an alternate, of several the one to a page."""
    links = [
        link
        for link in element.children(*_both("link"))
        if link.attribute("rel").lower() in {"", "alternate"}
    ]
    links.sort(key=lambda link: link.attribute("type") not in {"", "text/html"})
    for link in links:
        if found := web_address(link.attribute("href") or link.text(), link.base):
            return found
    content = element.first(*_both("content"))
    if content is not None and content.attribute("src"):
        return web_address(content.attribute("src"), content.base)
    identity = element.of(*_both("id"))
    return web_address(identity, "") if element.name in _both("entry") else ""


def _author(element: Element) -> str:
    for author in element.children(*_both("author")):
        if name := author_of(author.of(*_both("name")) or author.text()):
            return name
    return author_of(element.of("dc:creator"))
