"""Rows of an editorial calendar while they are read: faults and remarks, and what a time means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.editorial import ALLOWED
from crosspromo.domain.errors import CrosspromoError, DatabaseError, Refused, RowError
from crosspromo.domain.reasons.sheets import NoTimeOfDay, SheetRemark
from crosspromo.domain.timing import at_wall_clock

if TYPE_CHECKING:
    from crosspromo.domain.reasons.refusals import Refusal


@dataclass(frozen=True, slots=True)
class RowRemark:
    """Remark on a row; 0 is the whole sheet."""

    row: int
    remark: SheetRemark


class Faults:
    """Refused cells, and remarks, as they are found."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = list(errors)
        self.remarks: list[RowRemark] = []

    def refuse(self, row: int, column: str, problem: "str | Refusal") -> None:
        """Take down why a cell is refused: a sentence or a reason."""
        self.errors.append(RowError(row, column, problem))

    def catch(self, row: int, column: str, error: CrosspromoError) -> None:
        """Take down an error as the fault of a row; DatabaseError is none, and is raised again."""
        if isinstance(error, DatabaseError):
            raise error
        self.refuse(row, column, error.reason if isinstance(error, Refused) else str(error))

    def remark(self, row: int, remark: SheetRemark) -> None:
        """Take down a remark on a row."""
        self.remarks.append(RowRemark(row, remark))


class When(NamedTuple):
    """Time of a row, aware; None: as soon as the gate allows it."""

    at: datetime | None


def when_of(row: int, cells: Mapping[str, str], zone: ZoneInfo, faults: Faults) -> When | None:
    """Time of the cells date, time and zone; None: a fault was taken down.

    Without a zone they are in `zone`.
    """
    day, at = cells.get("date", ""), cells.get("time", "")
    if at == ALLOWED and not day:
        return When(None)
    if not day or not at or at == ALLOWED:
        faults.refuse(row, "time" if day else "date", NoTimeOfDay())
        return None
    there = _zone(cells.get("zone", ""), zone)
    if there is None:
        words = f'"{cells["zone"][:60]}" is no time zone; write one such as {zone.key}'
        faults.refuse(row, "zone", words)
        return None
    return When(at_wall_clock(date.fromisoformat(day), time.fromisoformat(at), there))


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo | None:
    """Zone by name; `otherwise` for an empty name, None for an unknown one."""
    if not name or name == otherwise.key:
        return otherwise
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # of what the database of zones makes of a name
        return None
