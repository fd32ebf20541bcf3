"""Files with partners, of whatever kind: a text spreadsheet, a workbook or an address book."""

from collections.abc import Callable

from crosspromo.intake.file_kinds import FileKind, kind_of
from crosspromo.intake.ods import read_ods
from crosspromo.intake.sheet import Sheet, read_sheet, sheet_of
from crosspromo.intake.vcards import read_vcards
from crosspromo.intake.workbook_files import open_workbook
from crosspromo.intake.xlsx import read_xlsx


def read_partner_file(data: bytes, is_familiar: Callable[[str], bool]) -> Sheet:
    """Headings and rows of a file; what it is, its content tells, whatever its name.

    `is_familiar` tells known headings. Raises UnreadableFileError where no row can be read.
    """
    match kind_of(data):
        case FileKind.XLSX:
            with open_workbook(data) as file:
                return sheet_of(read_xlsx(file, is_familiar), is_familiar)
        case FileKind.ODS:
            with open_workbook(data) as file:
                return sheet_of(read_ods(file, is_familiar), is_familiar)
        case FileKind.VCARDS:
            return sheet_of(read_vcards(data), is_familiar)
        case FileKind.TEXT:
            return read_sheet(data, is_familiar)
