"""Kinds of files with partners, told by what is in them."""

import zipfile
from enum import StrEnum
from io import BytesIO

from crosspromo.intake.encoding import MOST_BYTES
from crosspromo.intake.ods import CONTENT, MIME
from crosspromo.intake.vcards import is_address_book
from crosspromo.intake.workbook_files import DAMAGED
from crosspromo.intake.xlsx import TYPES

ZIP = b"PK\x03\x04"


class FileKind(StrEnum):
    """Kind of a file that is read."""

    TEXT = "text"
    XLSX = "XLSX"
    ODS = "ODS"
    VCARDS = "vCards"


def kind_of(data: bytes) -> FileKind:
    """Kind of a file; a workbook that is damaged or too large counts as XLSX."""
    if data.startswith(ZIP):
        names = entries_of(data)
        return FileKind.ODS if CONTENT in names and TYPES not in names else FileKind.XLSX
    return FileKind.VCARDS if is_address_book(data) else FileKind.TEXT


def entries_of(data: bytes) -> frozenset[str]:
    """Names of what is in a ZIP file; none where it is damaged or too large.

    That of a document in OpenDocument's formats which is no spreadsheet has its type after it.
    """
    if len(data) > MOST_BYTES:
        return frozenset()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            entry = archive.getinfo("mimetype") if "mimetype" in names else None
            if entry is None or entry.file_size > 200:
                return names
            with archive.open(entry) as file:
                is_table = file.read(200).strip().startswith(MIME)
            return names if is_table else names - {CONTENT}
    except DAMAGED:
        return frozenset()
