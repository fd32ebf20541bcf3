"""Remarks on rows of an editorial calendar, in words."""

import pytest

from crosspromo.domain.reasons import sheets
from crosspromo.domain.reasons.sheets import SheetRemark
from crosspromo.phrasing.sheets import LONGEST_QUOTE, of_remark, quoted

REMARKS: tuple[tuple[SheetRemark, str], ...] = (
    (
        sheets.ApprovalClaimed(7, "Dana", asked=True),
        (
            "the sheet says that Dana approved delivery 7; a sheet approves nothing: Dana is asked "
            "to do it"
        ),
    ),
    (
        sheets.ApprovalClaimed(7, "", asked=True),
        (
            "the sheet says that somebody approved delivery 7; a sheet approves nothing: that "
            "person is asked to do it"
        ),
    ),
    (
        sheets.ApprovalClaimed(7, "Dana", asked=False),
        "the sheet says that Dana approved delivery 7; it waits for no approval",
    ),
    (
        sheets.StateNotSet(7, "published"),
        'delivery 7 does not become "published": a sheet sets no state',
    ),
    (
        sheets.StateNotSet(None, "ready"),
        'the state "ready" is not read: a new post begins as any other',
    ),
    (
        sheets.PartnerNotKnown("Rivr"),
        '"Rivr" is no partner here, so the post is about ourselves',
    ),
    (sheets.HeadingNotRead("Hashtags"), 'the column "Hashtags" is not read'),
)


@pytest.mark.parametrize(("remark", "sentence"), REMARKS)
def test_a_remark_says_what_a_sheet_does_not_do(remark: SheetRemark, sentence: str) -> None:
    assert of_remark(remark) == sentence


def test_no_remark_is_left_out() -> None:
    assert {type(remark) for remark, _ in REMARKS} == sheets.REMARKS.keys()


def test_a_long_cell_is_cut() -> None:
    assert quoted("x" * (LONGEST_QUOTE + 1)) == f'"{"x" * LONGEST_QUOTE}…"'
