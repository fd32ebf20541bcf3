"""Rows of the editorial calendar: deliveries as cells of a sheet, and what a person changed there.

A cell is a text in its plain form (`plain`), so that what spreadsheet programs change by themselves
(ends of lines, spaces at the end) is no change. The version of a row has a short mark of each cell
as it left: it tells what the person changed, and what was changed here since.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import State

COLUMNS = (
    *("date", "time", "zone", "account", "kind", "partner", "text", "media", "alt", "link"),
    *("campaign", "state", "approver", "note", "id", "version"),
)
"""Columns of the sheet, in their order."""

COVERED = COLUMNS[:-2]
"""Columns whose cells the version of a row has marks of."""

WHEN = ("date", "time", "zone")
WORDS = ("text", "alt", "link")
LABELS = ("campaign", "note")
"""Columns that belong to the whole post, on all its accounts."""

CLAIMS = ("state", "approver")
"""Columns that tell what was done; what a person writes there is a claim, and nothing is set."""

CHANGEABLE = frozenset({*WHEN, *WORDS, *LABELS})
"""Columns in which a sheet changes a delivery that waits."""

ALLOWED = "allowed"
"""Time of a delivery that has none of its own, and goes as soon as the gate allows it."""

LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet program holds."""

TOO_LONG = "(too long for a cell; see the post itself)"

_NOT_IN_A_SHEET = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|x005F_")
"""Characters that no workbook holds, and the sign by which it escapes others."""

_VERSION = re.compile("1((?:[A-Za-z0-9_-]{4})+)")
_MARK = 4


def plain(text: str) -> str:
    """Text without what a spreadsheet program changes by itself: ends of lines, spaces at ends."""
    lines = _NOT_IN_A_SHEET.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def cells_of(delivery: Delivery, approval: Approval, zone: ZoneInfo) -> Mapping[str, str]:
    """Cells of a delivery by column, without its version; times in `zone`.

    A sent delivery has the time at which it went out.
    """
    at = (delivery.published_at or delivery.due_at).astimezone(zone)
    has_no_time = delivery.waits_to_be_allowed
    images = delivery.content.images
    cells = {
        "date": "" if has_no_time else f"{at:%Y-%m-%d}",
        "time": ALLOWED if has_no_time else f"{at:%H:%M}",
        "zone": zone.key,
        "account": delivery.account,
        "kind": delivery.kind.value,
        "partner": ", ".join(delivery.partners),
        "text": delivery.content.text,
        "media": "\n".join(image.path for image in images),
        "alt": "\n".join(in_one_line(image.alt) for image in images),
        "link": delivery.content.link or "",
        "campaign": delivery.campaign or "",
        "state": delivery.state.value,
        "approver": ", ".join((*approval.people, *approval.partners)),
        "note": delivery.note,
        "id": str(delivery.id),
    }
    return {column: _shown(text) for column, text in cells.items()}


def in_one_line(text: str) -> str:
    """Text whose lines are joined by spaces."""
    return " ".join(text.split())


def _shown(text: str) -> str:
    cell = plain(text)
    return cell if len(cell) <= LONGEST_CELL else TOO_LONG


def version_of(cells: Mapping[str, str]) -> str:
    """Version of a row: a mark of each covered cell, in the order of the columns."""
    return "1" + "".join(_mark(column, cells[column]) for column in COVERED)


def _mark(column: str, cell: str) -> str:
    return urlsafe_b64encode(blake2b(f"{column} {cell}".encode(), digest_size=3).digest()).decode()


@dataclass(frozen=True, slots=True)
class Changed:
    """Cell that a person changed, or that differs since: its value here now, and in the sheet."""

    column: str
    now: str
    given: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Row of a sheet beside the delivery as it is now.

    `changed` are cells that the person changed. `since` are cells that changed here since the row
    left; only if the person changed any.
    """

    changed: Sequence[Changed] = ()
    since: Sequence[Changed] = ()


def compared(given: Mapping[str, str], version: str, now: Mapping[str, str]) -> Compared | None:
    """Compare the cells of a row (a column that is not in the sheet is absent) with those of now.

    None: the version is none.
    """
    found = _VERSION.fullmatch(version)
    if found is None or len(found[1]) != _MARK * len(COVERED):
        return None
    marks = [found[1][start : start + _MARK] for start in range(0, len(found[1]), _MARK)]
    left = dict(zip(COVERED, marks, strict=True))
    cells = {column: given.get(column, now[column]) for column in COVERED}
    changed = [
        Changed(column, now[column], cell)
        for column, cell in cells.items()
        if column in given and _mark(column, cell) != left[column] and cell != now[column]
    ]
    if not changed:
        return Compared()
    since = [
        Changed(column, now[column], cells[column])
        for column in COVERED
        if _mark(column, now[column]) != left[column]
    ]
    return Compared(changed, since)


_APPROVED = re.compile(
    r"\s*(approved|approval|ok|yes|y|x|true|✓|✔)\b[\s:=]*(yes|y|true)?\s*", re.IGNORECASE
)


def claimed_name(state: str, approver: str) -> str | None:
    """Name of the person who approved the delivery, as changed cells say; empty: not said.

    None: they do not say that anybody approved it.
    """
    name = _APPROVED.sub("", approver, count=1).strip(" :,-") if approver else ""
    if approver or _APPROVED.fullmatch(state) or state.lower().startswith("approved"):
        return name
    return None


SET_BY_SENDING = frozenset(state.value for state in State)
"""Words of a state cell that only what happens to a delivery sets."""
