"""Files with partners, of whatever kind: a text spreadsheet, a workbook or an address book."""

from collections.abc import Callable

from crosspromo.intake.file_kinds import FileKind, kind_of
from crosspromo.intake.grids import Wanted
from crosspromo.intake.sheet import Sheet, read_sheet, sheet_of
from crosspromo.intake.vcards import read_vcards
from crosspromo.intake.workbook_reading import open_worksheets
from crosspromo.intake.worksheets import likeliest


def read_partner_file(data: bytes, is_familiar: Callable[[str], bool]) -> Sheet:
    """Headings and rows of a file; what it is, its content tells, whatever its name.

    `is_familiar` tells known headings. Raises UnreadableFileError where no row can be read.
    """
    match kind_of(data):
        case FileKind.XLSX | FileKind.ODS:
            with open_worksheets(data, Wanted()) as worksheets:
                return sheet_of(likeliest(worksheets, is_familiar), is_familiar)
        case FileKind.VCARDS:
            return sheet_of(read_vcards(data), is_familiar)
        case FileKind.TEXT:
            return read_sheet(data, is_familiar)
