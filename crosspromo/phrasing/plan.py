"""Sentences of a plan: reasons of lines, reasons of items without a line, missing posts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.forecasts import Outcome
from crosspromo.domain.ladders import RECAP, THANKS
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Credit
from crosspromo.domain.timing import DAYS, wall_clock
from crosspromo.phrasing.errors import of_error
from crosspromo.phrasing.rehearsals import reason_of_step
from crosspromo.phrasing.words import first_words, of_pause
from crosspromo.planning.occasions import (
    CadenceDue,
    Introduction,
    LadderStep,
    Milestone,
    ObservanceMatches,
    Occasion,
    Suggested,
    WaitingSelf,
)
from crosspromo.planning.values import Why
from crosspromo.services.planning.last_word import NotQueued

if TYPE_CHECKING:
    from datetime import date

    from crosspromo.planning.values import Candidate, Missing
    from crosspromo.services.planning.last_word import Objection
    from crosspromo.services.planning.proposals import LeftOut, Proposal

MOST_WORDS = 80
"""Most characters of a title or of words that are quoted."""

CREDITS: Mapping[Credit, str] = MappingProxyType(
    {
        Credit.OTHERS: "a partner post",
        Credit.SELF: "a self post",
        Credit.BOTH: "a joint post",
        Credit.NONE: "not counted",
    }
)
"""What a line counts as."""

_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "save-the-date": "save the date",
        "programme": "its programme",
        "announce": "its announcement",
        "invite": "its invitation",
        "two-weeks": "its post two weeks before",
        "week": "its post a week before",
        "last-days": "its post in the last days before",
        "tomorrow": "its post the day before",
        "today": "its post of the day",
        THANKS: "its thanks",
        RECAP: "its look back",
    }
)
"""Names of the steps of our ladders, to be read aloud."""


def of_occasion(occasion: Occasion, zone: ZoneInfo) -> str:
    """Reason for which a line is in the plan, without a full stop."""
    match occasion:
        case CadenceDue(name=name, cadence=cadence, days_past=past) if past:
            return f"{name}: {plural(past, 'day')} past their {cadence}"
        case CadenceDue(name=name, cadence=cadence, due=due):
            return f"{name}: due on {_day(due)}, by their {plural(cadence, 'day')}"
        case Introduction(name=name):
            return f"{name}: never shared here, so they are introduced"
        case Milestone(name=name, words=words, day=day):
            return f"{name}: a milestone of {_day(day)}, {_quoted(words)}"
        case ObservanceMatches(name=name, title=title, day=day, topic=topic):
            return f"{title} is on {_day(day)}, and {name} works on {topic}"
        case Suggested(name=name, suggestion=number, title=title):
            return f"{name} has news: {_quoted(title)} (suggestion {number})"
        case LadderStep(title=title, step=step, day=day):
            return f"{_quoted(title)}: {_STEPS.get(step, f'its step {step}')}, on {_day(day)}"
        case WaitingSelf(since=since) if since is not None:
            return f"{_waiting(occasion)} has waited since {wall_clock(since, zone)}"
        case WaitingSelf():
            return f"{_waiting(occasion)} waits until it may go"
        case _:
            assert_never(occasion)


def what_of(candidate: "Candidate") -> str:
    """Name of an item, such as `spotlight of river-keepers`."""
    match candidate.occasion:
        case WaitingSelf():
            return _waiting(candidate.occasion)
        case LadderStep(event=event, step=step):
            return f"{event}, step {step}"
        case Suggested(suggestion=number, name=name):
            return f"suggestion {number}, {name}"
        case ObservanceMatches(title=title, name=name):
            return f"{name} for {title}"
        case Introduction(name=name):
            return f"{name}, introduction"
        case Milestone(name=name, words=words):
            return f"{name}, milestone {_quoted(words)}"
        case CadenceDue(name=name):
            return name
        case _:
            assert_never(candidate.occasion)


def of_left_out(left_out: "LeftOut", zone: ZoneInfo) -> str:
    """Reason for which an item has no line, without a full stop."""
    why = left_out.why
    reason = _of_why(why) if isinstance(why, Why) else _of_objection(why, zone)
    delivery = left_out.item.candidate.delivery
    if delivery is None or left_out.goes_at is None:
        return reason
    at = wall_clock(left_out.goes_at, zone)
    return f"{reason}; delivery {delivery} stays in the queue, and would go at {at}"


def _of_why(why: Why) -> str:  # noqa: C901 (a table)
    match why:
        case Why.NO_ACCOUNT:
            return "no account that is planned may have it"
        case Why.SAID:
            return "its accounts have it, or nearly the same text"
        case Why.NO_SLOT:
            return "no slot is free while it may go"
        case Why.SILENCE:
            return "the free slots are on days without posts about it"
        case Why.LIMIT:
            return "its partner wants fewer posts, or longer notice"
        case Why.BUDGET:
            return "the budget of the month does not allow its cost"
        case Why.RATIO:
            return "its account has too few partner posts for it"
        case Why.FLOOR:
            return "all accounts together have too few partner posts for it"
        case Why.ROOM:
            return "posts that matter more have the slots"
        case Why.NOT_DUE:
            return "its partner is not due"
        case _:
            assert_never(why)


def _of_objection(why: "Objection", zone: ZoneInfo) -> str:
    if isinstance(why, NotQueued):
        return of_error(why.refusal, zone)
    step = why.step
    if step is None:
        return "the rehearsal did not come to send it"
    reason = reason_of_step(step, zone)
    if reason is not None:
        return reason
    if step.races or step.outcome is not Outcome.SENT:
        return "another post may go in its place at the same time"
    return f"it would only go at {wall_clock(step.at, zone)}"


def of_missing(missing: "Missing") -> str:
    """Sentence about the partner posts that an account lacks."""
    posts = plural(missing.partner_posts, "more partner post")
    return f"{missing.account} at {missing.target} needs {posts} than there are occasions for."


def of_nothing(proposal: "Proposal") -> list[str]:
    """Sentence about a plan without lines; none where it has some, or no account is planned."""
    if proposal.lines or not proposal.accounts:
        return []
    if proposal.left_out:
        return ["Nothing more has a place. The reasons are below."]
    return ["Nothing to propose: no occasion, and no partner who is due."]


def of_pauses(proposal: "Proposal", zone: ZoneInfo) -> list[str]:
    """Sentences about pauses, under which nothing is planned."""
    return [
        f"{of_pause(each, zone).removesuffix('.')}. Nothing is planned there until it goes on."
        for each in proposal.pauses
    ]


def of_drafts(proposal: "Proposal") -> list[str]:
    """Sentence about drafts of earlier plans; none where there are none."""
    if not proposal.drafts:
        return []
    one, more = "draft of an earlier plan waits", "drafts of earlier plans wait"
    return [f"{plural(proposal.drafts, one, more)} for approval."]


def _day(day: "date") -> str:
    return f"{DAYS[day.weekday()].capitalize()} {day}"


def _quoted(words: str) -> str:
    """Words in quotation marks; those within are single ones."""
    inner = words.replace('"', "'")
    return f'"{first_words(inner, MOST_WORDS)}"'


def _waiting(occasion: WaitingSelf) -> str:
    number = f"delivery {occasion.delivery}"
    return f"{_quoted(occasion.words)} ({number})" if occasion.words else number
