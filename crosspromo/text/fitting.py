"""Fitting a text into what its network takes, by leaving out what its author marked as optional."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crosspromo.text.entities import Entity, utf8_length
from crosspromo.text.graphemes import graphemes, trimmed
from crosspromo.text.joints import bridge
from crosspromo.text.links import Shown, shorten_links
from crosspromo.text.rules import TextRules
from crosspromo.text.segments import Part, Segment, whole_parts
from crosspromo.text.sentences import sentences

__all__ = ["DoesNotFit", "Fitted", "Segment", "fit"]

_QUOTED: Final = 40  # graphemes of a sentence that the error quotes
_SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits.

    `text` has every address in full; `shown` is what stands on the network: the same, unless links
    had to be shortened. `length` is that of `shown` in the network's unit, `entities` are those of
    `shown`. `dropped` are the texts left out, in the order in which they went.
    """

    text: str
    length: int
    limit: int
    dropped: tuple[str, ...]
    shown: str
    entities: tuple[Entity, ...]


class DoesNotFit(ValueError):  # noqa: N818  # it reads as what it says
    """The text is too long even without everything that may go.

    `over_by`, `length` and `limit` are in the network's unit, or in bytes where only those are too
    many. `longest` quotes its longest sentences, longest first, each with its length.
    """

    def __init__(
        self, over_by: int, length: int, limit: int, could_shorten: Sequence[str] = ()
    ) -> None:
        self.over_by, self.length, self.limit = over_by, length, limit
        self.longest = tuple((_excerpt(part), len(part)) for part in could_shorten)
        super().__init__(f"too long by {over_by} ({length} of {limit})")

    @classmethod
    def of(cls, text: str, rules: TextRules, *, warning: str = "") -> "DoesNotFit":
        """The error for this text: by how much it is over under these rules."""
        length, limit = rules.length(text, warning=warning), rules.limit
        if length <= limit and rules.byte_limit is not None:
            length, limit = utf8_length(text), rules.byte_limit
        parts = [trimmed(sentence) for sentence in sentences(text, rules)]
        longest = sorted((part for part in parts if part), key=len, reverse=True)
        return cls(length - limit, length, limit, longest[:_SUGGESTIONS])


def _excerpt(sentence: str) -> str:
    characters = graphemes(sentence[: 10 * _QUOTED])
    return sentence if len(characters) <= _QUOTED else "".join(characters[: _QUOTED - 1]) + "…"


def fit(segments: Iterable[Segment], rules: TextRules, *, warning: str = "") -> Fitted:
    """The segments as one text that fits, with as little left out as possible.

    Droppable segments go by their number, the highest first, until the text fits, if need be with
    shortened links. No link, mention, hashtag or grapheme is cut: one that reaches over the edge of
    a segment goes, whole, with that one of its segments that stays longest. White space left behind
    is tidied, and trimmed at both ends. Raises `DoesNotFit`.
    """
    parts = whole_parts(list(segments), rules)
    levels = sorted({part.drop for part in parts if part.drop is not None})
    dropped: list[str] = []
    while True:
        text = _joined(parts, levels, rules)
        shown = shorten_links(text, rules, warning=warning)
        if rules.fits(shown.text, warning=warning):
            return _fitted(text, shown, dropped, rules, warning)
        if not levels:
            raise DoesNotFit.of(shown.text, rules, warning=warning)
        level = levels.pop()
        dropped += [part.text for part in parts if part.drop == level and part.text.strip()]


def _fitted(text: str, shown: Shown, dropped: list[str], rules: TextRules, warning: str) -> Fitted:
    length = rules.length(shown.text, warning=warning)
    return Fitted(text, length, rules.limit, tuple(dropped), shown.text, shown.entities)


def _joined(parts: list[Part], levels: list[int], rules: TextRules) -> str:
    """What is left while only these levels stay; a space keeps entities from growing together."""
    text = _bridged(parts, levels, apart=False)
    left = [part for part in parts if part.drop is None or part.drop in levels]
    if len(left) == len(parts):
        return text
    found = {entity.text for entity in rules.entities(text)}
    whole = all(entity in found for part in left for entity in part.entities)
    return text if whole else _bridged(parts, levels, apart=True)


def _bridged(parts: list[Part], levels: list[int], *, apart: bool) -> str:
    text = gap = ""
    for part in parts:
        if part.drop is not None and part.drop not in levels:
            gap += part.text
        elif gap:
            text, gap = bridge(text, gap, part.text, apart=apart), ""
        else:
            text += part.text
    return trimmed(text)
