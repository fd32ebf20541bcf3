"""Sentences on rows of an editorial calendar: why they are refused, and what else is to be said."""

from typing import assert_never

from crosspromo.domain.reasons import sheets
from crosspromo.domain.reasons.sheets import SheetRefusal, SheetRemark

LONGEST_QUOTE = 80
"""Characters of a cell that are quoted."""


def of_sheet(reason: SheetRefusal) -> str:  # noqa: C901 (a table)
    """Refusal sentence, without a full stop."""
    match reason:
        case sheets.ChangedSince(delivery, now, given):
            return (
                f"delivery {delivery} was changed since the sheet was made: now it says "
                f"{quoted(now)}, the sheet says {quoted(given)}; export the calendar again"
            )
        case sheets.NotChangedBySheet(stays):
            return f"a sheet cannot change this; it stays {quoted(stays)}"
        case sheets.NamedTwice(delivery, row):
            return f"delivery {delivery} stands in row {row}, too; keep one of the two rows"
        case sheets.VersionUnread(delivery):
            return (
                f"the version of delivery {delivery} is missing or damaged; export the calendar "
                "again, and change that row there"
            )
        case sheets.RowsDisagree(row):
            return f"row {row} is of the same post and says something else; write the same in both"
        case sheets.NoTimeOfDay():
            return "a post needs a day and a time, or neither; then it takes the next free slot"
        case sheets.LinkInText():
            return "the text has the address; take it out of the text, and the link goes, too"
        case sheets.NoWordsInRow():
            return "a post about ourselves needs a text; a post about a partner needs the partner"
        case sheets.NoAccountInRow():
            return "name the account, or several with commas between them"
        case sheets.TooManyNewRows(most):
            return f"a sheet has at most {most:,} new posts; bring the others in another sheet"
        case sheets.PictureNotKept(path):
            return (
                f"{quoted(path)} is no picture that is kept here; leave the cell empty, and add "
                "the picture to the post afterwards"
            )
        case _:
            assert_never(reason)


def of_remark(remark: SheetRemark) -> str:
    """Sentence of a remark, without a full stop."""
    match remark:
        case sheets.ApprovalClaimed(delivery, name, asked):
            who = name or "somebody"
            told = f"the sheet says that {who} approved delivery {delivery}"
            if not asked:
                return f"{told}; it waits for no approval"
            return f"{told}; a sheet approves nothing: {name or 'that person'} is asked to do it"
        case sheets.StateNotSet(None, given):
            return f"the state {quoted(given)} is not read: a new post begins as any other"
        case sheets.StateNotSet(delivery, given):
            return f"delivery {delivery} does not become {quoted(given)}: a sheet sets no state"
        case sheets.PartnerNotKnown(name):
            return f"{quoted(name)} is no partner here, so the post is about ourselves"
        case sheets.HeadingNotRead(heading):
            return f"the column {quoted(heading)} is not read"
        case _:
            assert_never(remark)


def quoted(cell: str) -> str:
    """Cell in quotation marks, on one line and not too long; `nothing` for an empty one."""
    text = " ".join(cell.split())
    if not text:
        return "nothing"
    return f'"{text}"' if len(text) <= LONGEST_QUOTE else f'"{text[:LONGEST_QUOTE]}…"'
