"""Clauses of a text: whether it says some words, and neither longer words nor their contrary.

"Unpaid partnership" has the letters of a paid one, and so has "This is not a paid partnership".
Words are said where a clause begins with them, and nothing before them in its sentence denies them.
"""

import re
from functools import cache
from typing import Final

_SENTENCE_END: Final = re.compile(r"((?<=[.!?…])\s+|\n[ \t]*\n)")
_NO: Final = (
    r"(?:no|not|non|none|never|neither|nor|nothing|without|un|isnt|cannot|\w{2,6}n['\u2019]t)\b"
)
_DENIAL: Final = re.compile(rf"\b{_NO}", re.IGNORECASE)
_QUOTES: Final = r"'\"\u2018\u2019\u201c\u201d\u00ab\u00bb"
_BEGINNING: Final = rf"(?:^|[^\w\s{_QUOTES}]\s++|(?<!\S)(?=[^\w\s{_QUOTES}]))[^\w\s#]*+\s*+"
_OPENING: Final = (
    r"(?:[#]\w++\s++){0,3}(?:ad\s++)?(?:(?:this|it|it['\u2019]s)\s++)?(?:post\s++)?(?:is\s++)?"
    r"(?:in\s++)?(?:(?:an?|our)\s++)?"
)
_END: Final = (
    r"(?![-'\u2019\u2010\u2011]?\w)"  # the words are whole
    r"(?=\s*(?:\Z|\n|[^\w\s?]|(?:with|between|of|by|from|for|and)\b))"
    r"(?![^:,;(.!\u2013\u2014\n]*\?)"  # a question says nothing
    rf"(?!\s*[:,;\u2013\u2014-]+\s*{_NO})"
)


def stands_as_clause(words: str, text: str, *, within: int | None = None) -> bool:
    """Whether a clause of the text begins with the words, in its first `within` characters.

    An article or a tag may stand before them ("This is a …", "#ad …"). Capitals do not matter.
    """
    clause, start = _clause(words), 0
    for piece in _SENTENCE_END.split(text):
        if within is not None and start >= within:
            return False
        found = clause.search(piece)
        is_seen = found is not None and (within is None or start + found.end() <= within)
        if found and is_seen and not _DENIAL.search(piece, 0, found.start("words")):
            return True
        start += len(piece)
    return False


@cache
def _clause(words: str) -> re.Pattern[str]:
    whole = r"\s+".join(map(re.escape, words.split()))
    return re.compile(
        rf"{_BEGINNING}{_OPENING}(?P<words>{whole}){_END}", re.IGNORECASE | re.MULTILINE
    )
