"""Month report in words: a headline, five lines, what to do next, and what went wrong."""

from collections.abc import Sequence
from datetime import date, datetime

from crosspromo.domain.approval import listed
from crosspromo.domain.months import Month
from crosspromo.domain.plurals import plural
from crosspromo.domain.typed_days import MONTHS
from crosspromo.phrasing.reports.basis import (
    TODAYS_STATE,
    UNKNOWN,
    age_of,
    basis,
    ratio_text,
    remarks,
    trend,
)
from crosspromo.phrasing.reports.figures import of_months
from crosspromo.phrasing.reports.month_acts import next_acts, with_cadence
from crosspromo.phrasing.reports.partners import balance
from crosspromo.phrasing.reports.wrong import account_name, in_doubt, wrong
from crosspromo.phrasing.words import first_words
from crosspromo.reports.month import AccountMonth, MonthReport
from crosspromo.reports.page import (
    Bar,
    Cell,
    Column,
    Picture,
    ReportPage,
    Section,
    Table,
    Worded,
)
from crosspromo.reports.partners import PartnerFigure, Reciprocity
from crosspromo.services.month_report import ReportOfMonth

ALLOWED_THEN = (
    "A self post is allowed by the partner posts before it. When these are too old to count, the "
    "account can be below its promise, although each self post was allowed when it was sent."
)
COUNTED = (
    "A post counts on the account where it went out, so one on three accounts counts three times.",
    "A joint post, about a partner and us, counts as a partner post and as a self post.",
    "A post that was made elsewhere counts once somebody has entered it.",
    "3:1 promises three partner posts for each self post.",
    "A promise is counted over its own window, which ends with the month and may begin before it.",
)
MOST_NAMES = 5
LONGEST_NAME = 60
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
LINES = (
    Column("line", "What"),
    Column("state", "State"),
    Column("target", "Target"),
    Column("trend", "Compared with the month before"),
    Column("sentence", "In a sentence"),
)
ACCOUNTS = (
    Column("account", "Account"),
    Column("target", "Promise"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("allowed", "Allowed when they went"),
    Column("kept", "Kept at the end"),
)
GIVEN = (
    Column("partner", "Partner"),
    Column("name", "Name", is_name=True),
    Column("posts", "Different posts", is_number=True),
    Column("deliveries", "Sent in all", is_number=True),
)


def page(found: ReportOfMonth) -> ReportPage:
    """Report of a month, for a director: read from the top, it may be left at any line."""
    report, scope = found.report, found.scope
    targets = "; ".join(f"{account_name(each)} {ratio_text(each.target)}" for each in _all(report))
    return ReportPage(
        name="month",
        title=month_name(found.month),
        headline=f"{month_name(found.month)}: {UNKNOWN}"
        if _is_unknown(found)
        else heading(found.month, report),
        as_of=report.as_of,
        basis=basis(scope, targets or "nothing is promised", age_of(_oldest(found), scope)),
        lead=[_lead(found)],
        acts=next_acts(found),
        sections=[
            Section("lines", "Five lines", table=_lines(found)),
            wrong(found),
            _accounts(report, known=not _is_unknown(found)),
            _given(found),
        ],
        remarks=remarks(
            scope,
            *_not_known(found),
            *COUNTED,
            TODAYS_STATE,
        ),
        figures=of_months(report.accounts),
    )


def month_name(month: Month) -> str:
    """Month with its year: `October 2026`."""
    return f"{MONTHS[month.number - 1].capitalize()} {month.year}"


def heading(month: Month, report: MonthReport) -> str:
    """Verdict of the month."""
    is_kept = "is kept so far" if report.goes_on else "was kept"
    not_kept = "is not kept now" if report.goes_on else "was not kept"
    name = month_name(month)
    promising = [each for each in report.accounts if each.target is not None]
    if not promising and report.organisation is None:
        return f"{name}: nothing is promised"
    if not (report.others or report.self_ or report.not_kept):
        so_far = " so far" if report.goes_on else ""
        return f"{name}: nothing went out; promise kept{so_far}"
    if report.not_kept:
        where = listed([account_name(each) for each in report.not_kept])
        in_all = report.organisation
        if in_all is None or in_all in report.not_kept:
            return f"{name}: the promise {not_kept} on {where}"
        so_far = "it is" if report.goes_on else "it was"
        return f"{name}: the promise {not_kept} on {where}; over all accounts together {so_far}"
    exceptions = len(report.released)
    if not exceptions:
        return f"{name}: the promise {is_kept}"
    number = NUMBERS[exceptions].lower() if exceptions < len(NUMBERS) else f"{exceptions:,}"
    word = "exception" if exceptions == 1 else "exceptions"
    return f"{name}: the promise {is_kept}, with {number} {word}"


def _is_unknown(found: ReportOfMonth) -> bool:
    """Whether nothing is recorded of a time before the records: then no promise is judged."""
    report = found.report
    nothing = not (report.others or report.self_ or report.not_kept)
    return found.scope.cannot_know and nothing


def _oldest(found: ReportOfMonth) -> datetime | None:
    """Time of the oldest figure of a network in the report."""
    both = (found.around.carried.read_at, found.around.carried_before.read_at)
    return min((each for each in both if each is not None), default=None)


def _called(partner: PartnerFigure | Reciprocity) -> str:
    """Name of a partner, in a sentence with others."""
    return first_words(partner.name, LONGEST_NAME)


def _today(found: ReportOfMonth) -> date:
    return found.report.as_of.astimezone(found.scope.zone).date()


def _is(found: ReportOfMonth) -> str:
    return "is" if found.report.goes_on else "was"


def _known_then(found: ReportOfMonth) -> str:
    """What is said of partners then, where others were entered later."""
    return "who was known then " if found.around.entered_later else ""


def _not_known(found: ReportOfMonth) -> Sequence[str]:
    """Who was entered later: nothing is due with them in this month."""
    names = found.around.entered_later
    if not names:
        return ()
    some = ", ".join(first_words(each, LONGEST_NAME) for each in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return (f"Not known yet when it ended, and so not counted as past due: {some}{more}.",)


def _lead(found: ReportOfMonth) -> str:
    report = found.report
    late = [each for each in with_cadence(found) if each.is_late(_today(found))]
    shared = [each for each in late if not each.is_never_shared]
    never = [each for each in late if each.is_never_shared]
    new = [each for each in with_cadence(found) if each.is_never_shared and each not in late]
    told = [f"{plural(report.others, 'partner post')} and {plural(report.self_, 'self post')}."]
    if report.released:
        told.append(f"A person released {plural(len(report.released), 'self post')}.")
    if not late:
        told.append(f"No partner {_known_then(found)}{_is(found)} past due.")
    past_due = "Past due" if report.goes_on else "Past due at its end"
    not_yet = (
        "Not shared yet, and not past due" if report.goes_on else "Not shared by then, nor due"
    )
    for what, some in (
        (past_due, shared),
        (f"{past_due}, and never shared", never),
        (not_yet, new),
    ):
        if some:
            names = ", ".join(_called(each) for each in some[:MOST_NAMES])
            more = f" and {len(some) - MOST_NAMES} more" if len(some) > MOST_NAMES else ""
            told.append(f"{what}: {names}{more}.")
    return " ".join(told)


def _lines(found: ReportOfMonth) -> Table:
    rows = [_promise(found), _reached(found), _balance(found), _carried(found), _risks(found)]
    return Table("Five lines of the month", LINES, rows, "There is nothing to show.")


def _promise(found: ReportOfMonth) -> list[Cell]:
    report, released = found.report, len(found.report.released)
    promised = [each for each in _all(report) if each.target is not None]
    state = "not kept" if report.not_kept else "kept" if promised else "nothing promised"
    if state == "kept" and released:
        state = "kept, with exceptions"
    if state == "kept" and _is_unknown(found):
        state = "not known"
    where = listed([account_name(each) for each in report.not_kept]) if report.not_kept else ""
    sentence = (
        f"Not kept on {where}."
        if where
        else f"{plural(released, 'self post')} {'was' if released == 1 else 'were'} released."
    )
    return [
        "The promise",
        state,
        ", ".join(
            f"{account_name(each)} {ratio_text(each.target)}" for each in promised[:MOST_NAMES]
        )
        or "none",
        f"posts released by a person: {trend(released, found.around.released_before)}",
        sentence,
    ]


def _reached(found: ReportOfMonth) -> list[Cell]:
    asked = with_cadence(found)
    late = [each for each in asked if each.is_late(_today(found))]
    no_cadence = "not known" if found.around.entered_later else "no cadence is set"
    state = no_cadence if not asked else "on track" if not late else "behind"
    names = ", ".join(_called(each) for each in late[:MOST_NAMES])
    are = "are" if found.report.goes_on else "were"
    sentence = (
        f"{len(asked) - len(late)} of {plural(len(asked), 'partner')} with a cadence {are} in time"
        + (f"; not {names}." if late else ".")
        if asked
        else f"No partner {_known_then(found)}{'has' if found.report.goes_on else 'had'} a cadence."
    )
    posts = trend(found.report.others, found.around.others_before)
    return ["Partners reached", state, "0 past due", f"partner posts: {posts}", sentence]


def _balance(found: ReportOfMonth) -> list[Cell]:
    some = found.around.reciprocity
    more = [each for each in some if each.received > each.given]
    state = "nothing known" if not any(each.received for each in some) else "even"
    sentence = "No partner gave us more than we gave them in 90 days."
    if more:
        state = "they gave more"
        sentence = (
            "; ".join(f"{_called(each)}: {balance(each)}" for each in more[:MOST_NAMES]) + "."
        )
    received = trend(found.around.received, found.around.received_before)
    return [
        *("Given and received", state, "0 gave us more"),
        *(f"received: {received}", sentence),
    ]


def _carried(found: ReportOfMonth) -> list[Cell]:
    now, before = found.around.carried, found.around.carried_before
    theirs, ours = now.partner_shares_per_post, now.self_shares_per_post
    means = [
        f"{mean} shares per {side} post"
        for side, mean in (("partner", theirs), ("self", ours))
        if mean is not None
    ]
    was = before.partner_shares_per_post
    change = "n/a" if theirs is None or was is None else trend(theirs, was)
    sentence = (
        f"Networks told shares of {now.measured} of {plural(now.posts, 'post')}."
        if means
        else "No network told how often posts of the month were shared."
    )
    return [
        "How far it carried",
        ", ".join(means) or "n/a",
        "none is set",
        f"shares per partner post: {change}",
        sentence,
    ]


def _risks(found: ReportOfMonth) -> list[Cell]:
    around, unsent = found.around, found.report.unsent_count
    lasting = sum(each.lasting for each in around.held)
    doubtful = in_doubt(found)
    some = unsent or doubtful or lasting
    today = _in_doubt_today(found)
    state = (
        "needs a person"
        if found.report.unsent_open or doubtful
        else "waiting"
        if lasting
        else "nothing open"
    )
    sentence = (
        f"{plural(unsent, 'post')} not sent, {'n/a' if doubtful is None else doubtful} in doubt, "
        f"{lasting} still held.{today}"
        if some
        else "No post failed, is in doubt or waits."
        if doubtful is not None
        else f"No post failed or waited. Whether some were in doubt then is not recorded.{today}"
    )
    return ["Risks", state, "0 in doubt, 0 missed", "n/a", sentence]


def _in_doubt_today(found: ReportOfMonth) -> str:
    """Posts that are in doubt today, of whatever month, in a report of a month that is over."""
    unknown = found.around.unknown
    if found.report.goes_on or not unknown:
        return ""
    return f" Today {plural(unknown, 'post')} {'is' if unknown == 1 else 'are'} in doubt."


def _accounts(report: MonthReport, *, known: bool) -> Section:
    rows: list[list[Cell]] = [
        [
            account_name(each),
            ratio_text(each.target),
            each.others,
            each.self_,
            _allowed(each),
            Worded("") if each.target is None or not known else "yes" if each.ok else "no",
        ]
        for each in _all(report)
    ]
    picture = Picture(
        "Partner posts and self posts in the month",
        "For each account, a bar of partner posts and a bar of self posts.",
        ("partner posts", "self posts"),
        [Bar(each.account, (each.others, each.self_)) for each in report.accounts],
    )
    table = Table("Accounts in the month", ACCOUNTS, rows, "There is no account.")
    return Section(
        "accounts",
        "Was every post about us allowed when it went?",
        sentences=[ALLOWED_THEN]
        if any(each.sent == each.allowed for each in report.not_kept)
        else (),
        table=table,
        picture=picture if report.accounts else None,
    )


def _allowed(month: AccountMonth) -> str:
    """Self posts of ours that were allowed when they went; no gate saw one posted elsewhere."""
    told = [f"{month.allowed} of {month.sent}"] if month.sent else []
    if month.unsettled:
        told.append(f"{month.unsettled} in doubt or deleted")
    if told:
        return ", ".join(told)
    return "posted elsewhere" if month.self_ else "no self post"


def _given(found: ReportOfMonth) -> Section:
    given = sorted(found.report.given.items(), key=lambda each: (-each[1].posts, each[0]))
    names = {slug: each.name for slug, each in found.partners.items()}
    rows: list[list[Cell]] = [
        [slug, names.get(slug, slug), each.posts, each.deliveries] for slug, each in given
    ]
    rows += [
        [each.slug, each.name, 0, 0]
        for each in with_cadence(found)
        if each.slug not in found.report.given
    ]
    table = Table("Partners by number of posts about them", GIVEN, rows, "No partner was shared.")
    return Section("given", "Whom we shared", table=table)


def _all(report: MonthReport) -> Sequence[AccountMonth]:
    return [*report.accounts, *(() if report.organisation is None else (report.organisation,))]
