"""Threads: division of a long text into numbered parts, at sentences, each within the limit."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from crosspromo.text.fitting import DoesNotFit, fits_shortened
from crosspromo.text.graphemes import graphemes, trimmed
from crosspromo.text.rules import TextRules
from crosspromo.text.sentences import inside_of, may_divide, sentence_spans

_MOST_PARTS: Final = (9, 99, 999)
_WORD_END: Final = re.compile(r"\s+")
_WINDOW: Final = 4
"""Code points, in limits of the network, that are measured of a part before all of it."""


def split(text: str, rules: TextRules, *, warning: str = "") -> list[str]:
    """Split the text into parts that each fit, in order, marked `1/3`, `2/3`, `3/3` at their end.

    A text that fits, if need be with shortened links, is one part, without a mark. Parts end at
    sentences and lines; a sentence too long for a part is divided at words, a word too long at
    graphemes, an entity never: an entity longer than a part raises `DoesNotFit`, and so does a text
    of a thousand parts. `warning` counts in each part.
    """
    text = trimmed(text)
    if fits_shortened(text, rules, warning=warning):
        return [text]
    for most in _MOST_PARTS:
        parts = list(_Packing(text, rules, f" {most}/{most}", warning).parts(most))
        if len(parts) <= most:
            return [f"{part} {number}/{len(parts)}" for number, part in enumerate(parts, 1)]
    raise DoesNotFit.of(text, rules, warning=warning)


class _Packing:
    """Division of a text into parts, with room for the longest mark.

    No step reads further than the part that it makes, and a few limits more: the time is in
    proportion to the text.
    """

    def __init__(self, text: str, rules: TextRules, mark: str, warning: str) -> None:
        self.text, self.rules, self.mark, self.warning = text, rules, mark, warning
        entities = rules.entities(text)
        self.inside = inside_of(entities)
        self.sentence_ends = [end for _, end in sentence_spans(text, entities)]
        self.word_ends = [
            space.end() for space in _WORD_END.finditer(text) if self._divides(space.end())
        ]

    def parts(self, most: int) -> Iterator[str]:
        """Yield the parts without their marks; at most one part more than `most`."""
        start = count = 0
        while start < len(self.text) and count <= most:
            end = self._end_of_part(start)
            part = trimmed(self.text[start:end])
            start = end
            if part:
                count += 1
                yield part

    def _end_of_part(self, start: int) -> int:
        ends: Sequence[int] = self.sentence_ends
        for finer in (self._words, self._pieces, None):
            first = bisect_right(ends, start)
            if self._fits(start, ends[first]):
                return self._furthest(start, ends, first)
            if finer is not None:
                ends = finer(start, ends[first])
        raise DoesNotFit.of(
            self.text[start : ends[0]] + self.mark, self.rules, warning=self.warning
        )

    def _furthest(self, start: int, ends: Sequence[int], good: int) -> int:
        """Last of the `ends` up to which a part fits; `ends[good]` is known to fit.

        Search by doubling strides, then by halves.
        """
        stride = 1
        while good + stride < len(ends) and self._fits(start, ends[good + stride]):
            good, stride = good + stride, 2 * stride
        bad = min(good + stride, len(ends))
        while bad - good > 1:
            middle = (good + bad) // 2
            if self._fits(start, ends[middle]):
                good = middle
            else:
                bad = middle
        return ends[good]

    def _fits(self, start: int, end: int) -> bool:
        """Whether this part fits; one whose beginning does not fit is not read to its end."""
        size = _WINDOW * self.rules.limit
        while (stop := self._divisible(start + size)) < end:
            if not self._measured(start, stop):
                return False
            size *= 2
        return self._measured(start, end)

    def _measured(self, start: int, end: int) -> bool:
        part = trimmed(self.text[start:end]) + self.mark
        return fits_shortened(part, self.rules, warning=self.warning)

    def _divisible(self, at: int) -> int:
        """First position from here where the text may be divided; its end where there is none."""
        while at < len(self.text) and not self._divides(at):
            at += 1
        return min(at, len(self.text))

    def _divides(self, at: int) -> bool:
        return at not in self.inside and may_divide(self.text, at)

    def _words(self, start: int, end: int) -> list[int]:
        ends = self.word_ends
        return [*ends[bisect_right(ends, start) : bisect_left(ends, end)], end]

    def _pieces(self, start: int, end: int) -> list[int]:
        """Ends of graphemes, without those inside an entity, as far as a part may reach."""
        stop = min(end, self._divisible(start + _WINDOW * self.rules.limit))
        offsets = accumulate(map(len, graphemes(self.text[start:stop])), initial=start)
        return [offset for offset in offsets if offset > start and offset not in self.inside]
