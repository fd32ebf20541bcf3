"""Worksheets of a workbook, whichever program wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager

from crosspromo.intake.file_kinds import FileKind, kind_of
from crosspromo.intake.grids import Wanted
from crosspromo.intake.ods import worksheets_of_ods
from crosspromo.intake.workbook_files import open_workbook
from crosspromo.intake.worksheets import Worksheet
from crosspromo.intake.xlsx import worksheets_of_xlsx

WORKBOOKS = frozenset({FileKind.XLSX, FileKind.ODS})


@contextmanager
def open_worksheets(data: bytes, wanted: Wanted) -> Iterator[list[Worksheet]]:
    """Worksheets of a file of WORKBOOKS, to be read while it is open.

    Raises UnreadableFileError, also where one is read.
    """
    with open_workbook(data) as file:
        is_ods = kind_of(data) is FileKind.ODS
        yield worksheets_of_ods(file, wanted) if is_ods else worksheets_of_xlsx(file, wanted)
