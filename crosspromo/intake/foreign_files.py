"""Files that are no text spreadsheets: what each is, and what to do with it."""

from pathlib import PurePath
from types import MappingProxyType
from typing import Final

_WORKBOOK: Final = (
    'is a workbook, which is not read yet; open it, save the sheet as "CSV UTF-8" and import that'
)
_VCARD: Final = (
    "is an address book of vCards, which is not read yet; export the contacts as CSV and import "
    "that"
)
_DOCUMENT: Final = "is a document, no spreadsheet; copy its table into one and save that as CSV"
_PAGE: Final = "is a web page, no spreadsheet; download the table itself as CSV"

_BY_SUFFIX: Final = MappingProxyType(
    dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods", ".numbers"), _WORKBOOK)
    | dict.fromkeys((".vcf", ".vcard"), _VCARD)
    | dict.fromkeys((".pdf", ".doc", ".docx", ".odt", ".rtf"), _DOCUMENT)
)
_BY_BEGINNING: Final = MappingProxyType(
    {
        b"PK\x03\x04": _WORKBOOK,
        b"\xd0\xcf\x11\xe0": _WORKBOOK,  # of Excel until 2003
        b"begin:vcard": _VCARD,
        b"%pdf-": _DOCUMENT,
        b"{\\rtf": _DOCUMENT,
        b"<!doctype html": _PAGE,
        b"<html": _PAGE,
    }
)


def foreign(data: bytes, source: str) -> str | None:
    """What a file is instead of a text spreadsheet, and what to do; None: nothing else is known.

    Its first bytes tell, or else the suffix of its name.
    """
    beginning = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, sentence in _BY_BEGINNING.items():
        if beginning.startswith(start) or beginning.lower().startswith(start):
            return sentence
    return _BY_SUFFIX.get(PurePath(source).suffix.lower())
