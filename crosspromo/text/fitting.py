"""Fitting of a text to a network: optional segments are dropped, links are shortened."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Final, NamedTuple

from crosspromo.text.entities import Entity, utf8_length
from crosspromo.text.graphemes import graphemes, trimmed
from crosspromo.text.joints import bridge
from crosspromo.text.rules import TextRules
from crosspromo.text.sentences import sentences

PATH_SHOWN: Final = 12  # graphemes of path that a shortened link still shows
_ADDRESS: Final = re.compile(r"(?:https?://)?(?:www\.)?(?P<host>[^/?#]+)(?P<rest>.*)", re.DOTALL)


class Shown(NamedTuple):
    """Text as displayed on the network; the `target` of a link is always its whole address."""

    text: str
    entities: tuple[Entity, ...]


def shorten_links(text: str, rules: TextRules, *, warning: str = "") -> Shown:
    """Shorten as few links as the text needs to fit, largest saving first.

    A text that fits stays unchanged, and so does every text on a network that reads links from the
    text itself. The result may still be too long.
    """
    entities = rules.entities(text)
    shown = Shown(text, tuple(entities))
    if not rules.shortens_links or rules.fits(text, warning=warning):
        return shown
    displays = {e.start: short for e in entities if (short := display_of(e)) != e.text}
    savings = sorted(
        (
            (rules.measure(e.text) - rules.measure(displays[e.start]), e.start)
            for e in entities
            if e.start in displays
        ),
        key=itemgetter(0),
        reverse=True,
    )
    missing = rules.length(text, warning=warning) - rules.limit
    chosen: dict[int, str] = {}
    for saving, start in savings:
        if missing <= 0:
            break
        chosen[start] = displays[start]
        missing -= saving
    shown = _with_displays(text, entities, chosen)
    return (
        shown
        if rules.fits(shown.text, warning=warning)
        else _with_displays(text, entities, displays)
    )


def fits_shortened(text: str, rules: TextRules, *, warning: str = "") -> bool:
    """Whether the text fits as it is sent, if need be with shortened links."""
    if rules.fits(text, warning=warning):
        return True
    return rules.shortens_links and rules.fits(
        shorten_links(text, rules, warning=warning).text, warning=warning
    )


def display_of(entity: Entity) -> str:
    """Short display of a link: host and beginning of the path.

    Other entities keep their text.
    """
    address = _ADDRESS.fullmatch(entity.text) if entity.type == "link" else None
    if address is None:
        return entity.text
    rest = graphemes(address["rest"])
    short = address["host"] + "".join(rest[:PATH_SHOWN])
    if len(rest) > PATH_SHOWN:
        short += "…"
    return short if len(short) < len(entity.text) else entity.text


def _with_displays(text: str, entities: list[Entity], displays: dict[int, str]) -> Shown:
    parts: list[str] = []
    moved: list[Entity] = []
    read = at = byte_at = 0
    for entity in entities:
        between = text[read : entity.start]
        display = displays.get(entity.start, entity.text)
        start, byte_start = at + len(between), byte_at + utf8_length(between)
        at, byte_at = start + len(display), byte_start + utf8_length(display)
        moved.append(
            replace(
                entity, text=display, start=start, end=at, byte_start=byte_start, byte_end=byte_at
            )
        )
        parts += between, display
        read = entity.end
    return Shown("".join(parts) + text[read:], tuple(moved))


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a text; `drop` None keeps it, else the highest number is dropped first.

    Segments with the same number are dropped together.
    """

    text: str
    drop: int | None = None


class Part(NamedTuple):
    """Segment with its edges moved, so that no entity or grapheme is cut.

    `entities` are the texts of the entities inside it.
    """

    text: str
    drop: int | None
    entities: tuple[str, ...]


def whole_parts(segments: Sequence[Segment], rules: TextRules) -> list[Part]:
    """Parts of the text, each droppable on its own without cutting an entity or grapheme.

    An entity or grapheme that crosses the edge of a segment belongs, whole, to that one of its
    segments that stays longest.
    """
    segments = [segment for segment in segments if segment.text]
    text = "".join(segment.text for segment in segments)
    ends = list(accumulate(len(segment.text) for segment in segments))
    entities = [(entity.start, entity.end) for entity in rules.entities(text)]
    atoms = _uncuttable_spans(ends[:-1], [entities, _clusters(text) if ends[1:] else []])
    inside = {edge for start, stop in atoms for edge in ends if start < edge < stop}
    edges = sorted({0, *ends, *(edge for atom in atoms for edge in atom)} - inside)
    parts = []
    for start, end in pairwise(edges):
        touched = segments[bisect_right(ends, start) : bisect_right(ends, end - 1) + 1]
        words = tuple(text[s:e] for s, e in entities if start <= s and e <= end)
        parts.append(Part(text[start:end], _longest_kept(touched), words))
    return parts


def _longest_kept(segments: Sequence[Segment]) -> int | None:
    drops = [segment.drop for segment in segments]
    return None if None in drops else min(drop for drop in drops if drop is not None)


def _clusters(text: str) -> list[tuple[int, int]]:
    return list(pairwise([0, *accumulate(map(len, graphemes(text)))]))


def _uncuttable_spans(
    edges: Iterable[int], kinds: Sequence[Sequence[tuple[int, int]]]
) -> list[tuple[int, int]]:
    """Spans with an edge inside, merged where they overlap; each kind is sorted.

    An entity may end inside a grapheme (a tag before a joiner). The ends of a merged span are
    therefore edges, too.
    """
    inner = set(edges)
    while True:
        atoms = _merged(span for spans in kinds for span in _covering(inner, spans))
        grown = inner.union(*atoms)
        if grown == inner:
            return atoms
        inner = grown


def _covering(edges: Iterable[int], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    starts = [start for start, _ in spans]
    for edge in edges:
        at = bisect_right(starts, edge) - 1
        if at >= 0 and spans[at][0] < edge < spans[at][1]:
            yield spans[at]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    atoms: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if atoms and start < atoms[-1][1]:
            atoms[-1] = atoms[-1][0], max(end, atoms[-1][1])
        else:
            atoms.append((start, end))
    return atoms


_QUOTED: Final = 40  # graphemes of a sentence that the error quotes
_SUGGESTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text that fits its network.

    `text` has every address in full; `shown` is the displayed text: the same, unless links had to
    be shortened. `length` (in the network's unit) and `entities` are those of `shown`. `dropped`
    are the dropped texts, in the order of dropping.
    """

    text: str
    length: int
    limit: int
    dropped: tuple[str, ...]
    shown: str
    entities: tuple[Entity, ...]


class DoesNotFit(ValueError):  # noqa: N818  # its name is a statement
    """Error: the text is too long even without all droppable segments.

    `over_by`, `length` and `limit` are in the network's unit, or in bytes where only the bytes are
    too many. `longest` quotes its longest sentences, longest first, each with its length in code
    points.
    """

    def __init__(
        self, over_by: int, length: int, limit: int, could_shorten: Sequence[str] = ()
    ) -> None:
        self.over_by, self.length, self.limit = over_by, length, limit
        self.longest = tuple((_excerpt(part), len(part)) for part in could_shorten)
        super().__init__(f"too long by {over_by} ({length} of {limit})")

    @classmethod
    def of(cls, text: str, rules: TextRules, *, warning: str = "") -> "DoesNotFit":
        """Error for a text beyond the limits of these rules."""
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
    """Join the segments to a text that fits, with as few dropped as possible.

    Segments are dropped by their number, the highest first, until the text fits, if need be with
    shortened links. No link, mention, hashtag or grapheme is cut: one that crosses the edge of a
    segment belongs, whole, to that one of its segments that stays longest. White space around a
    dropped segment is tidied, and trimmed at both ends of the text. Raises `DoesNotFit`.
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
    """Text without the dropped parts: undroppable parts and parts of these levels.

    Where two entities would grow together, spaces keep the parts apart.
    """
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
