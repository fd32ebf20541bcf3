"""Reader of outside posts: counted posts made without crosspromo, from a spreadsheet."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import RowError, UsageError
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.domain.typed_times import parse_when
from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.partner_cells import is_nothing
from crosspromo.intake.reading import Reading
from crosspromo.intake.spreadsheet import CellError, Table, read_table

COLUMNS = ("account", "published_at", "credit", "partner", "text", "url", "remote_id")
"""Columns of the file, in any order (CLI contract); other columns are not read."""

NEEDED = ("account", "published_at", "credit")

_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """Accounts (by name) and partners (by slug) that rows may refer to, and the time of reading.

    Times without an offset are in `zone`, and no time lies after `now`. `own_group` are the slugs
    of the partners that count as self.
    """

    accounts: Collection[str]
    partners: Collection[str]
    own_group: Collection[str]
    zone: ZoneInfo
    now: datetime


def read_outside_posts(data: bytes, source: str, known: Known) -> Reading[OutsidePost]:
    """Outside posts of a CSV file, with an error for each unusable row.

    UTF-8 or UTF-16 with BOM; commas, semicolons or tabs; headers in any order and case. Posts with
    the credit `none` are included: they may take back the credit that an earlier file gave.
    """
    try:
        table = read_table(data, COLUMNS)
    except UnreadableFileError as error:
        return Reading(source, errors=(error.fault,))
    missing = [column for column in NEEDED if column not in table.columns]
    if missing:
        message = "the header has no such column; the first row names the columns: "
        return Reading(source, errors=(RowError(1, missing[0], message + ", ".join(COLUMNS)),))
    return _read_rows(table, source, known)


def _read_rows(table: Table, source: str, known: Known) -> Reading[OutsidePost]:
    errors = [*table.errors]
    posts: list[OutsidePost] = []
    rows: list[int] = []
    seen = _Seen()
    for row in table.rows:
        try:
            post = _post(row.cells, known)
            seen.note(post, row.number)
        except CellError as error:
            errors.append(error.in_row(row.number))
            continue
        posts.append(post)
        rows.append(row.number)
    errors.sort(key=lambda error: error.row)
    return Reading(source, tuple(posts), tuple(rows), tuple(errors))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Rows read so far, by remote_id and by content.

    Two rows with the same content may be one post or two posts. Only a person knows which, and
    counting two posts as one would lose a self post.
    """

    by_id: dict[tuple[str, str], int] = field(default_factory=dict)
    without_id: dict[tuple[object, ...], int] = field(default_factory=dict)
    with_id: dict[tuple[object, ...], int] = field(default_factory=dict)

    def note(self, post: OutsidePost, row: int) -> None:
        """Remember the row; CellError where an earlier row may be the same post."""
        content = (post.account, post.published_at, post.text, post.url)
        if post.remote_id is None:
            first = self.without_id.setdefault(content, row)
            first = self.with_id.get(content, first)
        else:
            first = self.by_id.setdefault((post.account, post.remote_id), row)
            first = self.without_id.get(content, first)
            self.with_id.setdefault(content, row)
        if first != row:
            raise CellError(
                "remote_id",
                f"rows {first} and {row} may be the same post; remove one row, or give each the "
                "remote_id of its own post",
            )


def _post(cells: Mapping[str, str], known: Known) -> OutsidePost:
    account = _account(cells.get("account", ""), known)
    published_at = _published_at(cells.get("published_at", ""), known)
    credit = _credit(cells.get("credit", ""))
    cells = {column: cell for column, cell in cells.items() if not _says_nothing(column, cell)}
    partner = _partner(cells.get("partner"), credit, known)
    text, url, remote_id = cells.get("text"), _url(cells.get("url")), _id(cells.get("remote_id"))
    if not (text or url or remote_id):
        raise CellError(
            "text",
            "nothing tells this post from another; fill in its text, url or remote_id, so that it "
            "is known again and never counted twice",
        )
    return OutsidePost(account, published_at, credit, partner, text, url, remote_id)


def _says_nothing(column: str, cell: str) -> bool:
    """Whether a word such as `n/a` stands for an empty cell; a text is taken by its letters."""
    return column in {"partner", "url", "remote_id"} and is_nothing(cell)


def _account(cell: str, known: Known) -> str:
    if cell not in known.accounts:
        there_are = ", ".join(known.accounts) or "none yet"
        said = f'there is no account "{cell[:60]}"' if cell else "is empty"
        raise CellError("account", f"{said}; crosspromo.toml has: {there_are}")
    return cell


def _published_at(cell: str, known: Known) -> datetime:
    """Moment of publication, in UTC.

    A day without time is refused: whether a post counts may depend on the hour.
    """
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        said = f'"{cell[:60]}" is no time' if cell else "is empty"
        raise CellError("published_at", f"{said}; write it like 2026-04-22T09:00") from None
    if _is_day(cell):
        raise CellError(
            "published_at", f'"{cell}" is a day; add the time of day, as in {cell}T09:00'
        )
    try:
        moment = parse_when(cell, known.now, known.zone)
    except UsageError as error:
        raise CellError("published_at", str(error)) from None
    if moment > known.now:
        raise CellError("published_at", f'"{cell}" lies in the future; only what is out counts')
    return moment


def _is_day(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def _credit(cell: str) -> Credit:
    try:
        return Credit(cell.lower())
    except ValueError:
        said = f'"{cell[:60]}" is no credit' if cell else "is empty"
        raise CellError("credit", f"{said}; write others, self, both or none") from None


def _partner(cell: str | None, credit: Credit, known: Known) -> str | None:
    if cell is None:
        return None
    if cell not in known.partners:
        raise CellError("partner", NoSuchPartner(cell[:60]))
    if cell in known.own_group and credit.counts_others:
        raise CellError("credit", f"{cell} is of our own group; what lifts it up counts as self")
    return cell


def _url(cell: str | None) -> str | None:
    if cell is not None and not is_web_address(cell):
        raise CellError(
            "url",
            f'"{cell[:60]}" is no web address; write that of the post, such as '
            "https://network.example/posts/1",
        )
    return cell


def _id(cell: str | None) -> str | None:
    if cell is not None and _ROUNDED.fullmatch(cell):
        raise CellError(
            "remote_id",
            f'"{cell}" was rounded by the spreadsheet; format the column as text and fill in the '
            "whole number again",
        )
    return cell
