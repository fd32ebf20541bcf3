"""Files that hold no table that is read: what each is, and what to do with it."""

from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from crosspromo.intake.file_kinds import ZIP, entries_of
from crosspromo.intake.ods import CONTENT
from crosspromo.intake.xlsx import TYPES

_OLD: Final = (
    "is a workbook with a password, or one of Excel until 2003; open it, save it as XLSX without a "
    "password, and import that"
)
_BINARY: Final = "is a binary workbook of Excel; open it, save it as XLSX, and import that"
_NUMBERS: Final = "is a file of Numbers or Pages; export it as Excel or CSV, and import that"
_DOCUMENT: Final = "is a document, no spreadsheet; copy its table into one and save that as CSV"
_PAGE: Final = "is a web page, no spreadsheet; download the table itself as CSV"
_ARCHIVE: Final = "is an archive; unpack it, and import the list in it"

_BY_SUFFIX: Final = MappingProxyType(
    dict.fromkeys((".pdf", ".doc", ".docx", ".odt", ".rtf"), _DOCUMENT)
)
_BY_BEGINNING: Final = MappingProxyType(
    {
        b"\xd0\xcf\x11\xe0": _OLD,
        b"%pdf-": _DOCUMENT,
        b"{\\rtf": _DOCUMENT,
        b"<!doctype html": _PAGE,
        b"<html": _PAGE,
    }
)
_BY_ENTRY: Final = MappingProxyType(
    {
        "xl/workbook.bin": _BINARY,
        "word/document.xml": _DOCUMENT,
        "ppt/presentation.xml": _DOCUMENT,
        "Index/Document.iwa": _NUMBERS,
        "Index.zip": _NUMBERS,
        "mimetype": _DOCUMENT,
    }
)


def foreign(data: bytes, source: str) -> str | None:
    """What a file is instead of a list that is read, and what to do; None: nothing else is known.

    What is in it tells, or else the suffix of its name.
    """
    if data.startswith(ZIP):
        return _foreign_archive(entries_of(data))
    beginning = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, sentence in _BY_BEGINNING.items():
        if beginning.startswith(start) or beginning.lower().startswith(start):
            return sentence
    return _BY_SUFFIX.get(PurePath(source).suffix.lower())


def _foreign_archive(entries: frozenset[str]) -> str | None:
    found = next((sentence for name, sentence in _BY_ENTRY.items() if name in entries), None)
    if not entries or "xl/workbook.xml" in entries or CONTENT in entries:
        return None
    return found or (None if TYPES in entries else _ARCHIVE)
