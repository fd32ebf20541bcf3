"""What went wrong in a month, in words; it is never empty by default."""

from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.phrasing.reports.basis import day, local_day, ratio_text
from crosspromo.phrasing.reports.gate import LONGEST, end_of, reason_words
from crosspromo.phrasing.words import first_words
from crosspromo.reports.month import AccountMonth
from crosspromo.reports.page import Cell, Column, Section, Table
from crosspromo.services.month_report import ReportOfMonth

WRONG = (
    Column("what", "What"),
    Column("when", "When"),
    Column("account", "Account"),
    Column("post", "Post"),
    Column("words", "Words"),
)
WHOLE = "all accounts together"

LOOKED_AT = (
    "Nothing went wrong that we know of. We looked at holds, at releases, at posts that failed, "
    "were missed or expired, {doubt} posts that were deleted."
)


def in_doubt(found: ReportOfMonth) -> int | None:
    """Posts of which nobody knows whether they went out; of a month that is over, none are known.

    They are counted as of now, and when a doubt began is not recorded.
    """
    return found.around.unknown if found.report.goes_on else None


def wrong(found: ReportOfMonth) -> Section:
    """What went wrong; a sentence says what was looked at where nothing did."""
    report, around, zone = found.report, found.around, found.scope.zone
    sentences = [_not_kept(each, zone) for each in report.not_kept]
    sentences += [
        f"Held {plural(each.count, 'time')}: {reason_words(each.code)}." for each in around.held
    ]
    if around.deleted:
        sentences.append(f"{plural(around.deleted, 'post')} of the month were deleted later.")
    doubtful = in_doubt(found)
    if doubtful:
        sentences.append(f"{plural(doubtful, 'post')} in doubt now.")
    looked_at = LOOKED_AT.format(doubt="and at" if doubtful is None else "at posts in doubt and at")
    rows: list[list[Cell]] = [
        [
            f"released by {each.who or 'nobody named'}: {each.reason}",
            local_day(each.at, zone),
            each.account,
            each.post,
            first_words(each.title or each.text, LONGEST),
        ]
        for each in report.released
    ]
    rows += [
        [
            end_of(each),
            local_day(each.due_at, zone),
            each.account,
            each.post,
            first_words(each.title or each.text, LONGEST),
        ]
        for each in report.unsent
    ]
    more = report.unsent_count - len(report.unsent)
    if more > 0:
        sentences.append(f"{more:,} more posts did not go out.")
    if not rows:
        return Section("wrong", "What went wrong", sentences or [looked_at])
    table = Table("Releases, and posts that did not go out", WRONG, rows, looked_at)
    return Section("wrong", "What went wrong", sentences, table)


def _not_kept(month: AccountMonth, zone: ZoneInfo) -> str:
    """Account, or all, whose promise was not kept at the end."""
    standing = month.standing
    posts = f"{plural(standing.others, 'partner post')} and {plural(standing.self_, 'self post')}"
    begun = month.below_since
    since = f"for {month.window.in_words} or more" if begun is None else f"since {day(begun, zone)}"
    return (
        f"The promise was not kept on {account_name(month)}, {since}: "
        f"{ratio_text(month.target)} is promised, and the last {month.window.in_words} had {posts}."
    )


def account_name(month: AccountMonth) -> str:
    """Account, or all of them."""
    return month.account or WHOLE
