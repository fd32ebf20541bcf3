"""Appearance of a post on its network: displayed text, length as sent, links, and card.

The preview, the length that `queue` tells, the sandbox's page and the card of a connector come from
here, so that what is previewed is what is sent.
"""

from dataclasses import dataclass

from crosspromo.domain.posts import Content
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import shorten_links
from crosspromo.text.rules import TextRules


@dataclass(frozen=True, slots=True)
class Appearance:
    """Displayed text of one post, and its length as sent, in the network's unit.

    `entities` are the links, mentions and hashtags of the displayed text; the target of a shortened
    link is the whole address.
    """

    text: str
    length: int
    limit: int
    fits: bool
    entities: tuple[Entity, ...]


def appearances(content: Content, rules: TextRules) -> tuple[Appearance, ...]:
    """Appearance of the post, or of each part of the thread, in order."""
    return tuple(_appearance(text, content, rules) for text in content.posts)


def displayed(content: Content, rules: TextRules) -> tuple[str, ...]:
    """Displayed text of the post, or of each part of the thread: as in `appearances`.

    Of a text that fits as it stands nothing is looked for.
    """
    if rules.markdown:
        return tuple(each.text for each in appearances(content, rules))
    if all(rules.fits(text) for text in content.posts):
        return content.posts
    ours = rules.of_post(content.known_addresses, plain=content.plain)
    return tuple(shorten_links(text, ours).text for text in content.posts)


def _appearance(text: str, content: Content, rules: TextRules) -> Appearance:
    known, plain = content.known_addresses, content.plain
    ours = rules.of_post(known, plain=plain)
    if rules.markdown:
        shown = rules.shown(rules.sent(text, known, plain=plain))
        length, fits, entities = ours.length(text), ours.fits(text), tuple(rules.entities(shown))
    else:
        shown, entities = shorten_links(text, ours)
        length, fits = ours.length(shown), ours.fits(shown)
    return Appearance(shown, length, rules.limit, fits, entities)


def card_link(content: Content, rules: TextRules) -> str | None:
    """Address of the card below the post; None where it shows images or another post instead.

    The link of the post where it stands in the text, also in a later part of a thread; else the
    first link of the first part. A network that has its links from us can show a card for a link
    that the text does not have.
    """
    if content.native or content.images:
        return None
    ours = rules.of_post(content.known_addresses)
    first = next(iter(_links(content.posts[0], ours)), None)
    if rules.shortens_links and content.link is not None:
        everywhere = [each for part in content.posts for each in _links(part, ours)]
        asked = (each for each in everywhere if content.link in (each.text, each.target))
        first = next(asked, first) or next(iter(_links(content.link, ours)), None)
    return None if first is None else first.target


def _links(text: str, rules: TextRules) -> list[Entity]:
    return [each for each in rules.entities(text) if each.type == "link"]
