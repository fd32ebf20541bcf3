"""Division of a text after sentences and lines, never inside an entity or grapheme."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from crosspromo.text.entities import Entity
from crosspromo.text.graphemes import joins
from crosspromo.text.rules import TextRules

# A full stop with closing marks and white space, an ideographic full stop, or a line break.
_END: Final = re.compile(
    "[.!?\u2026]++[\"')\\]\u201d\u2019\u00bb]*+\\s+|[\u3002\uff01\uff1f]++[\u300d\u300f\uff09]*+\\s*|\\s*\n\\s*"
)
# A full stop after one of these, or after a single letter, rarely ends a sentence.
_ABBREVIATION: Final = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|Rev|Hon|Sen|Rep|Gov|Gen|Lt|Sgt|St|Jr|Sr|No|vs|approx|e\.g|i\.e|[A-Za-z])$"
)
_LONGEST_ABBREVIATION: Final = 8


def sentences(text: str, rules: TextRules) -> list[str]:
    """Split the text into sentences and lines, each with its trailing white space.

    Joined, they are the text again.
    """
    return [text[start:end] for start, end in sentence_spans(text, rules.entities(text))]


def sentence_spans(text: str, entities: Sequence[Entity]) -> list[tuple[int, int]]:
    """Spans of sentences and lines, in code points."""
    inside = inside_of(entities)
    ends = [end for end in _ends(text) if end not in inside and may_divide(text, end)]
    return [(start, end) for start, end in pairwise([0, *ends, len(text)]) if start < end]


def inside_of(entities: Iterable[Entity]) -> set[int]:
    """Positions where a cut would split an entity."""
    return {at for entity in entities for at in range(entity.start + 1, entity.end)}


def may_divide(text: str, at: int) -> bool:
    """Whether a cut at this position splits no grapheme."""
    return not joins(text[at - 1 : at], text[at : at + 1])


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        end = match.end()
        if "\n" in match[0] or not match[0].startswith("."):
            yield end
        elif not text[end : end + 1].islower():
            before = text[max(match.start() - _LONGEST_ABBREVIATION, 0) : match.start()]
            if not _ABBREVIATION.search(before):
                yield end
