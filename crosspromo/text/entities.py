"""Links, mentions and hashtags of a text, with their positions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal, NamedTuple

EntityType = Literal["link", "mention", "hashtag"]


class Span(NamedTuple):
    """Position of an entity, from a network's finder: `text[start:end]`, in code points."""

    start: int
    end: int
    type: EntityType
    target: str


Finder = Callable[[str], Iterable[Span]]


@dataclass(frozen=True, slots=True)
class Entity:
    """Link, mention or hashtag in a text.

    `start` and `end` count code points, `byte_start` and `byte_end` bytes of UTF-8 (the unit of a
    Bluesky facet). `target` is the whole address with its scheme for a link, the handle without `@`
    for a mention, the tag without `#` for a hashtag.
    """

    type: EntityType
    text: str
    start: int
    end: int
    byte_start: int
    byte_end: int
    target: str


def locate(text: str, spans: Iterable[Span]) -> list[Entity]:
    """Entities at these spans, in the order of the text and without overlaps.

    Of two overlapping spans the earlier start wins; at the same start, the first in `spans`. Linear
    in the text: every byte is counted once.
    """
    entities: list[Entity] = []
    end = byte_end = 0
    for span in sorted(spans, key=itemgetter(0)):
        if span.start < end:
            continue
        byte_start = byte_end + utf8_length(text[end : span.start])
        word = text[span.start : span.end]
        end, byte_end = span.end, byte_start + utf8_length(word)
        entities.append(Entity(span.type, word, span.start, end, byte_start, byte_end, span.target))
    return entities


def utf8_length(text: str) -> int:
    """Bytes of the text in UTF-8; a lone surrogate counts three, like its replacement."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
