"""Files in Windows-1252, which spreadsheet programs in Western Europe and America write as "CSV".

Bytes alone do not tell one old encoding from another. A file is read as Windows-1252 only where
each of its bytes outside ASCII stands for a letter or a sign that Western languages have there.
"""

import re
from typing import Final

# ruff: noqa: RUF001 (the signs are the point)

CODEC: Final = "cp1252"

# Without Š, Ž, š, ž and Ÿ: the bytes that mean them are é, ö or ü in files of old Macs.
_LETTER: Final = "À-ÖØ-Üß-öø-üÿŒœ"
_CERTAIN: Final = re.compile(
    rf"(?<![{_LETTER}])[{_LETTER}]{{1,2}}(?![{_LETTER}])|"  # at most two in a row: é, çã, øå
    r"(?<=[A-Za-z])’(?=(?:s|t|d|m|ll|re|ve)?\b)|(?<=\b[LlDdJjCcNnSsTtMmOo])’|(?<=\b[Qq]u)’|"
    r"[‘’“”„«»](?=[\s.,;:!?)\"]|$)|(?:(?<=[\s(,;\"])|^)[‘“„«»¿¡]|"
    r"(?<![^\s,;\"])[–—•·](?![^\s,;\"])|(?<=\d)–(?=\d)|(?<=\w)…|[€£§©®™°\xa0]"
)


def decode_western(data: bytes) -> str | None:
    """Text of the bytes as Windows-1252; None where that is not certain."""
    try:
        text = data.decode(CODEC)
    except UnicodeDecodeError:
        return None
    rest = "".join(_CERTAIN.sub("", line) for line in text.splitlines())
    return text if rest.isascii() else None
