"""Words of a hashtag written in one: "riverkeepersunite" is "river keepers unite".

The most probable division by the frequencies of English words, which come with symspellpy. Its own
division takes seconds to load; this one reads the list alone, and only for a hashtag in one case.
"""

from collections.abc import Collection, Mapping
from functools import cache
from importlib.util import find_spec
from math import inf, log
from pathlib import Path
from typing import Final

_LIST: Final = "frequency_dictionary_en_82_765.txt"
LONGEST_WORD: Final = 24
LONGEST_TAG: Final = 100
"""Most letters that are divided, which bounds the work."""

_SHORT: Final = frozenset(
    {
        *("a", "i", "am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it"),
        *("me", "my", "no", "of", "on", "or", "our", "so", "to", "up", "us", "we"),
    }
)
"""Words of one and two letters that count; the list has many that are abbreviations."""

_KNOWN_COST: Final = log(1_000)
"""Cost of a word of the post itself, which is more probable than most words."""


def words_of(letters: str, known: Collection[str]) -> list[str] | None:
    """Words that make up these lower-case letters; None where they are no row of known words.

    `known` are words that the post or its partners use, in lower case.
    """
    if len(letters) > LONGEST_TAG:
        return None
    costs = _costs()
    best: list[tuple[float, int]] = [(0.0, 0)]  # by end: cost up to it, start of the last word
    for end in range(1, len(letters) + 1):
        best.append(
            min(
                (best[start][0] + _cost(letters[start:end], known, costs), start)
                for start in range(max(0, end - LONGEST_WORD), end)
            )
        )
    if best[-1][0] == inf:
        return None
    words, end = [], len(letters)
    while end:
        start = best[end][1]
        words.append(letters[start:end])
        end = start
    return words[::-1]


def _cost(word: str, known: Collection[str], costs: Mapping[str, float]) -> float:
    if word in known:
        return _KNOWN_COST
    if len(word) < 3 and word not in _SHORT:
        return inf
    return costs.get(word, inf)


@cache
def _costs() -> Mapping[str, float]:
    """Negative logarithm of each word's frequency; empty where the list is not there."""
    found = find_spec("symspellpy")
    folders = [] if found is None else found.submodule_search_locations or []
    paths = [path for folder in folders if (path := Path(folder) / _LIST).is_file()]
    if not paths:
        return {}
    rows = [line.split() for line in paths[0].read_text(encoding="utf-8-sig").splitlines()]
    counts = {word: int(count) for word, count in rows}
    total = sum(counts.values())
    return {word: log(total / count) for word, count in counts.items()}
