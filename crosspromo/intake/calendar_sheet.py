"""Editorial calendars as people bring them back: rows of a workbook as plain cells by column.

Headings are known in any order and in any case, further those that other calendars use. Dates and
times come as a spreadsheet program keeps them, or as somebody typed them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.editorial import ALLOWED, COLUMNS, plain
from crosspromo.domain.errors import RowError, UsageError
from crosspromo.domain.typed_times import parse_day, parse_when
from crosspromo.intake.cell_values import Formula, Value, moment_of
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.file_kinds import kind_of
from crosspromo.intake.grids import Grid, Wanted
from crosspromo.intake.spreadsheet import CellError
from crosspromo.intake.workbook_reading import WORKBOOKS, open_worksheets
from crosspromo.intake.worksheets import in_sight_first

_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("day", "publish date", "post date", "scheduled date"), "date"),
        **dict.fromkeys(("publish time", "post time", "scheduled time"), "time"),
        **dict.fromkeys(("time zone", "timezone"), "zone"),
        **dict.fromkeys(("channel", "platform", "platform and channel assignments"), "account"),
        **dict.fromkeys(("accounts", "network"), "account"),
        **dict.fromkeys(("post type", "content type"), "kind"),
        **dict.fromkeys(("partners", "partner organisation", "partner organization"), "partner"),
        **dict.fromkeys(("caption", "caption or copy", "content / caption", "copy"), "text"),
        **dict.fromkeys(("full caption", "post", "content", "message"), "text"),
        **dict.fromkeys(("media file", "image", "images", "picture"), "media"),
        **dict.fromkeys(("alt text", "image description"), "alt"),
        **dict.fromkeys(("url", "link url"), "link"),
        **dict.fromkeys(("campaign / theme", "theme"), "campaign"),
        **dict.fromkeys(("status", "approval stage"), "state"),
        **dict.fromkeys(("approved (yes/no)", "approved by", "approved", "review by"), "approver"),
        **dict.fromkeys(("notes", "special notes", "comments"), "note"),
    }
)
"""Columns for headings of other calendars."""

MOST_HEADINGS_TRIED = 20
"""First rows in which headings are looked for: titles may stand above them."""

_LEAST_HEADINGS = 2

_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?")
_MOST_DAYS = 200_000
LONGEST_CELL = 50_000
"""Characters of a text; spreadsheet programs hold 32,767."""

_WANTED = Wanted(LONGEST_CELL, values=True)


class _Cell(NamedTuple):
    """Text of a cell, and what it is, where it is no text."""

    text: str = ""
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class RowOfCalendar:
    """Row with the number that a spreadsheet program shows, and plain cells by column.

    Every column of the sheet is in `cells`, empty cells as empty texts. `id` None: a new row.
    """

    number: int
    id: int | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """Rows of a calendar, cells with faults, and headings of columns that are not read."""

    rows: Sequence[RowOfCalendar]
    errors: Sequence[RowError]
    unread: Sequence[str]


def read_calendar_sheet(data: bytes, now: datetime, zone: ZoneInfo) -> CalendarSheet:
    """Read the sheet of a workbook that has the headings of a calendar.

    Typed days are meant from `now` (aware) in `zone`. UnreadableFileError for a file that is no
    workbook, or has no such sheet.
    """
    if kind_of(data) not in WORKBOOKS:
        raise UnreadableFileError("is no workbook; save the sheet as XLSX or ODS")
    with open_worksheets(data, _WANTED) as worksheets:
        for worksheet in in_sight_first(worksheets):
            grid = worksheet.read()
            for place, (_, headings) in enumerate(grid.rows[:MOST_HEADINGS_TRIED]):
                columns, unread = _columns(headings)
                if len(columns) >= _LEAST_HEADINGS and {"id", "text", "partner"} & set(columns):
                    if grid.end is not None:
                        raise grid.end
                    rows, errors = _rows(grid, place + 1, columns, now, zone)
                    return CalendarSheet(rows, errors, unread)
    raise UnreadableFileError(
        "has no sheet with the headings of a calendar; they are: " + ", ".join(COLUMNS)
    )


def _columns(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Place of each known column, its first one, and the headings that are not read."""
    columns: dict[str, int] = {}
    unread = []
    for place, heading in enumerate(headings):
        words = " ".join(heading.split())
        key = words.lower().rstrip(" :*")
        column = key if key in COLUMNS else _OTHERS.get(key)
        if column is not None and column not in columns:
            columns[column] = place
        elif words:
            unread.append(words[:80])
    return columns, unread


def _rows(
    grid: Grid,
    first: int,
    columns: Mapping[str, int],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[list[RowOfCalendar], list[RowError]]:
    rows: list[RowOfCalendar] = []
    errors: list[RowError] = []
    for number, texts in grid.rows[first:]:
        values = grid.values.get(number, {})
        given = {
            column: _Cell(texts[place] if place < len(texts) else "", values.get(place))
            for column, place in columns.items()
        }
        cells: dict[str, str] = {}
        faults = []
        for column in sorted(given, key=COLUMNS.index):  # a date is read before its time
            try:
                cells[column] = _cell(column, given[column], cells, now, zone)
            except CellError as fault:
                faults.append(fault.in_row(number))
        if faults:
            errors += faults
        elif any(cells.values()):
            rows.append(RowOfCalendar(number, int(cells.get("id") or 0) or None, cells))
    return rows, errors


def _cell(
    column: str, cell: _Cell, before: Mapping[str, str], now: datetime, zone: ZoneInfo
) -> str:
    if isinstance(cell.value, Formula):
        raise CellError(column, "has a formula or its fault; copy it, and paste the value only")
    if len(cell.text) > LONGEST_CELL:
        raise CellError(column, f"has more than {LONGEST_CELL:,} characters; shorten it")
    match column:
        case "date":
            return _date(cell, now, zone)
        case "time":
            return _time(cell, before.get("date", ""), now, zone)
        case "id":
            return _number(cell)
        case _:
            return plain(_words(cell))


def _words(cell: _Cell) -> str:
    if isinstance(cell.value, bool):
        return "yes" if cell.value else "no"
    return cell.text


def _number(cell: _Cell) -> str:
    words = _words(cell).strip()
    if not words:
        return ""
    if not re.fullmatch(r"[1-9][0-9]{0,9}", words) or int(words) >= 2**31:
        raise CellError("id", f'"{words[:40]}" is no id; it is a number, or empty in a new row')
    return words


def _date(cell: _Cell, now: datetime, zone: ZoneInfo) -> str:
    match value := cell.value:
        case datetime() | date():
            return f"{value:%Y-%m-%d}"
        case bool():
            raise CellError("date", f'"{_words(cell)}" is not a day; write 2026-04-22')
        case float() if 1 <= value < _MOST_DAYS:
            return f"{moment_of(int(value)):%Y-%m-%d}"
    words = _words(cell).strip()
    if not words:
        return ""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        try:
            return date.fromisoformat(words).isoformat()
        except ValueError:
            raise CellError("date", f'"{words}" is a day that does not exist') from None
    try:
        return parse_day(words[:80], now, zone).isoformat()
    except UsageError as error:
        raise CellError("date", str(error)) from None


def _time(cell: _Cell, day: str, now: datetime, zone: ZoneInfo) -> str:
    match value := cell.value:
        case datetime():
            return _to_minute(timedelta(hours=value.hour, minutes=value.minute), value)
        case time():
            return _to_minute(timedelta(hours=value.hour, minutes=value.minute), value)
        case timedelta() if timedelta(0) <= value < timedelta(days=1):
            return _clock(value)
        case bool():
            raise CellError("time", f'"{_words(cell)}" is not a time of day; write 09:00')
        case float() if 0 <= value < 1:
            return _clock(timedelta(days=value))
    words = _words(cell).strip()
    if not words or words.lower() == ALLOWED:
        return words.lower()
    found = _CLOCK.fullmatch(words)
    if found is not None and int(found[1]) < 24 and int(found[2]) < 60:
        return f"{int(found[1]):02}:{found[2]}"
    try:
        moment = parse_when(f"{day} {words[:80]}".strip(), now, zone)
    except UsageError as error:
        raise CellError("time", str(error)) from None
    return f"{moment.astimezone(zone):%H:%M}"


def _to_minute(minutes: timedelta, value: datetime | time) -> str:
    seconds = timedelta(seconds=value.second, microseconds=value.microsecond)
    return _clock(minutes + seconds)


def _clock(since_midnight: timedelta) -> str:
    """Time of day; fractions of a day are a few microseconds away from their minute."""
    seconds = round(since_midnight.total_seconds()) % 86_400
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
