"""Notes on what not everybody can read or hear of a delivery, and repairs of its text.

They are worked out anew whenever they are shown, so an edit takes them away.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Content, Kind
from crosspromo.domain.reasons.notes import (
    HashtagInOneCase,
    Note,
    RelationUntold,
    RunOfEmoji,
    StyledLetters,
    TextInImage,
    WordsNote,
)
from crosspromo.publishing.disclosure import RELATED, first_told, stands_before_fold, titled
from crosspromo.text.accessibility import Flaw, flaws, repaired
from crosspromo.text.rules import TextRules

LEAST_LETTERS: Final = 15
"""Least letters, roughly counted, of an image that is called one of text."""

LEAST_TOLD: Final = 0.5
"""Least part of an image's letters that an alt text has which says them."""


def accessibility_notes(
    delivery: Delivery,
    rules: TextRules,
    letters: Sequence[int],
    *,
    own_group: Collection[str] = (),
    kept: bool = True,
) -> tuple[Note, ...]:
    """Notes on text, title and images of a delivery.

    `letters` are the letters that each image seems to show; `own_group` are slugs of partners that
    count as us. `kept` False: the delivery is not kept, so nothing can be done with its id.
    """
    number = delivery.id if kept else None
    content, known = delivery.content, _names(delivery)
    found: list[Note] = []
    for text in (content.title or "", content.text):
        found += (_of_words(text, flaw, number) for flaw in flaws(text, rules, known))
    for index, (image, count) in enumerate(zip(content.images, letters, strict=False), 1):
        said = sum(character.isalnum() for character in image.alt)
        if count >= LEAST_LETTERS and said < count * LEAST_TOLD:
            found.append(TextInImage(index, count, said, number))
    if hides_relation(delivery, rules, own_group):
        found.append(RelationUntold(RELATED, number))
    return tuple(dict.fromkeys(found))


def repaired_content(
    delivery: Delivery, rules: TextRules, own_group: Collection[str] = ()
) -> Content:
    """Content of the delivery with text and title repaired; images stay, and so do the parts."""
    content, known = delivery.content, _names(delivery)
    text, title = content.text, content.title or ""
    if hides_relation(delivery, rules, own_group):
        text = first_told(RELATED, text, rules, plain=content.plain)
        title = titled(RELATED, title, rules)
    text, title = (repaired(each, rules, known) for each in (text, title))
    return replace(content, text=text, title=title or None)


def _of_words(text: str, flaw: Flaw, number: int | None) -> WordsNote:
    words = text[flaw.start : flaw.end]
    match flaw.kind:
        case "hashtag":
            return HashtagInOneCase(f"#{words}", f"#{flaw.better}", number)
        case "emoji":
            return RunOfEmoji(words, flaw.better, number)
        case "styled":
            return StyledLetters(words, flaw.better, number)


def _names(delivery: Delivery) -> tuple[str, ...]:
    """Slugs of the post, whose words its hashtags may consist of."""
    return (*delivery.partners, *([delivery.event] if delivery.event else []))


def hides_relation(delivery: Delivery, rules: TextRules, own_group: Collection[str]) -> bool:
    """Whether the post praises partners of our own group and does not say that they are.

    A native repost without words says nothing of its own.
    """
    content = delivery.content
    if not _is_related(delivery, own_group) or (content.native and not content.text):
        return False
    title = content.title or ""
    return not _tells_relation(content, rules) or titled(RELATED, title, rules) != title


def told_relation(delivery: Delivery, rules: TextRules, own_group: Collection[str]) -> bool:
    """Whether the post is about partners of our own group, and tells that in its text."""
    return _is_related(delivery, own_group) and _tells_relation(delivery.content, rules)


def _is_related(delivery: Delivery, own_group: Collection[str]) -> bool:
    about = delivery.kind in {Kind.SPOTLIGHT, Kind.EVENT, Kind.RESHARE} and delivery.partners
    return bool(about) and set(delivery.partners) <= set(own_group)


def _tells_relation(content: Content, rules: TextRules) -> bool:
    return stands_before_fold(RELATED, content.posts[0], rules, plain=content.plain)
