"""Letters that only look like letters: bold, script, circled or small capitals of Unicode.

A screen reader spells them, skips them or says "mathematical bold capital A". Source of their
blocks: the Unicode Character Database.
"""

import re
import unicodedata
from functools import cache
from typing import Final

_PHONETICS: Final = 0x0250
_BLOCKS: Final = (
    (_PHONETICS, 0x02AF),  # small capitals among them
    (0x02B0, 0x02B8),  # modifier letters
    (0x1D00, 0x1D6A),  # small capitals and superscripts
    (0x2071, 0x207F),
    (0x2102, 0x2138),  # letterlike symbols
    (0x249C, 0x24E9),  # in brackets and in circles
    (0xA730, 0xA731),
    (0x1D400, 0x1D7FF),  # mathematical alphanumeric symbols
    (0x1F110, 0x1F189),  # in brackets, circles and squares
)
_WIDE: Final = (0xFF10, 0xFF5A)
"""Fullwidth letters and digits, which are usual in texts with Chinese, Japanese or Korean."""

_EAST_ASIAN: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LETTER: Final = re.compile(r"\b(SMALL CAPITAL|CAPITAL|SMALL) (?:LETTER )?(?P<letter>[A-Z])\Z")
_STRUCK: Final = re.compile("(?:[^\\W_][\u0305\u0332-\u0338]+ ?){3,}")
_MARKS: Final = re.compile("[\u0305\u0332-\u0338]")


def styled_runs(text: str) -> list[tuple[int, int, str]]:
    """Start, end and plain letters of each run of styled letters.

    A single one is left alone: it may be a sign of mathematics.
    """
    if text.isascii():
        return []
    runs = [(run.start(), run.end(), _MARKS.sub("", run[0])) for run in _STRUCK.finditer(text)]
    plain = _plain_letters() if _EAST_ASIAN.search(text) else _plain_letters_and_wide()
    for run in _pattern(plain).finditer(text):
        word = "".join(plain.get(character, character) for character in run[0])
        runs.append((run.start(), run.end(), word))
    return sorted(runs)


def _pattern(plain: dict[str, str]) -> re.Pattern[str]:
    one = f"[{''.join(map(re.escape, plain))}]"
    return re.compile(f"{one}{{2,}}(?: {one}+)*|{one}(?: {one}+)* {one}{{2,}}(?: {one}+)*")


@cache
def _plain_letters() -> dict[str, str]:
    """Plain letters by styled letter."""
    return {each: plain for first, last in _BLOCKS for each, plain in _plain(first, last)}


@cache
def _plain_letters_and_wide() -> dict[str, str]:
    return _plain_letters() | dict(_plain(*_WIDE))


def _plain(first: int, last: int) -> list[tuple[str, str]]:
    found = []
    for character in map(chr, range(first, last + 1)):
        plain = unicodedata.normalize("NFKC", character)
        named = _LETTER.search(unicodedata.name(character, ""))
        if len(plain) == 1 and plain.isalnum() and plain != character:
            found.append((character, plain))
        elif named is not None and (named[1] != "SMALL" or first != _PHONETICS):
            letter = named["letter"]
            found.append((character, letter if named[1] == "CAPITAL" else letter.lower()))
    return found
