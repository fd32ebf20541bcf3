"""Disclosure of a paid or related post, before the fold of its network (0034).

The fold is the place at which a list cuts a text and shows "more". Words that readers see only
after a click disclose nothing (FTC, *Disclosures 101*).
"""

from collections.abc import Sequence
from typing import Final

from crosspromo.text.fitting import Segment
from crosspromo.text.rules import TextRules

DISCLOSURE: Final = "Paid partnership"
RELATED: Final = "From our own group"
"""Words for a post about a partner of our own group, which a person adds by a repair."""

SHORTEST_FOLD: Final = 100
"""Characters of a first line that every network shows (observed, October 2026: 110 on Facebook)."""


def disclosed(segments: Sequence[Segment], rules: TextRules | None = None) -> tuple[Segment, ...]:
    """Segments with the disclosure of a paid partnership first, unless they have it in time.

    `rules` None: for whatever network.
    """
    kept = "".join(segment.text for segment in segments if segment.drop is None)
    whole = "".join(segment.text for segment in segments)
    known = rules if rules is not None and rules.fits(whole) else None
    if all(stands_before_fold(DISCLOSURE, text, known) for text in (kept, whole)):
        return tuple(segments)
    return (Segment(_first(DISCLOSURE)), *segments)


def titled(words: str, title: str, rules: TextRules) -> str:
    """Title that has these words, where lists of the network show nothing but titles."""
    if rules.fold != 0 or not title.strip() or words.casefold() in title.casefold():
        return title
    return f"{words}: {title}"


def first_told(words: str, text: str, rules: TextRules) -> str:
    """Text that has these words before the fold: as it is, or with them as its first line."""
    return text if stands_before_fold(words, text, rules) else f"{_first(words)}{text}".strip()


def stands_before_fold(words: str, text: str, rules: TextRules | None) -> bool:
    """Whether readers of a list see these words.

    Where a network shows posts whole, a text that fits one post is seen whole; else its first line
    is, up to the fold, and the line after a disclosure of ours.
    """
    whole = rules is not None and rules.fold is None and rules.fits(text)
    fold = (rules and rules.fold) or SHORTEST_FOLD
    seen = text if whole else _beginning(text)[:fold]
    return words.casefold() in seen.casefold()


def _beginning(text: str) -> str:
    """Disclosures of ours at the beginning of a text, and the first line after them."""
    beginning = ""
    for line in filter(None, map(str.strip, text.split("\n"))):
        beginning += f"{line}\n"
        if line not in {f"{DISCLOSURE}.", f"{RELATED}."}:
            break
    return beginning


def _first(words: str) -> str:
    return f"{words}.\n\n"
