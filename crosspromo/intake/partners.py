"""Reader and writer of partner spreadsheets."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from crosspromo.domain.errors import InputError, RowError
from crosspromo.domain.naming import slugify
from crosspromo.domain.partners import Partner, check_slug
from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.handles import HANDLE_NETWORKS, HandleError, bare_handle
from crosspromo.intake.reading import Reading
from crosspromo.intake.spreadsheet import CellError, SheetRow, Table, read_table, write_table

COLUMNS = (
    *("slug", "name", "kind", "list", "closeness", "tier", "why"),
    *HANDLE_NETWORKS,
    *("website", "topics"),
)
"""Columns of every export, in order (CLI contract)."""

OPTIONAL_COLUMNS = ("tag_ok", "status")
"""Columns that an export has only where some partner has a value for them."""

_YES_NO = MappingProxyType(
    {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
)
_STATUS = re.compile(r"c[0-9]{1,2}|527|candidate")
_CODE_SECTION = re.compile(r"501\(?c\)?\(?([0-9]{1,2})\)?")

_NO_NAME = RowError(
    1,
    "name",
    f"the header has no such column; the first row names the columns: {', '.join(COLUMNS)}",
)


def read_partners(data: bytes, source: str) -> Reading[Partner]:
    """Partners of a CSV file, with an error for each unusable row.

    UTF-8 or UTF-16 with BOM; commas, semicolons or tabs; headers in any order and case. Unknown
    columns are kept in the partner's notes.
    """
    try:
        table = read_table(data, (*COLUMNS, *OPTIONAL_COLUMNS))
    except UnreadableFileError as error:
        return Reading(source, errors=(error.fault,))
    if "name" not in table.columns:
        return Reading(source, errors=(_NO_NAME,))
    return _read_rows(table, source)


def write_partners(partners: Iterable[Partner]) -> str:
    """CSV from which `read_partners` reads the same partners.

    The columns are COLUMNS, then `tag_ok`, `status` and one for each note, where a partner has it.
    Cells that a spreadsheet would run as a formula are guarded: see `write_table`.
    """
    known = tuple(partners)
    columns = [*COLUMNS]
    columns += [column for column in OPTIONAL_COLUMNS if any(getattr(p, column) for p in known)]
    columns += dict.fromkeys(note for partner in known for note in partner.notes)
    rows = [_cells(partner) for partner in known]
    return write_table(columns, ([row.get(column, "") for column in columns] for row in rows))


def _read_rows(table: Table, source: str) -> Reading[Partner]:
    errors = [*table.errors]
    found: dict[str, tuple[int, Partner]] = {}
    for row in table.rows:
        try:
            partner = _partner(row)
        except CellError as error:
            errors.append(error.in_row(row.number))
            continue
        first, _ = found.setdefault(partner.slug, (row.number, partner))
        if first != row.number:
            errors.append(_duplicate(partner.slug, first, row.number))
    return Reading(
        source,
        items=tuple(partner for _, partner in found.values()),
        rows=tuple(number for number, _ in found.values()),
        errors=tuple(sorted(errors, key=lambda error: error.row)),
    )


def _partner(row: SheetRow) -> Partner:
    cells = row.cells
    name = " ".join(cells.get("name", "").split())
    if not name:
        raise CellError("name", "is empty; every partner needs a name")
    return Partner(
        slug=_slug(cells.get("slug", ""), name),
        name=name,
        kind=cells.get("kind", ""),
        list=cells.get("list", ""),
        closeness=cells.get("closeness", ""),
        tier=cells.get("tier", ""),
        why=cells.get("why", ""),
        website=_website(cells.get("website", "")),
        handles=_handles(cells),
        topics=_topics(cells.get("topics", "")),
        tag_ok=_yes_or_no("tag_ok", cells.get("tag_ok", "")),
        status=_status(cells.get("status", "")),
        notes=_notes(cells),
    )


def _duplicate(slug: str, first: int, second: int) -> RowError:
    return RowError(
        second,
        "slug",
        f'"{slug}" is the slug of row {first} and of row {second}; remove one row, '
        "or give each its own slug",
    )


def _slug(cell: str, name: str) -> str:
    slug = cell or slugify(name)
    if not slug:
        raise CellError("slug", f'"{name}" makes no slug; write one, such as "river-keepers"')
    try:
        return check_slug(slug)
    except InputError as error:
        raise CellError("slug", error.reason) from None


def _handles(cells: Mapping[str, str]) -> Mapping[str, str]:
    handles: dict[str, str] = {}
    for network in HANDLE_NETWORKS:
        if network in cells:
            try:
                handles[network] = bare_handle(network, cells[network])
            except HandleError as error:
                raise CellError(network, str(error)) from None
    return MappingProxyType(handles)


def _website(cell: str) -> str:
    if cell and not is_web_address(cell):
        raise CellError(
            "website",
            f'"{cell[:60]}" is no web address; write it whole, such as https://river.example',
        )
    return cell


def _topics(cell: str) -> tuple[str, ...]:
    topics = (" ".join(topic.split()).lstrip("#").strip() for topic in cell.split(";"))
    return tuple(dict.fromkeys(topic for topic in topics if topic))


def _yes_or_no(column: str, cell: str) -> bool:
    answer = _YES_NO.get(cell.lower())
    if answer is None:
        raise CellError(column, f'"{cell[:60]}" is neither yes nor no; write one of them')
    return answer


def _status(cell: str) -> str:
    """Legal status in its canonical spelling, or an empty text.

    Free text is refused: the gate blocks on these words, and a misspelt word would silently unblock
    a partner.
    """
    status = _CODE_SECTION.sub(r"c\1", cell.lower())
    if status and _STATUS.fullmatch(status) is None:
        raise CellError(
            "status",
            f'"{cell[:60]}" is no legal status we know; write c3, c4, 527 or candidate, '
            "or leave it empty",
        )
    return status


def _notes(cells: Mapping[str, str]) -> Mapping[str, str]:
    ours = {*COLUMNS, *OPTIONAL_COLUMNS}
    return MappingProxyType({name: cell for name, cell in cells.items() if name not in ours})


def _cells(partner: Partner) -> dict[str, str]:
    return {
        **partner.notes,
        **{network: partner.handles.get(network, "") for network in HANDLE_NETWORKS},
        "slug": partner.slug,
        "name": partner.name,
        "kind": partner.kind,
        "list": partner.list,
        "closeness": partner.closeness,
        "tier": partner.tier,
        "why": partner.why,
        "website": partner.website,
        "topics": ";".join(partner.topics),
        "tag_ok": "yes" if partner.tag_ok else "",
        "status": partner.status,
    }
