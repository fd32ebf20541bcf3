"""Names in texts: whether a text of others names one of us."""

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W_]+")

FEWEST_LETTERS = 4
"""Letters below which a name is too short to be looked for: it is a word of other texts."""


def names_one(text: str, names: Iterable[str]) -> bool:
    """Whether the text has one of the names, as whole words; capitals do not matter."""
    folded = _spaced(text)
    return any(
        f" {name} " in folded
        for each in names
        if len(name := _spaced(each).strip()) >= FEWEST_LETTERS
    )


def words_of(text: str) -> list[str]:
    """Words of a text in small letters, without signs."""
    return _WORDS.findall(text.casefold())


def _spaced(text: str) -> str:
    """Words in small letters with one space around each."""
    return f" {' '.join(words_of(text))} "
