"""Month reports: what a month brought, and whether the promise was kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import UsageError
from crosspromo.domain.partners import Partner
from crosspromo.domain.timing import at_wall_clock
from crosspromo.reports.month import AccountMonth, MonthReport, month_report
from crosspromo.services.sheets import sheet_of

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.unit import Store

EARLIEST_YEAR = 2000
LATEST_YEAR = 9998

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


COLUMNS = (
    *("account", "network", "target", "window", "others", "self", "self_sent", "allowed"),
    *("released", "window_others", "window_self", "ok", "below_since"),
)
"""Columns of the table of accounts, with the names of the ratio report's JSON where it has them."""


class Month(NamedTuple):
    """Calendar month, in the zone of the organisation."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Month written as `2026-10`; UsageError for any other text."""
        found = _MONTH.fullmatch(text)
        if found is None or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
            raise UsageError(f'"{text[:40]}" is no month; write one such as 2026-10')
        return cls(int(found[1]), int(found[2]))

    @property
    def following(self) -> "Month":
        """Month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> "Month":
        """Month before this one."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True, slots=True)
class ReportOfMonth:
    """Report of a month, with the partners whom it names, by slug; `is_current`: it goes on."""

    month: Month
    is_current: bool
    report: MonthReport
    partners: Mapping[str, Partner]


@dataclass(frozen=True)
class MonthReports:
    """Reports by month, in `zone`; `rules` are those of every account by name."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"

    def current(self) -> Month:
        """Month that goes on now."""
        today = self.clock.now().astimezone(self.zone).date()
        return Month(today.year, today.month)

    def of(self, month: Month) -> ReportOfMonth:
        """Report of the month; of one that goes on, until now. UsageError for a later month."""
        current = self.current()
        if month > current:
            raise UsageError(f"{month} has not begun; the latest report is that of {current}")
        begins, ends = (
            at_wall_clock(each.first_day, time(), self.zone) for each in (month, month.following)
        )
        with self.store.read() as unit:
            report = month_report(
                unit,
                self.rules,
                self.organisation,
                begins=begins,
                ends=ends,
                now=self.clock.now(),
            )
            partners = {each.slug: each for each in unit.partners.all()}
        return ReportOfMonth(month, month == current, report, partners)

    def csv(self, month: Month) -> str:
        """Table of the accounts in the month, as CSV that no spreadsheet runs as formulas."""
        return sheet_of(COLUMNS, _rows_of(self.of(month).report.accounts))


def _rows_of(months: Sequence[AccountMonth]) -> Sequence[Sequence[str]]:
    """Cells of the table of accounts, in the order of COLUMNS."""
    return [
        [
            each.account,
            each.network,
            each.target or "",
            str(each.window),
            str(each.others),
            str(each.self_),
            str(each.sent),
            str(each.allowed),
            str(each.released),
            str(each.standing.others),
            str(each.standing.self_),
            "yes" if each.ok else "no",
            "" if each.below_since is None else each.below_since.isoformat(timespec="seconds"),
        ]
        for each in months
    ]
