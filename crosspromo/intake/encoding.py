"""Decoding of untrusted bytes to text."""

import codecs
import re
from pathlib import Path

from crosspromo.domain.errors import RowError

MOST_BYTES = 5_000_000

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ZIP = b"PK\x03\x04"  # first bytes of every .xlsx
UNDECODED = re.compile("[\udc80-\udcff]")
"""A byte that was not UTF-8, in a text that was decoded with `surrogateescape`."""


class UnreadableFileError(Exception):
    """Error: the file, or the rest of it, cannot be used; `fault` gives the reason.

    Readers turn it into an error of a Reading.
    """

    def __init__(self, message: str, *, column: str = "file", row: int = 0) -> None:
        self.fault = RowError(row, column, message)
        super().__init__(message)


def contents(path: Path) -> bytes:
    """Bytes of a file, at most one more than a reader takes; OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def decode(data: bytes) -> str:
    """Text of UTF-8, with or without BOM, or of UTF-16 with its BOM, as Excel writes it.

    Bytes that are not UTF-8 become lone surrogates, so that the reader can name their row: see
    `is_undecoded`. Raises UnreadableFileError where the data is no text or too large.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(
            f"has more than the {MOST_BYTES:,} bytes that are read; split the file"
        )
    if data.startswith(_ZIP):
        raise UnreadableFileError("is a workbook or an archive, not text; save it as CSV UTF-8")
    text = _decode_utf16(data) if data.startswith(_UTF_16) else _decode_utf8(data)
    if "\0" in text:
        raise UnreadableFileError("holds null bytes, so it is not text; save it as UTF-8")
    return text


def is_undecoded(text: str) -> bool:
    """Whether the text contains bytes that were not UTF-8."""
    return UNDECODED.search(text) is not None


def _decode_utf8(data: bytes) -> str:
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _decode_utf16(data: bytes) -> str:
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError:
        raise UnreadableFileError("starts as UTF-16 but is damaged; save it as UTF-8") from None
