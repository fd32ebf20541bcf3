"""Time zones that a calendar file defines itself, in a VTIMEZONE (RFC 5545, 3.6.5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from crosspromo.intake.content_lines import Block, PropertyError
from crosspromo.intake.moments import wall_time
from crosspromo.intake.occurrences import occurrences
from crosspromo.intake.recurrence_rule import Frequency, Rule, RuleError, parse_rule
from crosspromo.intake.zone_names import guessed_name

MOST_OBSERVANCES = 100
MOST_DATES = 500
YEARS_LOOKED_BACK = 30

_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?")


@dataclass(frozen=True, slots=True)
class Observance:
    """STANDARD or DAYLIGHT component: the offset `after` holds from each of its onsets.

    Onsets are wall times in the offset `before`.
    """

    start: datetime
    before: timedelta
    after: timedelta
    rule: Rule | None
    more: tuple[datetime, ...]

    def onsets(self, year: int) -> Iterator[datetime]:
        """Onsets in a year, as naive wall times; not sorted."""
        yield from (onset for onset in (self.start, *self.more) if onset.year == year)
        if self.rule is not None and year >= self.start.year:
            first, last = datetime(year, 1, 1), datetime(year, 12, 31, 23, 59, 59)  # noqa: DTZ001 — wall time
            ended = _wall(self.rule.until, self.before)
            last = last if ended is None else min(last, ended)
            yield from occurrences(self.rule, self.start, first, last)


@dataclass(frozen=True, slots=True)
class FileZone:
    """Zone by the rules of its file; people see its times in the zone `reads_as`."""

    name: str
    observances: tuple[Observance, ...]
    reads_as: str
    _years: dict[int, list[tuple[datetime, Observance]]] = field(
        default_factory=dict, compare=False
    )

    def to_utc(self, local: datetime) -> datetime:
        onset, observance = self._latest(local)
        offset = observance.after
        if local < onset or local - onset < observance.after - observance.before:
            offset = observance.before
        return (local - offset).replace(tzinfo=UTC)

    def to_local(self, moment: datetime) -> datetime:
        naive = moment.astimezone(UTC).replace(tzinfo=None)
        offsets = {o.after for o in self.observances} | {o.before for o in self.observances}
        for offset in sorted(offsets, reverse=True):
            if self.to_utc(naive + offset) == moment:
                return naive + offset
        return naive + self._latest(naive)[1].after

    def _latest(self, local: datetime) -> tuple[datetime, Observance]:
        """Latest onset up to that time, with its observance; else the first onset of all."""
        for year in range(local.year, local.year - YEARS_LOOKED_BACK, -1):
            for onset, observance in reversed(self._onsets(year)):
                if onset <= local:
                    return onset, observance
        past = [(o.start, o) for o in self.observances]
        return max(
            (pair for pair in past if pair[0] <= local),
            key=lambda pair: pair[0],
            default=min(past, key=lambda pair: pair[0]),
        )

    def _onsets(self, year: int) -> list[tuple[datetime, Observance]]:
        if year not in self._years:
            pairs = ((onset, each) for each in self.observances for onset in each.onsets(year))
            self._years[year] = sorted(pairs, key=lambda pair: pair[0])
        return self._years[year]


def read_zone(block: Block, home: str) -> FileZone | None:
    """Zone of a VTIMEZONE; None where its rules cannot be followed.

    People see its events in the IANA zone that its name suggests, else in `home`.
    """
    try:
        observances = tuple(_observance(each) for each in block.blocks[:MOST_OBSERVANCES])
        tzid = block.first("TZID")
    except (PropertyError, RuleError):
        return None
    if not observances or tzid is None:
        return None
    return FileZone(tzid.value, observances, guessed_name(tzid.value) or home)


def _observance(block: Block) -> Observance:
    start, before, after = (block.first(name) for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"))
    if start is None or before is None or after is None:
        raise PropertyError(block.name, "lacks DTSTART, TZOFFSETFROM or TZOFFSETTO")
    rule = block.first("RRULE")
    more = list(chain.from_iterable(each.value.split(",") for each in block.all("RDATE")))
    if len(more) > MOST_DATES:
        raise PropertyError("RDATE", f"lists more than the {MOST_DATES:,} dates that are read")
    return Observance(
        start=_time("DTSTART", start.value),
        before=_offset("TZOFFSETFROM", before.value),
        after=_offset("TZOFFSETTO", after.value),
        rule=_yearly(rule.value) if rule is not None else None,
        more=tuple(_time("RDATE", text) for text in more),
    )


def _time(name: str, text: str) -> datetime:
    moment = wall_time(name, text)
    return moment.replace(tzinfo=None)


def _yearly(text: str) -> Rule:
    rule = parse_rule(text)
    if rule.frequency is not Frequency.YEARLY or len(rule.months) != 1 or rule.count is not None:
        raise RuleError("a time zone changes in one month of each year")
    return rule


def _offset(name: str, text: str) -> timedelta:
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise PropertyError(name, f'"{text[:40]}" is no offset from UTC')
    sign, hours, minutes, seconds = match.groups(default="0")
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -offset if sign == "-" else offset


def _wall(until: date | None, offset: timedelta) -> datetime | None:
    """UNTIL as wall time before the onset; the file gives UNTIL in UTC (3.6.5)."""
    match until:
        case None:
            return None
        case datetime(tzinfo=None):
            return until
        case datetime():
            return until.replace(tzinfo=None) + offset
        case _:
            return datetime(until.year, until.month, until.day, 23, 59, 59)  # noqa: DTZ001 — wall time
