"""What shares a partner next: nothing that the queue would refuse."""

from datetime import UTC, datetime, timedelta

import pytest

from crosspromo.domain.duplicates import DUPLICATE_WINDOW
from crosspromo.domain.next_shares import NextShare, next_share

NOW = datetime(2026, 4, 22, 14, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("last", "is_planned", "way"),
    [
        (None, False, NextShare.SPOTLIGHT),
        (NOW - DUPLICATE_WINDOW, False, NextShare.SPOTLIGHT),
        (NOW - DUPLICATE_WINDOW + INSTANT, False, NextShare.SOMETHING_NEW),
        (NOW, False, NextShare.SOMETHING_NEW),
        (None, True, NextShare.PLANNED),
        (NOW, True, NextShare.PLANNED),
    ],
)
def test_a_spotlight_is_proposed_only_where_the_queue_takes_one(
    last: datetime | None, is_planned: bool, way: NextShare
) -> None:
    assert next_share(last, NOW, is_planned=is_planned) is way
