"""Writer of partner workbooks, from which an import makes the same partners again."""

from collections.abc import Iterable
from io import BytesIO

from crosspromo.domain.partners import Partner
from crosspromo.intake.partner_export import table_of
from crosspromo.intake.workbook_writing import write_texts

SHEET = "Partners"
"""Name of the worksheet."""


def write_partner_workbook(partners: Iterable[Partner]) -> bytes:
    """XLSX with the columns of `write_partners`, from which `read_rows` reads the same partners."""
    columns, rows = table_of(partners)
    file = BytesIO()
    write_texts(file, SHEET, columns, rows)
    return file.getvalue()
