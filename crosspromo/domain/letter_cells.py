"""Width of a text in cells of a terminal, of which a letter of Chinese or Japanese takes two."""

import unicodedata
from functools import lru_cache


def cells(text: str) -> int:
    """Width of the text in terminal columns."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


@lru_cache(4_096)
def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
