"""What is due with partners: cadences counted from the last share, follow-ups and promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import (
    CADENCES,
    Cadence,
    Due,
    Why,
    all_due,
    cadence_days,
    cadence_of,
)

TODAY = date(2026, 4, 22)
AT = datetime(2026, 4, 22, 14, tzinfo=UTC)
KEEPERS = Partner("river-keepers", "River Keepers", closeness="close")


def entry(kind: EntryKind, day: date, number: int = 1, side: Side | None = None) -> Entry:
    return Entry(number, KEEPERS.slug, kind, "Ask for photos.", day, AT, "ana", side=side)


def due_of(*entries: Entry, cadences: tuple[Cadence, ...] = ()) -> list[Due]:
    names = {KEEPERS.slug: KEEPERS.name}
    return all_due(cadences, entries, names=names, planned={}, shared={}, today=TODAY)


@pytest.mark.parametrize(
    ("closeness", "own", "days"),
    [
        ("close", None, 30),
        ("broad", None, 90),
        ("casual", None, 365),
        ("casual", 14, 14),
        ("", 14, 14),
        ("", None, None),
        ("as an import brought it", None, None),
    ],
)
def test_the_own_days_go_before_those_of_the_closeness(
    closeness: str, own: int | None, days: int | None
) -> None:
    assert cadence_days(Partner("x", "X", closeness=closeness, cadence_days=own)) == days


def test_the_days_count_from_the_last_share() -> None:
    cadence = cadence_of(KEEPERS, AT, date(2026, 4, 1), TODAY)
    assert cadence == Cadence(KEEPERS.slug, KEEPERS.name, 30, AT, date(2026, 5, 1))


def test_who_was_never_shared_is_due_at_once_where_no_beginning_is_known() -> None:
    cadence = cadence_of(KEEPERS, None, None, TODAY)
    assert cadence is not None
    assert [each.over for each in due_of(cadences=(cadence,))] == [0]


def test_an_archived_partner_has_no_cadence() -> None:
    assert cadence_of(replace(KEEPERS, archived_at=AT), AT, TODAY, TODAY) is None


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(CADENCES)))
def test_a_partner_is_due_on_the_day_and_not_before(shared: date, closeness: str) -> None:
    partner = replace(KEEPERS, closeness=closeness)
    cadence = cadence_of(partner, AT, shared, shared)
    assert cadence is not None
    for early, expected in ((1, []), (0, [0]), (-5, [5])):
        today = cadence.due - timedelta(days=early)
        found = all_due([cadence], (), names={}, planned={}, shared={}, today=today)
        assert [each.over for each in found] == expected


def test_follow_ups_and_promises_are_due_on_their_day_and_since() -> None:
    yesterday = TODAY - timedelta(days=1)
    found = due_of(
        entry(EntryKind.FOLLOW_UP, TODAY, 1),
        entry(EntryKind.PROMISE, yesterday, 2, Side.THEM),
        entry(EntryKind.FOLLOW_UP, TODAY + timedelta(days=1), 3),
    )
    assert [(each.why, each.entry, each.over, each.side) for each in found] == [
        (Why.PROMISE, 2, 1, Side.THEM),
        (Why.FOLLOW_UP, 1, 0, None),
    ]


def test_nothing_is_due_that_is_closed_or_of_somebody_who_is_not_offered() -> None:
    closed = replace(entry(EntryKind.FOLLOW_UP, TODAY), closed_at=AT, closed_by="ana")
    other = replace(entry(EntryKind.FOLLOW_UP, TODAY), partner="archived")
    assert due_of(closed, other) == []
