"""Disclosure of a paid or related post, before the fold of its network (0034).

The fold is the place at which a list cuts a text and shows "more". Words that readers see only
after a click disclose nothing (FTC, *Disclosures 101*).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crosspromo.text.clauses import stands_as_clause
from crosspromo.text.fitting import Segment
from crosspromo.text.rules import TextRules

DISCLOSURE: Final = "Paid partnership"
RELATED: Final = "From our own group"
"""Words for a post about a partner of our own group, which a person adds by a repair."""

SHORTEST_FOLD: Final = 100
"""Characters of a first line that every network shows (observed, October 2026: 110 on Facebook)."""

_OURS: Final = (DISCLOSURE, RELATED)
_SPOILER: Final = "(spoiler: "
"""What `TextRules.shown` writes before words that readers see after a click."""


def disclosed(
    words: str, segments: Sequence[Segment], rules: TextRules | None = None, *, plain: bool = False
) -> tuple[Segment, ...]:
    """Segments with the words of a disclosure first, unless they have it in time.

    `rules` None: for whatever network. `plain`: the text is no Markdown.
    """
    kept = "".join(segment.text for segment in segments if segment.drop is None)
    whole = "".join(segment.text for segment in segments)
    if rules is not None and not rules.fits(whole):  # it may become a thread
        rules = replace(rules, fold=SHORTEST_FOLD)
    if all(stands_before_fold(words, text, rules, plain=plain) for text in (kept, whole)):
        return tuple(segments)
    return (Segment(_first(words)), *segments)


def titled(words: str, title: str, rules: TextRules) -> str:
    """Title that has these words, where lists of the network show nothing but titles."""
    if rules.fold != 0 or not title.strip() or tells_in_title(words, title):
        return title
    return f"{words}: {title}"


def tells_in_title(words: str, title: str) -> bool:
    """Whether a title tells these words, as `titled` puts them or as a clause of a person's."""
    rest = title
    while put := next((each for each in _OURS if rest.startswith(f"{each}: ")), None):
        if put == words:
            return True
        rest = rest.removeprefix(f"{put}: ")
    return stands_as_clause(words, title)


def first_told(words: str, text: str, rules: TextRules, *, plain: bool = False) -> str:
    """Text that has these words before the fold: as it is, or with them as its first line."""
    if stands_before_fold(words, text, rules, plain=plain):
        return text
    return f"{_first(words)}{text}".strip()


def stands_before_fold(
    words: str, text: str, rules: TextRules | None, *, plain: bool = False
) -> bool:
    """Whether readers of a list are told these words, as a clause of their own.

    Where a network shows posts whole, a text that fits one post is seen whole; else its first line
    is, up to the fold, and the line after a disclosure of ours. Of Markdown (unless `plain`),
    readers see the rendered words, and no spoilers.
    """
    seen = text
    if rules is not None and rules.markdown and not plain:
        seen = "\n".join(line.partition(_SPOILER)[0] for line in rules.shown(text).split("\n"))
    if rules is not None and rules.fold is None and rules.fits(text):
        return stands_as_clause(words, seen)
    fold = (rules and rules.fold) or SHORTEST_FOLD
    return stands_as_clause(words, _beginning(seen), within=fold)


def _beginning(text: str) -> str:
    """Disclosures of ours at the beginning of a text, and the first line after them."""
    beginning = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        beginning += f"{line}\n"
        if line not in {f"{words}." for words in _OURS}:
            break
    return beginning


def _first(words: str) -> str:
    return f"{words}.\n\n"
