"""Writer of partner spreadsheets, from which an import makes the same partners again."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from crosspromo.domain.partner_rows import NUMBERS
from crosspromo.domain.partners import Partner
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.partner_cells import is_nothing, with_references
from crosspromo.intake.partner_headings import (
    COLUMNS,
    LISTED,
    NOTE_PREFIX,
    OPTIONAL_COLUMNS,
    OURS,
)
from crosspromo.intake.sheet import folded
from crosspromo.intake.spreadsheet import write_table


def write_partners(partners: Iterable[Partner]) -> str:
    """CSV from which `read_rows` reads the same partners.

    The columns are COLUMNS, then those of OPTIONAL_COLUMNS and one for each note, where a partner
    has it. Cells that a spreadsheet would run as a formula are guarded: see `write_table`.
    """
    columns, rows = table_of(partners)
    return write_table(columns, rows)


def table_of(partners: Iterable[Partner]) -> tuple[list[str], Iterable[Sequence[str]]]:
    """Columns and rows of a spreadsheet with these partners."""
    known = [(partner, _cells(partner)) for partner in partners]
    columns = [*COLUMNS]
    columns += [column for column in OPTIONAL_COLUMNS if any(cells[column] for _, cells in known)]
    columns += dict.fromkeys(_heading(note) for partner, _ in known for note in partner.notes)
    return columns, (
        [with_references(cells.get(column, "")) for column in columns] for _, cells in known
    )


def _heading(note: str) -> str:
    """Heading of a note; one that could mean a column of ours gets a prefix."""
    means_more = folded(note) in OURS or note.startswith(NOTE_PREFIX)
    return f"{NOTE_PREFIX}{note}" if means_more else note


def _handle(handle: str) -> str:
    """Handle as a cell; one like `none` keeps its `@`, or else it would mean nothing."""
    return f"@{handle}" if handle and is_nothing(handle) else handle


def _cells(partner: Partner) -> "MappingProxyType[str, str]":
    lists = {name: ";".join(getattr(partner, name)) for name in ("topics", *LISTED)}
    numbers = {name: getattr(partner, name) for name in NUMBERS}
    return MappingProxyType(
        {_heading(note): text for note, text in partner.notes.items()}
        | {network: _handle(partner.handles.get(network, "")) for network in HANDLE_NETWORKS}
        | lists
        | {name: "" if value is None else str(value) for name, value in numbers.items()}
        | {
            "slug": partner.slug,
            "name": partner.name,
            "kind": partner.kind,
            "list": partner.list,
            "closeness": partner.closeness,
            "tier": partner.tier,
            "why": partner.why,
            "website": partner.website,
            "tag_ok": "yes" if partner.tag_ok else "",
            "status": partner.status,
            "archived": "yes" if partner.archived_at else "",
            "owner": partner.owner,
            "support": partner.support,
        }
    )
