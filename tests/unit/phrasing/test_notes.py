"""What is said of a time that a rule will hold, and of a burst."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.reasons import holds
from crosspromo.domain.reasons.notes import (
    Burst,
    DayFull,
    DelaysAnother,
    InBlackout,
    InQuietHours,
    Note,
    WaitsForGap,
    WeekFull,
)
from crosspromo.phrasing.notes import of_note

CHICAGO = ZoneInfo("America/Chicago")
NINE = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
DAY = date(2026, 4, 22)


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (
            WaitsForGap(7, NINE, False, HALF_HOUR, NINE + HALF_HOUR, to_slot=False),
            (
                "delivery 7 is due at Wed 2026-04-22 09:00 and min_gap is 30 minutes, "
                "so this one will be held until Wed 2026-04-22 09:30 at least"
            ),
        ),
        (
            WaitsForGap(7, NINE, True, HALF_HOUR, NINE + HALF_HOUR, to_slot=True),
            (
                "delivery 7 was sent at Wed 2026-04-22 09:00 and min_gap is 30 "
                "minutes, so this one will be held until Wed 2026-04-22 09:30 and then "
                "wait for a free slot"
            ),
        ),
        (
            DelaysAnother(7, NINE, HALF_HOUR, NINE + HALF_HOUR, to_slot=False),
            (
                "delivery 7 is due at Wed 2026-04-22 09:00 and min_gap is 30 minutes, "
                "so that one will be held until Wed 2026-04-22 09:30 at least"
            ),
        ),
        (
            DayFull(DAY, 4, NINE),
            (
                "there are 4 other posts on Wed 2026-04-22 and max_per_day is 4, so "
                "the last of that day will be held until Wed 2026-04-22 09:00 at least"
            ),
        ),
        (
            WeekFull(NINE, 1),
            (
                "there is 1 other post in the seven days before Wed 2026-04-22 09:00 "
                "and max_per_week is 1, so this one will be held for a while"
            ),
        ),
        (
            InQuietHours("21:00-09:00", NINE),
            (
                "it is quiet from 21:00-09:00, so this one will be held until Wed "
                "2026-04-22 09:00 at least"
            ),
        ),
        (
            InBlackout(holds.Blackout(DAY, DAY, None, "Earth Day"), NINE),
            (
                "nothing goes out on 2026-04-22 (Earth Day), so this one will be held "
                "until Wed 2026-04-22 09:00 at least"
            ),
        ),
        (
            Burst(9, None),
            (
                "9 posts would go at once; to spread them, give the account slots or "
                "min_gap in crosspromo.toml"
            ),
        ),
        (
            Burst(100, NINE, more=True),
            (
                "100 posts or more would go at once, at Wed 2026-04-22 09:00; to "
                "spread them, give the account slots or min_gap in crosspromo.toml"
            ),
        ),
    ],
)
def test_each_says_what_happens_to_whom_and_until_when(note: Note, sentence: str) -> None:
    assert of_note(note, "x-main", CHICAGO) == f"x-main: {sentence}"
