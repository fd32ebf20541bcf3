"""What to do after a month: the three most useful acts, each with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crosspromo.domain.plurals import plural
from crosspromo.domain.ratio import Target
from crosspromo.phrasing.reports.basis import of_now
from crosspromo.phrasing.reports.partners import share_acts
from crosspromo.reports.month import AccountMonth
from crosspromo.reports.page import Doing, NextAct
from crosspromo.reports.partners import PartnerFigure
from crosspromo.services.month_report import ReportOfMonth

MOST_ACTS = 3


def next_acts(found: ReportOfMonth) -> Sequence[NextAct]:
    """The three most useful acts: what nobody knows, partners past due, accounts that are short.

    Each is useful now; a report of a past moment has none.
    """
    return of_now(found.scope, [*_acts(found)][:MOST_ACTS])


def _acts(found: ReportOfMonth) -> Iterator[NextAct]:
    unknown = found.around.unknown
    if unknown:
        # doubts are those of today: a report of a month that is over says so
        nobody = "Nobody" if found.report.goes_on else "Today nobody"
        yield NextAct(
            Doing.SETTLE,
            f"Say what became of {plural(unknown, 'post')}",
            f"{nobody} knows whether it went out; it counts against us until somebody says."
            if unknown == 1
            else f"{nobody} knows whether they went out; "
            "they count against us until somebody says.",
        )
    partners = share_acts(
        found.around.pressing, found.around.sharing, found.around.today, MOST_ACTS
    )
    short: Sequence[NextAct] = ()
    if found.report.goes_on:  # how accounts stand now is in the report of the month that goes on
        short = _short_accounts(found, [each.of for each in partners])
    room = MOST_ACTS - bool(unknown) - bool(short)
    yield from partners[:room]
    yield from short
    yield from partners[room:]
    if found.report.unsent_open:
        yield NextAct(
            Doing.LOOK,
            f"Look at {plural(found.report.unsent_open, 'post')} that did not go out",
            "Each can be tried again, or dismissed with a reason.",
        )
    if found.around.held:
        yield NextAct(Doing.READ, "See what was held, and why", "Most holds end by themselves.")


def _short_accounts(found: ReportOfMonth, named: Sequence[str]) -> Sequence[NextAct]:
    """Accounts that are short of partner posts, each with a partner of whom it takes a spotlight.

    Partners who are due first come first; those who are `named` already are left out.
    """
    others = [each.slug for each in found.around.pressing if each.slug not in named]
    partners = iter(found.around.sharing.open_to_spotlights(others))
    acts = []
    for account in found.report.accounts:
        act = _account_act(account, "")
        if act is not None:
            acts.append(replace(act, partner=next(partners, "")))
    return acts


def _account_act(month: AccountMonth, partner: str) -> NextAct | None:
    """Share a partner on an account that is short of partner posts."""
    if month.target is None or not month.network:
        return None
    if ":" not in month.target:
        needed = 0 if month.ok else 1
    else:
        target = Target.parse(month.target)
        room = month.standing.headroom(target)
        needed = 0 if room else month.standing.partner_posts_to_next(target)
    if not needed:
        return None
    verb = "is" if needed == 1 else "are"
    return NextAct(
        Doing.SHARE_ON,
        f"Share a partner on {month.account}",
        f"{plural(needed, 'partner post')} {verb} needed for the next self post."
        if ":" in month.target
        else f"{month.target.replace('per 7d', 'a week')} is promised.",
        month.account,
        partner,
    )


def with_cadence(found: ReportOfMonth) -> Sequence[PartnerFigure]:
    """Partners with a cadence."""
    return [each for each in found.around.partners if each.days is not None]
