"""Sentences of matters, and the mends that end matters."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.event_asks import Ask
from crosspromo.domain.matters import (
    AccountGone,
    AccountRefused,
    AccountRests,
    ApprovalDue,
    ClockOff,
    DatedAhead,
    DiskFull,
    Earlier,
    EndedUnsent,
    EventHasChanged,
    EventsToReview,
    Matter,
    NoDaemon,
    NoLongerAgreed,
    NotTold,
    ObservanceUnreadable,
    OutcomeUnknown,
    PartnerNotAsked,
    PartnerRefused,
    PartnersToAsk,
    PartnerWishes,
    PastDue,
    PausedInDoubt,
    PausedWithoutReason,
    PlannedAsDrafts,
    ReadingFails,
    ReportNotMailed,
    SettingsRefused,
    SettingsUnusable,
    SignOffLacks,
    Sort,
    SourceFails,
    SourceShrunk,
    SourceSilent,
    TemplatesFaulty,
    ToPostByHand,
)
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.workers import host_of
from crosspromo.phrasing import mends
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.mends import Mend

FEW = 5
"""Deliveries that a sentence names by id."""


def of_matter(matter: Matter, zone: ZoneInfo) -> str:  # noqa: C901, PLR0915 (a table)
    """Sentence of a matter, times in `zone`, without a full stop at its end."""
    account = matter.account or ""
    detail = matter.detail
    match detail:
        case EndedUnsent(State.FAILED, reason):
            return _with(f"{_name(matter)} failed", _why(reason, account, zone))
        case EndedUnsent(State.MISSED, reason):
            return _with(f"{_name(matter)} was missed", _why(reason, account, zone))
        case EndedUnsent(state, reason):
            return _with(f"{_name(matter)} {state}", _why(reason, account, zone))
        case OutcomeUnknown(reason):
            why = _why(reason, account, zone)
            return _with(f"nobody knows whether {_name(matter)} went out", why)
        case ToPostByHand(reason):
            return _with(f"{_name(matter)} is to be posted by you", _why(reason, account, zone))
        case PastDue(reason, next_at):
            due = "" if matter.since is None else f" since {wall_clock(matter.since, zone)}"
            again = "" if next_at is None else f"; the next try is at {wall_clock(next_at, zone)}"
            why = _why(reason, account, zone)
            return _with(f"{_name(matter)} is past due{due}", why) + again
        case ApprovalDue():
            return f"{_name(matter)} is past due and waits for approval"
        case Earlier(sort, total):
            earlier = plural(total, "earlier delivery", "earlier deliveries")
            return f"{earlier} {_EARLIER[sort][total > 1]}"
        case EventHasChanged(reason):
            return _with(f"{_name(matter)} is a draft", _why(reason, account, zone))
        case NoLongerAgreed(None):
            return (
                f"{_name(matter)} stands on its network, and somebody no longer agrees to it: a "
                "permission or a consent was withdrawn"
            )
        case NoLongerAgreed(reason):
            return _with(f"{_name(matter)} is a draft", _why(reason, account, zone))
        case PartnerWishes(_, name, words):
            return f"{name} asks for a change of {_name(matter)}: {words.removesuffix('.')}"
        case PartnerRefused(_, name, words):
            return _with(f"{name} said no to {_name(matter)}, so it is cancelled", words)
        case SignOffLacks(_, name, asked):
            verb = "answered" if asked else "been asked"
            return f"{name} has not {verb} about {_name(matter)}, which is due within a day"
        case PartnerNotAsked(_, name, why, words):
            return _with(
                f"{name} could not be asked by mail about {_name(matter)}", not_asked(why, words)
            )
        case PartnersToAsk():
            return _of_ask(detail)
        case AccountRefused(words):
            return f"{account} needs attention: {words.removesuffix('.')}"
        case AccountRests(until):
            return f"{account} rests until {wall_clock(until, zone)}: its network takes no requests"
        case AccountGone(deliveries, count):
            names = ", ".join(str(each) for each in deliveries[-FEW:])
            more = "" if count <= FEW else f" and {count - FEW} more"
            waiting = f"{plural(count, 'delivery', 'deliveries')} ({names}{more})"
            verb = "waits" if count == 1 else "wait"
            return f"crosspromo.toml has no account {account}, and {waiting} {verb} there"
        case PausedInDoubt(words):
            since = "" if matter.since is None else f" since {wall_clock(matter.since, zone)}"
            return f"{account or 'everything'} is paused{since}: {words.removesuffix('.')}"
        case PausedWithoutReason(who):
            since = "" if matter.since is None else f" at {wall_clock(matter.since, zone)}"
            return f"{account or 'everything'} was paused by {who}{since}, and nobody knows why"
        case NoDaemon(alive):
            since = "" if matter.since is None else f" since {wall_clock(matter.since, zone)}"
            if alive:
                return (
                    f"a daemon runs, but it has not looked at the due posts{since}; end it, and "
                    "start it anew"
                )
            return f"no daemon runs: nobody has looked at the due posts{since}"
        case DiskFull(folder, free):
            return f"the disk of {folder} has {free // 1_000_000} MB left; make space on it"
        case ClockOff() | DatedAhead():
            return _of_clock(detail, account, zone)
        case SettingsRefused(worker, words):
            return (
                f"the daemon on {host_of(worker)} keeps its old settings, since the new ones "
                f"cannot be used: {words.removesuffix('.')}"
            )
        case SettingsUnusable(words):
            return (
                "the settings cannot be used, and no daemon can start with them: "
                f"{words.removesuffix('.')}"
            )
        case TemplatesFaulty(words):
            return f"templates have faults: {words.removesuffix('.')}"
        case ObservanceUnreadable(observance, words, holds):
            held = (
                "; any day may be its day of mourning, so posts about yourselves, and posts that "
                "celebrate or ask, are held until it is mended"
                if holds
                else ""
            )
            kept = (
                "the observances that you keep"
                if observance is None
                else f"the observance {observance}, which you keep,"
            )
            return f"{kept} cannot be read: {words.removesuffix('.')}{held}"
        case ReadingFails(words):
            last = "" if matter.since is None else f" since {wall_clock(matter.since, zone)}"
            return (
                f"figures and mentions of {account} could not be read{last}: "
                f"{words.removesuffix('.')}"
            )
        case SourceFails() | SourceSilent() | SourceShrunk():
            return _of_source(detail, matter.since, zone)
        case EventsToReview(total):
            waits = plural(total, "event of a calendar waits", "events of calendars wait")
            return f"{waits} for a person to look at"
        case PlannedAsDrafts(total):
            return (
                f"{plural(total, 'post is', 'posts are')} planned as drafts; look at them, and "
                "approve or reject each"
            )
        case ReportNotMailed() | NotTold():
            return _of_mail(detail)
        case _:
            assert_never(detail)


def _of_mail(detail: ReportNotMailed | NotTold) -> str:
    words = detail.words.removesuffix(".")
    if isinstance(detail, NotTold):
        return f"nobody could be told by {detail.channel}: {words}"
    what = f"the page of {detail.partner} for" if detail.partner else "the report of"
    return f"{what} {detail.month} could not be mailed to {detail.address}: {words}"


def _of_clock(detail: ClockOff | DatedAhead, account: str, zone: ZoneInfo) -> str:
    match detail:
        case ClockOff(seconds):
            side = "behind" if seconds > 0 else "ahead of"
            return (
                f"the clock of this machine is {abs(seconds):.0f} seconds {side} that of "
                f"{account}'s network; set the clock right"
            )
        case DatedAhead(total, latest):
            posts = plural(total, "post is", "posts are")
            return (
                f"{posts} dated in the future, the latest {wall_clock(latest, zone)}: the clock of "
                "this machine was ahead then, or is behind now; set the clock right"
            )


def _of_ask(detail: PartnersToAsk) -> str:
    """Sentence of whom to ask in person, for what, and why no mail did."""
    match detail.why:
        case NotAskedWhy.NO_MAIL:
            why = "crosspromo.toml has no [smtp]"
        case NotAskedWhy.NO_ADDRESS:
            why = "no address is known"
        case NotAskedWhy.REFUSED:
            why = detail.words.removesuffix(".")
        case _:
            assert_never(detail.why)
    what = "to share" if detail.ask is not Ask.NOT_SHARED else "once more to share"
    return f"ask {detail.name} {what} {detail.title}; no mail could be sent: {why}"


def _of_source(
    detail: SourceFails | SourceSilent | SourceShrunk, since: datetime | None, zone: ZoneInfo
) -> str:
    source = f"source {detail.source}, {detail.address},"
    match detail:
        case SourceFails(words=words):
            last = "" if since is None else f" since {wall_clock(since, zone)}"
            return f"{source} could not be read{last}: {words.removesuffix('.')}"
        case SourceShrunk(address=address, gone=gone, known=known):
            return (
                f"{gone} of {known} coming events are gone from {address}, source {detail.source}; "
                "nothing was changed, since the calendar may be broken"
            )
        case SourceSilent(last=last_item):
            return (
                f"{source} has brought nothing new since {wall_clock(last_item, zone)}, which is "
                "longer than usual; look whether it has moved"
            )


def mend_of(matter: Matter) -> Mend | None:  # noqa: C901 (a table)
    """Mend that ends the matter; None where the sentence says all there is to do."""
    detail = matter.detail
    match detail:
        case EndedUnsent(State.FAILED) if matter.delivery is not None:
            return mends.Retry(matter.delivery)
        case EndedUnsent(State.MISSED) if matter.delivery is not None:
            return mends.Move(matter.delivery)
        case EndedUnsent() if matter.delivery is not None:
            return mends.Dismiss(matter.delivery)
        case OutcomeUnknown() if matter.delivery is not None:
            return mends.Resolve(matter.delivery)
        case ToPostByHand() if matter.delivery is not None:
            return mends.MarkPosted(matter.delivery)
        case Earlier():
            return mends.ListDeliveries()
        case ApprovalDue() | EventHasChanged() if matter.delivery is not None:
            return mends.Approve(matter.delivery)
        case NoLongerAgreed(None) if matter.delivery is not None:
            return mends.TakeDown(matter.delivery)
        case NoLongerAgreed() if matter.delivery is not None:
            return mends.Revise(matter.delivery)
        case PartnerWishes(partner) if matter.delivery is not None:
            return mends.ReviseForPartner(matter.delivery, partner)
        case PartnerRefused(partner) if matter.delivery is not None:
            return mends.CallBackLink(matter.delivery, partner)
        case SignOffLacks(partner, _, asked=False) if matter.delivery is not None:
            return mends.AskPartner(matter.delivery, partner)
        case PartnerNotAsked(partner) if matter.delivery is not None:
            return mends.AskPartner(matter.delivery, partner)
        case PartnersToAsk(event=event, partner=partner):
            return mends.SayAsked(event, partner)
        case SignOffLacks(partner) if matter.delivery is not None:
            return mends.Approve(matter.delivery, (partner,))
        case AccountRefused() | AccountRests() | ReadingFails() if matter.account is not None:
            return mends.VerifyAccount(matter.account)
        case AccountGone() if matter.account is not None:
            return mends.RenameAccount(matter.account)
        case PausedInDoubt():
            return mends.ResumeInDoubt(matter.account)
        case PausedWithoutReason():
            return mends.SayWhyPaused(matter.account)
        case NoDaemon(alive=False):
            return mends.StartDaemon()
        case SourceFails(source) | SourceSilent(source):
            return mends.ReadSource(source)
        case SourceShrunk(source):
            return mends.AcceptGone(source)
        case EventsToReview():
            return mends.ReviewEvents()
        case PlannedAsDrafts():
            return mends.ListDrafts()
        case _:
            return None


_EARLIER: Mapping[Sort, tuple[str, str]] = MappingProxyType(
    {
        Sort.ENDED_UNSENT: ("also did not go out", "also did not go out"),
        Sort.UNKNOWN: ("is also unknown", "are also unknown"),
        Sort.PAST_DUE: ("is also past due", "are also past due"),
        Sort.APPROVAL_DUE: ("also waits for approval", "also wait for approval"),
        Sort.STANDS_WITHDRAWN: (
            "also stands on its network without a permission",
            "also stand on their networks without a permission",
        ),
        Sort.EVENT_CHANGED: (
            "is also a draft since its event changed",
            "are also drafts since their events changed",
        ),
    }
)
"""What is the matter with one earlier delivery, and with several."""


def not_asked(why: NotAskedWhy, words: str) -> str:
    """Why a partner could not be asked by mail, without a full stop."""
    match why:
        case NotAskedWhy.NO_MAIL:
            return "crosspromo.toml needs [smtp], and public_url under [serve]"
        case NotAskedWhy.NO_ADDRESS:
            return "nobody who signs off there has an address"
        case NotAskedWhy.REFUSED:
            return words.removesuffix(".")


def _name(matter: Matter) -> str:
    return f"{matter.delivery} on {matter.account}"


def _why(reason: FaultReason | None, account: str, zone: ZoneInfo) -> str:
    return "" if reason is None else of_fault(reason, account, zone).removesuffix(".")


def _with(head: str, why: str) -> str:
    return f"{head}: {why}" if why else head
