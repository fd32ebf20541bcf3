"""Stretches of a text that stay or go, with edges that no entity and no grapheme reaches over."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from crosspromo.text.graphemes import graphemes
from crosspromo.text.rules import TextRules


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text. `drop` None: it stays; else the higher number goes first.

    Segments with the same number go together.
    """

    text: str
    drop: int | None = None


class Part(NamedTuple):
    """A segment with its edges mended. `entities` are the texts of those that stand in it."""

    text: str
    drop: int | None
    entities: tuple[str, ...]


def whole_parts(segments: Sequence[Segment], rules: TextRules) -> list[Part]:
    """The same text in parts that may be left out one by one without cutting anything.

    An entity or grapheme that reaches over the edge of a segment goes, whole, with that one of its
    segments that stays longest.
    """
    segments = [segment for segment in segments if segment.text]
    text = "".join(segment.text for segment in segments)
    ends = list(accumulate(len(segment.text) for segment in segments))
    entities = [(entity.start, entity.end) for entity in rules.entities(text)]
    atoms = _atoms_over(ends[:-1], [entities, _clusters(text) if ends[1:] else []])
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


def _atoms_over(
    edges: Iterable[int], kinds: Sequence[Sequence[tuple[int, int]]]
) -> list[tuple[int, int]]:
    """The spans that have an edge inside, merged where they overlap. Each kind is sorted.

    An entity may end in the middle of a grapheme (a tag before a joiner), so that the ends of what
    was merged are edges in their turn.
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
