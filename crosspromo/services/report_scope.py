"""Time of a report: its window, whether it is past, and what cannot be known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.months import EARLIEST_YEAR, LATEST_YEAR
from crosspromo.domain.policy import Terms
from crosspromo.domain.timing import wall_clock
from crosspromo.services.policy_history import terms_of

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.ledger.known import Stretch
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Scope:
    """Window of a report, later than `after` and not later than `as_of`, in UTC.

    `known_at` is `as_of` where the report is of a past moment, else None. `known_since` is the time
    since when it is recorded what was known when; None: nobody knows.
    """

    after: datetime
    as_of: datetime
    known_at: datetime | None
    known_since: datetime | None
    zone: ZoneInfo

    @property
    def stretch(self) -> "Stretch":
        """Window as the store reads it."""
        return self.last(self.as_of - self.after)

    def last(self, span: timedelta) -> "Stretch":
        """Last part of so much time, up to the moment of the report."""
        return self.since(self.as_of - span)

    def since(self, after: datetime) -> "Stretch":
        """Time later than `after`, up to the moment of the report."""
        from crosspromo.store.ledger.known import Stretch  # noqa: PLC0415 (lists need none)

        return Stretch(after, self.as_of, self.recorded_by)

    @property
    def recorded_by(self) -> datetime | None:
        """Moment by which rows had to be recorded; None: they count as they are recorded today.

        Before the records began nobody can tell what was recorded by then.
        """
        return None if self.cannot_know else self.known_at

    @property
    def cannot_know(self) -> bool:
        """Whether the moment is before what is recorded."""
        since = self.known_since
        return self.known_at is not None and (since is None or self.known_at < since)


def scope_of(
    unit: "Unit", now: datetime, as_of: datetime | None, span: timedelta, zone: ZoneInfo
) -> Scope:
    """Scope of the last `span` of time up to a moment (None: now); UsageError for a later one."""
    moment = moment_of(as_of, now, zone)
    past = None if moment == now else moment
    return Scope(moment - span, moment, past, unit.report_rows.history_since(), zone)


def check_year(moment: datetime) -> None:
    """Check the year of a report's moment: UsageError outside EARLIEST_YEAR to LATEST_YEAR."""
    first = datetime(EARLIEST_YEAR, 1, 2, tzinfo=UTC)
    if not first <= moment < datetime(LATEST_YEAR, 12, 31, tzinfo=UTC):
        raise UsageError(
            "there is no report of that moment; "
            f"write one of the years {EARLIEST_YEAR} to {LATEST_YEAR}"
        )


def moment_of(as_of: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    """Moment of a report; None: now. UsageError for one that has not come, or of long ago."""
    if as_of is not None:
        check_year(as_of)
    if as_of is not None and as_of > now:
        raise UsageError(
            f"{wall_clock(as_of, zone)} has not come yet; a report is of now or of a time before"
        )
    return now if as_of is None else as_of


def terms_then(
    unit: "Unit",
    rules: "Mapping[str, AccountRules]",
    organisation: "OrganisationRules",
    known_at: datetime | None,
) -> tuple[Mapping[str, Terms], Terms]:
    """Terms of each account, and the floor; those of a past moment where they were recorded."""
    terms = {name: terms_of(each.policy) for name, each in rules.items()}
    floor = Terms(organisation.floor, None, organisation.window)
    if known_at is None:
        return terms, floor
    recorded = unit.policies.at(known_at)
    terms = {name: recorded.get(name, each) for name, each in terms.items()}
    return terms, recorded.get(None, floor)
