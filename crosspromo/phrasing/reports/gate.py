"""What became of self posts, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.plurals import plural
from crosspromo.domain.states import State
from crosspromo.phrasing.reports.basis import TODAYS_STATE, basis, remarks, span
from crosspromo.phrasing.words import first_words
from crosspromo.reports.page import Bar, Cell, Column, Picture, ReportPage, Section, Table, Worded
from crosspromo.services.reports import GateFigures

if TYPE_CHECKING:
    from crosspromo.store.months import UnsentPost

CODES: Mapping[str, str] = MappingProxyType(
    {
        "paused": "paused",
        "account": "the account was refused",
        "approval": "approval was missing",
        "blackout": "a day without posts",
        "cap": "enough posts on that day",
        "gap": "too soon after another",
        "quiet": "quiet hours",
        "budget": "the budget was used up",
        "rate-limit": "the network limits requests",
        "ratio": "the promise of the account",
        "floor": "the promise of all accounts together",
        "slot": "waited for its turn",
        "permission": "a permission was missing",
        "photo-consent": "a consent for a photo was missing",
        "partner-limit": "a limit agreed with a partner",
        "partner-notice": "notice to a partner",
    }
)
STATES: Mapping[State, str] = MappingProxyType(
    {State.FAILED: "failed", State.MISSED: "missed", State.EXPIRED: "expired"}
)
LONGEST = 60
ACCOUNTS = (
    Column("account", "Account"),
    Column("sent", "Self posts", is_number=True),
    Column("passed", "Went when due", is_number=True),
    Column("held", "Held, then went", is_number=True),
    Column("released", "Released by a person", is_number=True),
)
HOLDS = (
    Column("code", "Code"),
    Column("reason", "Why"),
    Column("count", "Held", is_number=True),
    Column("lasting", "Still held", is_number=True),
    Column("median_minutes", "Median minutes", is_number=True),
    Column("longest_minutes", "Longest", is_number=True),
)
RELEASED = (
    Column("at", "Went out"),
    Column("account", "Account"),
    Column("post", "Post", is_number=True),
    Column("words", "Words"),
    Column("who", "Who"),
    Column("reason", "Reason"),
)
UNSENT = (
    Column("due", "Due"),
    Column("account", "Account"),
    Column("post", "Post", is_number=True),
    Column("words", "Words"),
    Column("state", "What became of it"),
)


def reason_words(code: str) -> str:
    """Reason of a hold in few words; a code of an older version stands for itself."""
    return CODES.get(code, code)


def end_of(post: "UnsentPost") -> str:
    """What became of a post that did not go out, and whether somebody dismissed it."""
    words = STATES.get(post.state, post.state.value)
    return f"{words}, dismissed" if post.dismissed else words


def page(figures: GateFigures) -> ReportPage:
    """Report on self posts, holds, releases, and what did not go out."""
    sent = sum(each.sent for each in figures.accounts)
    released = sum(each.released for each in figures.accounts)
    held = sum(each.count for each in figures.holds)
    if not sent and not held:
        headline = "No self post went out, and nothing was held"
    elif not sent:
        headline = f"No self post went out; posts were held {plural(held, 'time')}"
    elif released:
        verb = "was" if released == 1 else "were"
        headline = (
            f"{released} of {plural(sent, 'self post')} {verb} released by a person, with a reason"
        )
    else:
        all_ = "The one self post" if sent == 1 else f"All {sent:,} self posts"
        headline = f"{all_} that went out had been allowed"
    return ReportPage(
        name="gate",
        title="What the gate did",
        headline=headline,
        as_of=figures.scope.as_of,
        basis=basis(figures.scope, "no self post goes out before it is allowed"),
        lead=[
            (
                f"Posts about us and about others were held {plural(held, 'time')}. "
                f"{plural(figures.unsent_count, 'post')} did not go out."
            )
        ],
        sections=[_accounts(figures), _holds(figures), _released(figures), _unsent(figures)],
        remarks=remarks(figures.scope, "Holds are those that began in the window.", TODAYS_STATE),
    )


def _accounts(figures: GateFigures) -> Section:
    rows: list[list[Cell]] = [
        [each.account, each.sent, each.passed, each.held, each.released]
        for each in figures.accounts
    ]
    picture = Picture(
        "What became of self posts",
        "For each account, bars of self posts that went when due, after a hold, and by a release.",
        ("went when due", "held, then went", "released"),
        [Bar(each.account, (each.passed, each.held, each.released)) for each in figures.accounts],
    )
    table = Table("Self posts by account", ACCOUNTS, rows, "There is no account.")
    return Section(
        "accounts", "Self posts that went out", table=table, picture=picture if rows else None
    )


def _holds(figures: GateFigures) -> Section:
    rows: list[list[Cell]] = [
        [
            each.code,
            reason_words(each.code),
            each.count,
            each.lasting,
            int(each.median.total_seconds() // 60),
            Worded(span(each.longest), int(each.longest.total_seconds() // 60)),
        ]
        for each in figures.holds
    ]
    table = Table("Holds by reason, and how long they took", HOLDS, rows, "Nothing was held.")
    return Section("holds", "What was held, and how long", table=table)


def _released(figures: GateFigures) -> Section:
    rows: list[list[Cell]] = [
        [
            each.at,
            each.account,
            each.post,
            first_words(each.title or each.text, LONGEST),
            each.who,
            each.reason,
        ]
        for each in figures.released
    ]
    caption = "Self posts that a person released past the promise"
    table = Table(caption, RELEASED, rows, "Nobody released a post past the promise.")
    return Section("released", "Released by a person", table=table)


def _unsent(figures: GateFigures) -> Section:
    rows: list[list[Cell]] = [
        [
            each.due_at,
            each.account,
            each.post,
            first_words(each.title or each.text, LONGEST),
            end_of(each),
        ]
        for each in figures.unsent
    ]
    more = figures.unsent_count - len(rows)
    sentences = [f"And {more:,} more."] if more > 0 else []
    empty = "Everything that was due went out, or waits."
    table = Table("Posts that failed, were missed or expired", UNSENT, rows, empty)
    return Section("unsent", "What did not go out", sentences, table)
