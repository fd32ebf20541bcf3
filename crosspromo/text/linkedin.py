r"""LinkedIn's "little text": the format of a commentary in the Posts API.

Source: learn.microsoft.com, "little text format": `\ | { } @ [ ] ( ) < > # * _ ~` are reserved and
need a backslash, else LinkedIn cuts the text off there without an error. A bare `#word` is a
hashtag.
"""

import re
from typing import Final

LIMIT: Final = 3000

_RESERVED: Final = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_HASHTAG: Final = re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w")


def little_text(text: str) -> str:
    """Text as sent to LinkedIn: reserved characters escaped, hashtags kept."""
    return _RESERVED.sub(lambda found: _escaped(text, found), text)


def _escaped(text: str, found: re.Match[str]) -> str:
    return found[0] if _HASHTAG.match(text, found.start()) else f"\\{found[0]}"


def length(text: str) -> int:
    """Characters of the commentary as sent, escapes included (the safe reading of "3000")."""
    if not _RESERVED.search(text):
        return len(text)
    return len(little_text(text))
