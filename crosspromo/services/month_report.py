"""Month reports: what a month brought, and whether the promise was kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import UsageError
from crosspromo.domain.months import Month
from crosspromo.domain.partners import Partner
from crosspromo.domain.report_rows import GivenRow
from crosspromo.domain.timing import at_wall_clock, wall_clock
from crosspromo.reports.amplification import Amplification, amplification
from crosspromo.reports.gate import HoldFigure, by_reason
from crosspromo.reports.month import MonthReport, month_report
from crosspromo.reports.partners import PartnerFigure, Reciprocity, reciprocity
from crosspromo.reports.sharing import Sharing
from crosspromo.reports.weeks import INSTANT
from crosspromo.services.report_partners import partners_in, sharing_in
from crosspromo.services.report_scope import Scope, moment_of
from crosspromo.services.reports import GIVEN_WITHIN

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class Around:
    """What a month is seen beside: the month before, partners and holds.

    `partners` are figures at the end, `reciprocity` of GIVEN_WITHIN before it, also of archived
    partners and of `entered_later`, the names of those who were entered after it. `carried` is what
    came back of the posts of all accounts in the month, `carried_before` in that before. `received`
    and `received_before` are acts of partners in the two months. `held` are holds that
    began in the month, `deleted` posts of it that are deleted, `unknown` deliveries of which nobody
    knows now whether they went out (None: the report is of a past moment). `pressing` are partners
    with their figures of now, on the local day `today`, for what is to be done, and `sharing` what
    stands against it.
    """

    others_before: int
    self_before: int
    released_before: int
    partners: Sequence[PartnerFigure]
    reciprocity: Sequence[Reciprocity]
    carried: Amplification
    carried_before: Amplification
    received: int
    received_before: int
    held: Sequence[HoldFigure]
    deleted: int
    unknown: int | None
    pressing: Sequence[PartnerFigure]
    today: date
    sharing: Sharing
    entered_later: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportOfMonth:
    """Report of a month, with the partners whom it names, by slug; `is_current`: it goes on."""

    month: Month
    is_current: bool
    report: MonthReport
    partners: Mapping[str, Partner]
    scope: Scope
    around: Around


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
        return self._month_at(self.clock.now())

    def _month_at(self, moment: datetime) -> Month:
        day = moment.astimezone(self.zone).date()
        return Month(day.year, day.month)

    def of(self, month: Month | None = None, as_of: datetime | None = None) -> ReportOfMonth:
        """Report of the month; of one that goes on, until now. UsageError for a later month.

        With `as_of`, a past moment, it is the report of that moment. `month` None: the one that
        goes on at the moment.
        """
        now = self.clock.now()
        moment = moment_of(as_of, now, self.zone)
        known_at = None if moment == now else moment
        current = self._month_at(moment)
        asked = current if month is None else month
        if asked > current:
            if known_at is None:
                raise UsageError(f"{asked} has not begun; the latest report is that of {current}")
            raise UsageError(
                f"{asked} had not begun on {wall_clock(moment, self.zone)}; the latest "
                f"report of that time is that of {current}"
            )
        begins, ends = (self._begin(each) for each in (asked, asked.following))
        with self.store.read() as unit:
            since = unit.report_rows.history_since()
            scope = Scope(begins - INSTANT, min(moment, ends), known_at, since, self.zone)
            given = unit.report_rows.given(scope.last(GIVEN_WITHIN))  # that of the month is in it
            report = month_report(
                unit,
                self.rules,
                self.organisation,
                begins=begins,
                ends=ends,
                now=moment,
                given=[row for row in given if row.at > scope.after],
                known_at=known_at,
                recorded_by=scope.recorded_by,
            )
            partners = {each.slug: each for each in unit.partners.all()}
            around = self._around(unit, asked, scope, partners, given)
        return ReportOfMonth(asked, asked == current, report, partners, scope, around)

    def _begin(self, month: Month) -> datetime:
        return at_wall_clock(month.first_day, time(), self.zone)

    def _around(
        self,
        unit: "Unit",
        month: Month,
        scope: Scope,
        partners: Mapping[str, Partner],
        given: Sequence[GivenRow],
    ) -> Around:
        before = self._begin(month.before)
        lately = scope.last(GIVEN_WITHIN)
        first = min(before, lately.after)
        both = unit.report_rows.received(scope.since(first))
        holds = unit.report_rows.holds(scope.stretch)
        rows = unit.report_rows.counted(scope.since(before))
        accounts = {row.account for row in rows}
        measured = unit.report_figures.posts(scope.since(before), accounts)
        carried, carried_before = (
            amplification(
                [row for row in rows if (row.at > scope.after) is within], (), measured, {}
            )
            for within in (True, False)
        )
        now = self.clock.now()
        figures = partners_in(unit, scope, partners.values(), given, now)
        received = [row for row in both if row.at > before]
        later = [row for row in both if row.at > lately.after]
        return Around(
            sum(row.others for row in rows if row.at <= scope.after),
            sum(row.self_ for row in rows if row.at <= scope.after),
            sum(row.overridden for row in rows if row.at <= scope.after),
            figures,
            reciprocity(partners.values(), given, later, scope.as_of),
            carried[-1],
            carried_before[-1],
            sum(row.at > scope.after for row in received),
            sum(row.at <= scope.after for row in received),
            by_reason(holds, scope.as_of),
            unit.report_rows.deleted(scope.stretch),
            unit.report_rows.unknown() if scope.known_at is None else None,
            self._pressing(unit, scope, partners.values(), figures, now),
            now.astimezone(self.zone).date(),
            sharing_in(unit, scope if scope.known_at else self._at_present(scope, now)),
            self._entered_later(scope, partners.values(), figures),
        )

    def _at_present(self, scope: Scope, now: datetime) -> Scope:
        return Scope(scope.after, now, None, scope.known_since, self.zone)

    def _entered_later(
        self, scope: Scope, partners: Iterable[Partner], figures: Sequence[PartnerFigure]
    ) -> Sequence[str]:
        """Names of partners who were not known yet; none of a past moment, which knew them not."""
        if scope.known_at is not None:
            return []
        offered = {each.slug for each in figures}
        at = scope.as_of
        return [
            each.name
            for each in partners
            if each.slug not in offered and (each.archived_at is None or each.archived_at > at)
        ]

    def _pressing(
        self,
        unit: "Unit",
        scope: Scope,
        partners: Iterable[Partner],
        figures: Sequence[PartnerFigure],
        now: datetime,
    ) -> Sequence[PartnerFigure]:
        """Partners with figures of now; none for a past moment, of which nothing is to be done."""
        if scope.known_at is not None:
            return []
        if scope.as_of == now:
            return figures
        return partners_in(unit, self._at_present(scope, now), partners, (), now)
