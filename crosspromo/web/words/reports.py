"""Words of the month report."""

from crosspromo.domain.months import Month
from crosspromo.domain.plurals import plural
from crosspromo.domain.typed_days import MONTHS
from crosspromo.phrasing.reports.month import heading, month_name
from crosspromo.reports.month import AccountMonth, MonthReport, ReleasedPost, UnsentPost
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import STATES, called
from crosspromo.web.words.report_pages import (
    AGE,
    NAMES,
    NEXT,
    OPEN,
    OTHERS,
    READ,
    TARGET,
    WINDOW,
    WRITE,
    ZONE,
)
from crosspromo.web.words.today import (
    LEGEND_PARTNER,
    LEGEND_SELF,
    counts,
)

__all__ = [  # the page and its template have them from here
    "AGE",
    "LEGEND_PARTNER",
    "LEGEND_SELF",
    "NAMES",
    "NEXT",
    "OPEN",
    "OTHERS",
    "READ",
    "TARGET",
    "WINDOW",
    "WRITE",
    "ZONE",
    "heading",
    "month_name",
]

CSV = "CSV"
XLSX = "XLSX"
HTML = "One page"
KEPT_HEADING = "Was every post about us allowed when it went?"
KEPT_CAPTION = "Accounts, their promises, and what went out in the month"
ACCOUNT = "Account"
PROMISE = "Promise"
PARTNER_POSTS = "Partner posts"
SELF_POSTS = "Self posts"
ALLOWED = "Allowed"
AT_THE_END = "At the end"
WHOLE = "All accounts together"
NO_PROMISE = "no promise"
NOBODY = "–"

MARKS_HEADING = "Partners’ news and ours"
RELEASED_HEADING = "Released by a person"
RELEASED_CAPTION = "Self posts that a person released past the promise, with the reason"
NONE_RELEASED = "Nobody released a post past the promise."
WENT = "Went out"
POST = "Post"
WHO = "Who"
REASON = "Reason"
PARTNERS_HEADING = "Whom we shared"
PARTNERS_CAPTION = "Partners by number of posts about them"
PARTNER = "Partner"
POSTS = "Posts"
DELIVERIES = "On accounts"
LAST = "Last"
NOBODY_SHARED = "No partner was shared."
SILENT_HEADING = "Whom we left silent"
UNSENT_HEADING = "What did not go out"
UNSENT_CAPTION = "Posts that failed, were missed or expired"
NONE_UNSENT = "Everything that was due went out, or waits."
DUE = "Due"
STATE = "State"
MOST_SILENT = 30


def short_name(month: Month) -> str:
    """Month for a link."""
    return MONTHS[month.number - 1].capitalize()


def lead(report: MonthReport, moments: Moments) -> str:
    """What went out, who released something, and until when that was counted."""
    told = [f"{plural(report.others, 'partner post')} and {plural(report.self_, 'self post')}."]
    if report.released:
        one = len(report.released) == 1
        told.append(
            f"{plural(len(report.released), 'self post')} went out before "
            f"{'it was' if one else 'they were'} allowed; a person released "
            f"{'it' if one else 'each'}, with a reason."
        )
    if report.unsent_count:
        one = report.unsent_count == 1
        told.append(f"{plural(report.unsent_count, 'post')} {'was' if one else 'were'} not sent.")
    if report.goes_on:
        told.append(f"Counted until {moments.near(report.as_of)}.")
    return " ".join(told)


def target(month: AccountMonth) -> str:
    """Promise of an account in a few characters."""
    if month.target is None:
        return NO_PROMISE
    return month.target.replace(":", "\u202f:\u202f").replace("per 7d", "a week")


def allowed(month: AccountMonth) -> str:
    """Published self posts that were allowed when they went out: `13 of 15`."""
    if not month.sent:
        return "no self post"
    if not month.released:
        return f"✓ all {month.sent}"
    return f"{month.allowed} of {month.sent}"


def verdict(month: AccountMonth, moments: Moments) -> str:
    """Whether the promise was kept at the end, and since when it was not."""
    if month.target is None:
        return NO_PROMISE
    if month.ok:
        return "kept"
    if month.below_since is None:
        return f"not kept for all of {month.window.in_words}"
    return f"not kept since {moments.day(month.below_since)}"


def at_the_end(month: AccountMonth) -> str:
    """Counts in the window that ended with the month."""
    found = month.standing
    return f"{counts(found.others, found.self_)[:-1]} in {month.window.in_words}"


def in_month(month: AccountMonth) -> str:
    """Counts of an account in the month, in a sentence."""
    return counts(month.others, month.self_)


def name_of(post: ReleasedPost | UnsentPost) -> str:
    """Words by which people know a post."""
    return called(post.title, post.text)


def state(post: UnsentPost) -> str:
    """State of a post that did not go out."""
    return STATES[post.state]


def silent(names: list[str]) -> str:
    """Partners without a post in the month."""
    some = ", ".join(names[:MOST_SILENT])
    more = f", and {len(names) - MOST_SILENT} more" if len(names) > MOST_SILENT else ""
    one = len(names) == 1
    return f"{plural(len(names), 'partner')} {'was' if one else 'were'} not shared: {some}{more}."


def more(count: int) -> str:
    """Rows that are left out."""
    return f"And {count:,} more."
