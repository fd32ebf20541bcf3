"""Share ratio report in words."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.reports.basis import UNKNOWN, basis, of_now, ratio_text, remarks
from crosspromo.phrasing.reports.figures import of_standings
from crosspromo.reports.page import (
    Bar,
    Cell,
    Column,
    Doing,
    NextAct,
    Picture,
    ReportPage,
    Section,
    Table,
    Worded,
)
from crosspromo.reports.ratio import AccountStanding, OrganisationStanding
from crosspromo.services.reports import RatioFigures

ACCOUNTS = (
    Column("account", "Account"),
    Column("target", "Promise"),
    Column("window", "Window"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("verdict", "Verdict"),
    Column("headroom", "Self posts allowed now", is_number=True),
    Column("partner_posts_to_next", "Partner posts needed for one more", is_number=True),
    Column("earliest_by_roll_off", "Allowed by itself on"),
)
WEEKS = (
    Column("account", "Account"),
    Column("week", "Week of"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("allowed", "Self posts that these allow", is_number=True),
)
MOST_ACTS = 3


def page(figures: RatioFigures) -> ReportPage:
    """Report with its verdict, the accounts and their weeks."""
    report, zone = figures.report, figures.scope.zone
    targets = ", ".join(f"{each.account} {ratio_text(each.target)}" for each in report.accounts)
    floor = report.organisation.target
    whole = f"all accounts together {floor}" if floor else ""
    sent = report.at_publish
    they = "it" if sent.self_sent == 1 else "they"
    window = figures.whole.window.in_words  # that of all accounts; each has its own in the table
    return ReportPage(
        name="ratio",
        title="Share ratio",
        headline=f"Of that time {UNKNOWN}"
        if _is_unknown(figures)
        else _headline(report.accounts, report.organisation),
        as_of=report.as_of,
        basis=basis(figures.scope, "; ".join(each for each in (targets, whole) if each) or "none"),
        lead=[
            (
                f"{plural(sent.self_sent, 'self post')} went out with crosspromo in the last "
                f"{window}: {sent.allowed} allowed when {they} went, "
                f"{sent.overridden} released by a person."
            ),
            *([] if _is_unknown(figures) else [_whole(report.organisation, window, zone)]),
        ],
        acts=of_now(figures.scope, _acts(figures)),
        sections=[
            Section("accounts", "Every account against its promise", table=_accounts(figures)),
            _weeks(figures),
        ],
        remarks=remarks(
            figures.scope,
            "The weeks are counted by themselves; a promise is counted over its own window.",
        ),
        figures=of_standings(report.accounts),
    )


def _is_unknown(figures: RatioFigures) -> bool:
    """Whether nothing is recorded of a time before the records: then no promise is judged."""
    whole, accounts = figures.report.organisation, figures.report.accounts
    counts = whole.others + whole.self_ + sum(each.others + each.self_ for each in accounts)
    return figures.scope.cannot_know and not counts


def _headline(accounts: Sequence[AccountStanding], whole: OrganisationStanding) -> str:
    promised = [each for each in accounts if each.target is not None]
    if not promised and whole.target is None:
        return "Nothing is promised"
    below = [each.account for each in promised if not each.ok]
    below += [] if whole.ok else ["all accounts together"]
    if below:
        return f"The promise is not kept on {', '.join(below)}"
    return "The promise is kept on every account"


def verdict(account: AccountStanding, zone: ZoneInfo) -> str:
    """Whether the account keeps its promise, and since when it does not."""
    if account.target is None:
        return "no promise"
    if account.ok:
        return "kept"
    since = account.below_since
    return "below for a whole window" if since is None else f"below since {wall_clock(since, zone)}"


def _whole(whole: OrganisationStanding, window: str, zone: ZoneInfo) -> str:
    words = (
        f"All accounts together have {plural(whole.others, 'partner post')} and "
        f"{plural(whole.self_, 'self post')} in the last {window}"
    )
    if whole.target is None:
        return f"{words}."
    if whole.ok:
        return f"{words}; at least {whole.target} is promised, and kept."
    since = whole.below_since
    when = "for a whole window" if since is None else f"since {wall_clock(since, zone)}"
    return f"{words}; at least {whole.target} is promised, and not kept {when}."


def _accounts(figures: RatioFigures) -> Table:
    rows: list[list[Cell]] = [
        [
            each.account,
            ratio_text(each.target),
            each.window,
            each.others,
            each.self_,
            "not known" if _is_unknown(figures) else verdict(each, figures.scope.zone),
            Worded("") if each.headroom is None else each.headroom,
            Worded("") if each.partner_posts_to_next is None else each.partner_posts_to_next,
            Worded("") if each.earliest_by_roll_off is None else each.earliest_by_roll_off,
        ]
        for each in figures.report.accounts
    ]
    empty = "crosspromo.toml has no accounts yet."
    return Table("Accounts, their promises and where they stand", ACCOUNTS, rows, empty)


def _weeks(figures: RatioFigures) -> Section:
    rows: list[list[Cell]] = [
        [
            each.account,
            each.monday,
            each.others,
            each.self_,
            Worded("") if each.allowed is None else each.allowed,
        ]
        for each in figures.weeks
    ]
    bars = [
        Bar(str(each.monday), (each.others, each.self_), each.account) for each in figures.weeks
    ]
    picture = Picture(
        "Partner posts and self posts, week by week",
        "For each account and week, a bar of partner posts and a bar of self posts.",
        ("partner posts", "self posts"),
        bars,
    )
    table = Table("Posts of each account by week", WEEKS, rows, "There is no account.")
    return Section("weeks", "Week by week", table=table, picture=picture if bars else None)


def _acts(figures: RatioFigures) -> Sequence[NextAct]:
    partners = iter(figures.open_to_spotlights)
    return [
        NextAct(
            Doing.SHARE_ON,
            f"Share a partner on {each.account}",
            f"{plural(each.partner_posts_to_next or 0, 'partner post')} "
            f"{'is' if each.partner_posts_to_next == 1 else 'are'} needed for the next self post.",
            each.account,
            next(partners, ""),
        )
        for each in figures.report.short[:MOST_ACTS]
    ]
