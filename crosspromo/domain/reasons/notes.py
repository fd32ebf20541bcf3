"""Notes on the time of a delivery: rules that will hold the delivery, or a burst of several.

A note refuses nothing: the gate decides when the delivery is due, and the queue may have changed
by then. The account stands on the delivery. Deliveries are named by id; moments are aware, in UTC.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons import holds


class WaitsForGap(NamedTuple):
    """Minimum gap `least` after delivery `other`, which is due or was sent (`sent`) at `at`.

    The gap ends at `until`. `to_slot`: the account has slots, and the held delivery then takes the
    next free one.
    """

    other: int
    at: datetime
    sent: bool
    least: timedelta
    until: datetime
    to_slot: bool


class DelaysAnother(NamedTuple):
    """Delivery `other`, due at `at`, less than the minimum gap `least` after this delivery.

    The gap ends at `until`. `to_slot` as in WaitsForGap, for the other delivery.
    """

    other: int
    at: datetime
    least: timedelta
    until: datetime
    to_slot: bool


class DayFull(NamedTuple):
    """Day with `most` other posts, which is its cap; the day ends at `until`."""

    day: date
    most: int
    until: datetime


class WeekFull(NamedTuple):
    """Seven days up to `at` with `most` other posts, which is their cap."""

    at: datetime
    most: int


class InQuietHours(NamedTuple):
    """Quiet hours of the account, as in crosspromo.toml, which end at `until`."""

    hours: str
    until: datetime


class InBlackout(NamedTuple):
    """Days of silence, which end at `until`."""

    blackout: holds.Blackout
    until: datetime


class Burst(NamedTuple):
    """Number of deliveries of one account, `size`, that would go at once.

    `at` is when the first is due; None: now. `more`: there may be more, which were not counted.
    """

    size: int
    at: datetime | None
    more: bool = False


Note = WaitsForGap | DelaysAnother | DayFull | WeekFull | InQuietHours | InBlackout | Burst

CODES: Mapping[type, str] = MappingProxyType(
    {
        WaitsForGap: "gap",
        DelaysAnother: "delays-another",
        DayFull: "day-full",
        WeekFull: "week-full",
        InQuietHours: "quiet",
        InBlackout: "blackout",
        Burst: "burst",
    }
)


def code_of(note: Note) -> str:
    """Code of the note, as in JSON."""
    return CODES[type(note)]
