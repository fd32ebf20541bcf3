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

    The link of the post where it stands in the text, else the first link of the text. A network
    that has its links from us can show a card for a link that the text does not have.
    """
    if content.native or content.images:
        return None
    found = rules.of_post(content.known_addresses).entities(content.posts[0])
    links = [(each.text, each.target) for each in found if each.type == "link"]
    if not rules.shortens_links:
        return links[0][1] if links else None
    named = [target for text, target in links if content.link in (text, target)]
    return next(iter(named), links[0][1] if links else content.link)
