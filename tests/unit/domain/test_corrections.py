"""What a correction of an announced event says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.corrections import differs, text_of, title_of, told_by
from crosspromo.domain.events import Event

HOME = ZoneInfo("America/Chicago")
WALK = Event(
    slug="walk",
    title="Bird walk",
    starts_at=datetime(2026, 6, 1, 14, tzinfo=UTC),
    ends_at=datetime(2026, 6, 1, 16, tzinfo=UTC),
    zone="America/Chicago",
    uid="w",
    location="Old Hall",
)
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "title"),
    [
        (replace(WALK, starts_at=WALK.starts_at + HOURS), "New time: Bird walk"),
        (replace(WALK, starts_at=WALK.starts_at + 24 * HOURS), "New date: Bird walk"),
        (replace(WALK, location="Park"), "New place: Bird walk"),
        (
            replace(WALK, starts_at=WALK.starts_at + HOURS, location="Park"),
            "New time and place: Bird walk",
        ),
        (replace(WALK, zone="America/New_York"), "New time: Bird walk"),
        (replace(WALK, all_day=True), "New time: Bird walk"),
    ],
)
def test_its_title_names_what_is_new(now: Event, title: str) -> None:
    assert differs(told_by(WALK), now)
    assert title_of(told_by(WALK), now) == title


def test_nothing_else_needs_one() -> None:
    now = replace(WALK, title="Walk", url="https://a.example", ends_at=WALK.ends_at + HOURS)
    assert not differs(told_by(WALK), replace(now, location=" Old Hall "))


def test_a_place_that_was_not_known_or_is_not_known_any_more() -> None:
    nowhere = replace(WALK, location="")
    assert text_of(told_by(nowhere), WALK, HOME).endswith("The place is now Old Hall.")
    assert text_of(told_by(WALK), nowhere, HOME).endswith(
        "It is not at Old Hall; the new place is not known yet."
    )


def test_the_zone_is_named_where_its_clocks_are_not_ours() -> None:
    far = replace(WALK, zone="Europe/Berlin")
    assert "now on Monday, June 1, 4:00 pm CEST, not on Monday, June 1, 9:00 am." in text_of(
        told_by(WALK), far, HOME
    )


def test_an_event_of_whole_days_has_no_time() -> None:
    days = replace(WALK, all_day=True)
    later = replace(days, starts_at=days.starts_at + 48 * HOURS)
    assert "now on Wednesday, June 3, not on Monday, June 1." in text_of(told_by(days), later, HOME)
