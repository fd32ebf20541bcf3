"""What is due with partners: cadences, follow-ups and promises whose day has come."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partners import Partner

CADENCES: Mapping[str, int] = MappingProxyType({"close": 30, "broad": 90, "casual": 365})
"""Most days between two shares of a partner, by closeness."""


class Why(StrEnum):
    """Reason why something is due."""

    CADENCE = "cadence"
    FOLLOW_UP = "follow-up"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class LastContacts:
    """Times at which we last shared a partner, received something and were in touch.

    Times are aware, in UTC; None: never, as far as is known. `noted` is the local day of the latest
    contact that a person noted.
    """

    shared_at: datetime | None = None
    received_at: datetime | None = None
    noted: date | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """Cadence of a partner: a share at least every `days`.

    `due` is the local day by which they are to be shared. `last_shared_at` None: never, as far as
    is known; the days then count from when the cadence began.
    """

    partner: str
    name: str
    days: int
    last_shared_at: datetime | None
    due: date


@dataclass(frozen=True, slots=True)
class Due:
    """Cadence, follow-up or promise whose day has come.

    `day` is the local day on which it was due, `over` the days since then; 0: it is due today.
    `entry` is the number of the follow-up or promise, and `words` are its words. `side` made the
    promise. `planned_at` is the due time of the first queued post about the partner; None: none is.
    """

    partner: str
    name: str
    why: Why
    day: date
    over: int
    last_shared_at: datetime | None
    planned_at: datetime | None
    entry: int | None = None
    words: str = ""
    side: Side | None = None


def cadence_days(partner: Partner) -> int | None:
    """Most days between two shares of the partner: their own, or those of the closeness."""
    return partner.cadence_days or CADENCES.get(partner.closeness)


def days_over(partner: Partner, last_shared: date | None, today: date) -> int:
    """Days since the last share beyond the partner's cadence; 0: none is over.

    Of a partner whom we never shared none is: nobody knows since when.
    """
    days = cadence_days(partner)
    if days is None or last_shared is None or partner.archived_at is not None:
        return 0
    return max(0, (today - last_shared).days - days)


def cadence_of(
    partner: Partner, last_shared_at: datetime | None, since: date | None, today: date
) -> Cadence | None:
    """Cadence of a partner who is offered; None: the partner has none.

    `since` is the local day from which the days count: of the last share, or else that on which the
    cadence began. Where neither is known, the partner is due `today`.
    """
    days = cadence_days(partner)
    if days is None or partner.archived_at is not None:
        return None
    due = today if since is None else since + timedelta(days=days)
    return Cadence(partner.slug, partner.name, days, last_shared_at, due)


def all_due(
    cadences: Iterable[Cadence],
    entries: Iterable[Entry],
    *,
    names: Mapping[str, str],
    planned: Mapping[str, datetime],
    shared: Mapping[str, datetime],
    today: date,
) -> list[Due]:
    """All that is due today or since, the longest overdue first.

    `entries` are open follow-ups and promises; `names` gives the partners who are offered.
    """
    found = [*_of_cadences(cadences, planned, today)]
    found += _of_entries(entries, names=names, planned=planned, shared=shared, today=today)
    return sorted(found, key=lambda each: (each.day, each.partner, each.why, each.entry or 0))


def _of_cadences(
    cadences: Iterable[Cadence], planned: Mapping[str, datetime], today: date
) -> Iterator[Due]:
    for each in cadences:
        if each.due <= today:
            over = (today - each.due).days
            next_at = planned.get(each.partner)
            yield Due(
                each.partner, each.name, Why.CADENCE, each.due, over, each.last_shared_at, next_at
            )


def _of_entries(
    entries: Iterable[Entry],
    *,
    names: Mapping[str, str],
    planned: Mapping[str, datetime],
    shared: Mapping[str, datetime],
    today: date,
) -> Iterator[Due]:
    for each in entries:
        if each.day > today or each.partner not in names or each.closed_at is not None:
            continue
        yield Due(
            each.partner,
            names[each.partner],
            Why.PROMISE if each.kind is EntryKind.PROMISE else Why.FOLLOW_UP,
            each.day,
            (today - each.day).days,
            shared.get(each.partner),
            planned.get(each.partner),
            entry=each.number,
            words=each.words,
            side=each.side,
        )
