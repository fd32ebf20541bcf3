"""Cells of the editorial calendar: what is a change, and whom a sheet names."""

import pytest

from crosspromo.domain.editorial import COVERED, Changed, claimed_name, compared, plain, version_of

CELLS = {column: f"{column} as it left" for column in COVERED}
VERSION = version_of(CELLS)


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("One.\r\nTwo.  \r\n", "One.\nTwo."),
        ("One.\rTwo.", "One.\nTwo."),
        ("  One.\xa0", "One."),
        ("O\x00n\x0be.", "One."),
        ("“One.”", "“One.”"),
        ("One.\n\nTwo.", "One.\n\nTwo."),
    ],
)
def test_a_plain_text_has_nothing_that_programs_change_by_themselves(
    written: str, cell: str
) -> None:
    assert plain(written) == cell
    assert plain(cell) == cell


def test_a_row_that_nobody_touched_asks_for_nothing() -> None:
    since = {**CELLS, "text": "Changed here."}
    found = compared(CELLS, VERSION, since)
    assert found is not None
    assert (found.changed, found.since) == ((), ())


def test_what_was_changed_there_and_here_is_told_apart() -> None:
    given = {**CELLS, "text": "There.", "link": "same"}
    now = {**CELLS, "note": "Here.", "link": "same"}
    found = compared(given, VERSION, now)
    assert found is not None
    assert list(found.changed) == [Changed("text", CELLS["text"], "There.")]
    assert [each.column for each in found.since] == ["link", "note"]


def test_a_column_that_is_not_there_is_not_changed() -> None:
    found = compared({"text": "There."}, VERSION, CELLS)
    assert found is not None
    assert [each.column for each in found.changed] == ["text"]


@pytest.mark.parametrize("version", ["", "1", VERSION[:-1], VERSION[:-4], f"2{VERSION[1:]}", "1x!"])
def test_a_damaged_version_is_none(version: str) -> None:
    assert compared(CELLS, version, CELLS) is None


@pytest.mark.parametrize(
    ("state", "approver", "name"),
    [
        ("approved", "", ""),
        ("Approved: yes", "", ""),
        ("yes", "", ""),
        ("", "Dana", "Dana"),
        ("approved", "Dana", "Dana"),
        ("", "approved by Dana", "by Dana"),
        ("", "yes", ""),
        ("queued", "", None),
        ("published", "", None),
        ("", "Yvonne Young", "Yvonne Young"),
    ],
)
def test_a_sheet_may_say_who_approved(state: str, approver: str, name: str | None) -> None:
    assert claimed_name(state, approver) == name
