"""Extended grapheme clusters (Unicode annex 29): what a reader sees as one character."""

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import regex

# Ranges of characters that never join a neighbour, so that each is a cluster of its own: Latin,
# Greek, Cyrillic, Hebrew, Arabic, Thai, punctuation, CJK, whole Hangul syllables, without marks.
# `regex` handles all other characters, and carriage return, which joins a line feed.
_ALONE: Final = (
    r"\x00-\x0c\x0e-\xa8\xaa-\xad\xaf-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05ea\u0620-\u064a"
    r"\u0660-\u066f\u0671-\u06d3\u0e01-\u0e30"
    r"\u2010-\u203b\u203d-\u2048\u204a-\u205f\u3000-\u3029\u3031-\u303c"
    r"\u303e-\u3098\u309b-\u3296\u3400-\ua66e\uac00-\ud7a3\uff00-\uff9d"
)
# White space that may be trimmed at an end; control characters always stay.
SPACE: Final = (
    " \t\n\v\f\r\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_TOGETHER: Final = re.compile(f"[{_ALONE}]?(?:[^{_ALONE}]++[{_ALONE}]?)++")


def grapheme_length(text: str) -> int:
    """Number of extended grapheme clusters. Linear time; ASCII is fast."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    length = len(text)
    for part in _TOGETHER.findall(text):
        length -= len(part) - len(_clusters(part))
    return length


def graphemes(text: str) -> list[str]:
    """Split the text into extended grapheme clusters; joined, they are the text again."""
    return _clusters(text)


def joins(left: str, right: str) -> bool:
    """Whether a cluster spans the seam when `left` and `right` are put together."""
    if not left or not right:
        return False
    return grapheme_length(left + right) != grapheme_length(left) + grapheme_length(right)


def trimmed(text: str) -> str:
    """Text without white space at its ends, except where trimming would split a cluster."""
    return text[leading_space(text) :].rstrip(SPACE)


def leading_space(text: str) -> int:
    """Number of leading white-space characters that can be cut without splitting a cluster."""
    count = len(text) - len(text.lstrip(SPACE))
    while count and joins(text[count - 1], text[count : count + 1]):
        count -= 1
    return count


def _clusters(text: str) -> list[str]:
    pattern, stray, careful = _patterns()
    found: list[str] = (careful if stray.search(text) else pattern).findall(text)
    return found


@cache
def _patterns() -> "tuple[regex.Pattern[str], regex.Pattern[str], regex.Pattern[str]]":
    import regex  # noqa: PLC0415  # heavy: only for a text outside plain scripts

    # `regex` lets every virama join the consonant after it; rule GB9c asks for one before it too.
    consonant, virama = r"\p{InCB=Consonant}", r"\p{InCB=Linker}"
    between = r"\p{InCB=Extend}"
    stray = rf"(?:\A|[^{consonant}{between}{virama}])[{between}]*+{virama}"
    alone = r"[\p{GCB=Prepend}\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}]"
    marks = r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+"
    # The letter pair of a flag comes first: `\X` alone counts back through all such letters.
    flag = r"[\U0001f1e6-\U0001f1ff]{2}" + marks
    plain = rf"{flag}|\X"
    careful = rf"(?!{consonant}|{alone}).{marks}(?={consonant})|{plain}"
    return regex.compile(plain), regex.compile(stray), regex.compile(careful, regex.DOTALL)
