"""Words of the page Today."""

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup, escape

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.matters import (
    ApprovalDue,
    EndedUnsent,
    EventHasChanged,
    Matter,
    NoLongerAgreed,
    OutcomeUnknown,
    PartnerNotAsked,
    PartnerRefused,
    PartnerWishes,
    PastDue,
    SignOffLacks,
    ToPostByHand,
)
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.states import State
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.matters import not_asked
from crosspromo.phrasing.words import first_words
from crosspromo.reports.ratio import AccountStanding, OrganisationStanding
from crosspromo.services.today import Course, Today
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import name_of

TITLE = "Today"
BEGIN = "Begin with somebody else"
BEGIN_HINT = (
    "Nothing has gone out, and nothing waits. Bring in the partners whom you want to share, and "
    "write a post about one of them."
)
IMPORT = "Import partners…"
IMPORT_EVENTS = "Import events…"
NEXT = "Next"
NOTHING_NEXT = "Nothing is queued until the day after tomorrow."
BALANCE = "Balance"
LEGEND_PARTNER = "partner post"
LEGEND_SELF = "self post"
LEGEND_NEEDED = "still needed"
LEGEND_ALLOWED = "allowed now"
WHY = "Why"
ALL = "Queue"
HELD = "Held"
WOULD_WAIT = "Would wait"
NEEDS = "What needs a person"
READ = "Read…"
APPROVE = "Approve"
MOST_MARKS = 40
MOST_SAID = 160
"""Most characters of a partner's words in a row; the page of the post has them all."""

NUMBERS = ("Nothing", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "unknown": "Unknown",
        "failed": "Failed",
        "missed": "Missed",
        "expired": "Expired",
        "by-hand": "By hand",
        "past-due": "Overdue",
        "approval": "Approve",
        "earlier": "More",
        "event-changed": "Event",
        "change-asked": "Partner",
        "partner-refused": "Partner",
        "sign-off-lacks": "Partner",
        "not-asked": "Partner",
        "ask-partners": "Partner",
        "account": "Account",
        "resting": "Resting",
        "account-gone": "Account",
        "paused": "Paused",
        "pause-reason": "Paused",
        "daemon": "Machine",
        "disk": "Machine",
        "clock": "Machine",
        "dated-ahead": "Machine",
        "settings": "Settings",
        "templates": "Templates",
        "permission-withdrawn": "Permission",
        "observance": "Settings",
        "reading": "Reading",
        "source-fails": "Source",
        "source-silent": "Source",
        "source-shrunk": "Source",
        "to-review": "Event",
        "report-mail": "Report",
        "planned": "Plan",
        "not-told": "Not told",
    }
)
"""Kind of a row by the code of its matter."""

ALARMS = frozenset(
    {"unknown", "failed", "expired", "past-due", "daemon", "disk", "paused", "settings", "account"}
)
"""Codes of matters that are drawn as alarms."""


def verdict(things: int) -> str:
    """Heading: how many things need a person."""
    if not things:
        return "Nothing needs a person"
    number = NUMBERS[things] if things < len(NUMBERS) else str(things)
    return f"{number} {'thing needs' if things == 1 else 'things need'} a person"


def title(things: int) -> str:
    """Title of the page, with the number."""
    return f"({things}) {TITLE}" if things else TITLE


def lead(found: Today) -> str:
    """What goes without a person, what waits, and what a person posts."""
    count = {course: found.courses.count(course) for course in Course}
    if not found.courses:
        other = " else" if found.count else ""
        return f"Nothing{other} is queued until the day after tomorrow."
    goes, waits, by_hand = count[Course.GOES], count[Course.WAITS], count[Course.BY_HAND]
    until = "until the day after tomorrow"
    if found.more:
        until = f"of the next {len(found.courses)}"
    if not found.sending.is_alive:
        verb = "would go by itself" if goes == 1 else "would go by themselves"
        said = ["Nothing goes while no daemon runs."]
        if goes:
            said.append(f"{plural(goes, 'delivery', 'deliveries')} {verb} {until}.")
    elif goes:
        verb = plural(goes, "delivery goes by itself", "deliveries go by themselves")
        said = [f"{verb} {until}."]
    else:
        said = [f"Nothing goes by itself {until}."]
    if waits:
        said.append(
            f"{plural(waits, 'delivery is or would be', 'deliveries are or would be')} held."
        )
    if by_hand:
        said.append(f"{plural(by_hand, 'delivery is', 'deliveries are')} for a person to post.")
    return " ".join(said)


def more(count: int) -> str:
    """Rows that are left out."""
    return f"{count} more"


def waits_for_approval(name: str, author: str) -> str:
    """A draft to be read."""
    return f"“{name}” by {author}"


def approval_facts(account: str, due: str) -> str:
    """Account and due time of a draft, in a sentence."""
    return f"{account}, {due}. It goes when it is approved."


def of_delivery(  # noqa: C901 (a table)
    matter: Matter, delivery: Delivery, moments: Moments
) -> str | None:
    """Sentence of a matter about a delivery; None: the one of the services says it best."""
    name, account = f"“{name_of(delivery)}”", delivery.account
    due = moments.near(delivery.due_at)
    match matter.detail:
        case OutcomeUnknown():
            return f"Did {name} go out on {account}?"
        case ToPostByHand():
            return f"{name} on {account}, due {due}"
        case EndedUnsent(State.FAILED):
            return f"{account} refused {name}"
        case EndedUnsent(State.MISSED):
            return f"{name} on {account} was missed"
        case EndedUnsent():
            return f"{name} on {account} expired"
        case PastDue():
            return f"{name} on {account} is {moments.late(delivery.due_at)} late"
        case ApprovalDue():
            return f"{name} on {account} was due {due}, and is not approved"
        case PartnerWishes(_, partner):
            return f"{partner} asks for a change of {name}"
        case PartnerRefused(_, partner):
            return f"{partner} said no to {name}. It is cancelled"
        case SignOffLacks(_, partner, asked):
            return f"{partner} has not {'answered' if asked else 'been asked'} about {name}"
        case NoLongerAgreed(None):
            return f"{name} stands on {account}, and somebody no longer agrees to it"
        case NoLongerAgreed():
            return f"Somebody no longer agrees to {name} on {account}"
        case PartnerNotAsked(_, partner):
            return f"{partner} could not be asked by mail about {name}"
        case EventHasChanged():
            return f"The event of {name} on {account} has changed"
        case _:
            return None


def facts_of(matter: Matter, delivery: Delivery, moments: Moments) -> str:
    """Line of facts below the sentence."""
    match matter.detail:
        case ToPostByHand():
            return "Copy the text, post it there, then paste its address."
        case PartnerWishes(_, _, said) | PartnerRefused(_, _, said):
            return f"“{first_words(said, MOST_SAID)}”" if said else "They gave no reason."
        case PartnerNotAsked(_, _, why_not, said):
            return not_asked(why_not, said) + "."
        case SignOffLacks():
            return f"Due {moments.near(delivery.due_at)}. Without an answer it is not posted."
        case ApprovalDue():
            return f"Written by {delivery.author}."
        case PastDue(reason, next_at):
            why = _sentence_of(reason, delivery, moments)
            again = "" if next_at is None else f"The next try is at {moments.near(next_at)}. "
            return f"{why}{again}Nothing is lost, nothing will go out twice."
        case OutcomeUnknown(reason):
            why = _sentence_of(reason, delivery, moments)
            return f"{why}It is not sent again until you say."
        case NoLongerAgreed(reason) if reason is not None:
            return f"{_sentence_of(reason, delivery, moments)}It is a draft now."
        case EndedUnsent(_, reason) | EventHasChanged(reason) if reason is not None:
            return of_fault(reason, delivery.account, moments.zone)
        case _:
            return ""


def _sentence_of(reason: FaultReason | None, delivery: Delivery, moments: Moments) -> str:
    """Fault as a sentence of its own, with a space after it; empty where there is none."""
    if reason is None:
        return ""
    said = of_fault(reason, delivery.account, moments.zone)
    stop = "" if said.endswith((".", "!", "?")) else "."
    return f"{said[:1].upper()}{said[1:]}{stop} "


def balance(standing: AccountStanding, moments: Moments) -> Markup:
    """Balance of an account in a sentence or two."""
    sentence = escape(counts(standing.others, standing.self_))
    if standing.policy == "none":
        return sentence + " Nothing is held here."
    if standing.policy == "quota":
        kept = "kept" if standing.ok else "not kept now"
        return sentence + f" The promise of {standing.target} is {kept}. Nothing is held here."
    if standing.headroom:
        allowed = plural(standing.headroom, "self post is", "self posts are")
        return sentence + Markup(" <strong>{}</strong> allowed now.").format(allowed)
    needed = plural(standing.partner_posts_to_next or 0, "more partner post")
    verb = "is" if standing.partner_posts_to_next == 1 else "are"
    by_itself = (
        ""
        if standing.earliest_by_roll_off is None
        else f", or it is allowed by itself on {moments.day(standing.earliest_by_roll_off)}"
    )
    return sentence + Markup(" <strong>{}</strong> {} needed for the next self post{}.").format(
        needed, verb, by_itself
    )


def counts(others: int, self_: int) -> str:
    """Posts on either side."""
    return f"{plural(others, 'partner post')}, {plural(self_, 'self post')}."


def organisation(standing: OrganisationStanding) -> str:
    """Balance over all accounts."""
    said = f"The organisation as a whole: {counts(standing.others, standing.self_)}"
    if standing.target is None:
        return said
    target = standing.target.replace(":", "\u202f:\u202f")
    return f"{said} It {'keeps' if standing.ok else 'does not keep'} {target}."


def target(standing: AccountStanding) -> str:
    """Promise of an account, in a few characters."""
    if standing.target is None:
        return "no promise"
    return standing.target.replace(":", "\u202f:\u202f").replace("per 7d", "a week")


def of_window(window: str) -> str:
    """Heading of the balance with its window."""
    return f"in {window}"
