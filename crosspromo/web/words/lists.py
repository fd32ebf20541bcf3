"""Words of the pages Queue, Audit, Accounts and Pause."""

from zoneinfo import ZoneInfo

from crosspromo.domain.pauses import Pause
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.holds import of_hold
from crosspromo.services.accounts import ListedAccount, VerifiedAccount
from crosspromo.services.pauses import Overdue, Prospect, Resumed
from crosspromo.web.moments import Moments
from crosspromo.web.words.post import ACTS
from crosspromo.web.words.posts import HELD, STATES, name_of

QUEUE = "Queue"
QUEUE_CAPTION = "Deliveries"
DUE = "Due"
POST = "Post"
ACCOUNT = "Account"
STATE = "State"
CREDIT = "Counts"
BECOMES = "What becomes of it"
ANY = "any"
SHOW = "Show"
EMPTY_QUEUE = "Nothing matches."
EMPTY_QUEUE_MORE = "Choose another state or account."
MORE = "More deliveries match; choose a state or an account."
DOWNLOAD = "Download CSV"
WORKBOOK = "Download the editorial calendar (XLSX)"
BRING_BACK = "Bring it back…"
STATES_OFFERED = [
    ("", ANY),
    (HELD, HELD),
    *((state.value, word) for state, word in STATES.items()),
]

AUDIT = "Audit"
AT = "When"
AUDIT_HEADING = "Who did what"
AUDIT_CAPTION = "Acts, the latest first"
WHO = "Who"
ACT = "Act"
SUBJECT = "About"
REASON = "Reason"
EARLIER = "Earlier"
NOTHING_DONE = "Nobody has done anything yet."

ACCOUNTS = "Accounts"
ACCOUNTS_CAPTION = "Accounts of crosspromo.toml"
NETWORK = "Network"
PROMISE = "Promise"
SLOTS = "Slots"
GAP = "Gap"
CAP = "A day"
BUDGET = "Budget"
STANDING = "State"
VERIFY = "Sign in to try it"
PAUSE_THIS = "Pause it…"
RESUME_THIS = "Resume it…"
POSTS_OF = "Its posts"
WINDOW = "Window"
QUIET = "Quiet hours"
APPROVAL = "Approval"
ADMINS = "Admins try accounts and pause them."
NOT_KNOWN = "–"

PAUSE = "Pause"
PAUSE_HEADING = "Let nothing go out"
PAUSE_LEAD = (
    "It takes effect before the next send; what is being sent is not called back. What is queued "
    "stays queued."
)
WHERE = "Where"
EVERYWHERE = "everywhere"
WHY = "Why? Everybody who meets the pause reads it."
WHY_HINT = "It may stay empty: stop first, and say why later."
PAUSE_BUTTON = "Pause"
RESUME = "Resume"
RESUME_HEADING = "Let posts go again"
RESUME_LEAD = (
    "They will not burst out: late ones take their turn, one at a time, as the rules allow."
)
OVERDUE = "What came due meanwhile"
OVERDUE_LEAD = "Move or cancel what should not go now."
MOVE = "Move…"
CANCEL = "Cancel"
RESUME_BUTTON = "Resume"
STAY = "Stay paused"
NOTHING_PAUSED = "Nothing is paused"
NOTHING_PAUSED_MORE = "There is no pause to end."
GO_TO_TODAY = "Go to Today"
EVERYTHING = "everything"

PROSPECTS = {
    Prospect.NO_ACCOUNT: "its account is no longer in crosspromo.toml",
    Prospect.HELD: "it waits for another reason",
    Prospect.MISSED: "too late: it will be missed; move it to send it",
    Prospect.GOES: "it goes as the rules allow",
}


def queue_heading(count: int, *, more: bool) -> str:
    """Verdict of the queue."""
    some = "The first " if more else ""
    return f"{some}{plural(count, 'delivery', 'deliveries')}"


def act_of(act: str) -> str:
    """Act of the audit log in words."""
    return ACTS.get(act, f"{act[:1].upper()}{act[1:]}")


def accounts_heading(accounts: list[ListedAccount]) -> str:
    """Verdict: how many accounts work."""
    faulty = sum(each.fault is not None for each in accounts)
    total = plural(len(accounts), "account")
    if not accounts:
        return "There are no accounts yet"
    if faulty:
        return f"{faulty} of {total} {'needs' if faulty == 1 else 'need'} attention"
    return f"{total}; none needs attention"


def standing(account: ListedAccount, moments: Moments) -> str:
    """State of an account in a sentence."""
    if account.fault is not None:
        return account.fault
    if account.pause is not None:
        return of_pause(account.pause, moments)
    return "Fine."


def of_pause(pause: Pause, moments: Moments) -> str:
    """Sentence about a pause."""
    why = f": “{pause.reason}”" if pause.reason else ""
    what = EVERYTHING if pause.account is None else pause.account
    since = f"since {moments.near(pause.at)} by {pause.who}"
    return f"{what[:1].upper()}{what[1:]} is paused {since}{why}."


def paused(pause: Pause) -> str:
    """A pause was begun."""
    return f"{pause.account or 'Everything'} is paused."


def prospect(overdue: Overdue, zone: ZoneInfo) -> str:
    """What becomes of an overdue delivery, in a sentence; of a held one why it is held."""
    hold, account = overdue.view.delivery.hold, overdue.view.delivery.account
    if overdue.prospect is Prospect.HELD and hold is not None:
        why = of_hold(hold.reason, hold.until, account, zone).removesuffix(".")
        return f"it waits. {why}."
    return f"{PROSPECTS[overdue.prospect]}."


def resumed(account: str | None, found: Resumed, zone: ZoneInfo) -> list[str]:
    """A pause has ended, and what is overdue."""
    told = [f"{account or 'Everything'} goes on."]
    told += [
        f"“{name_of(each.view.delivery)}” on {each.view.delivery.account}: {prospect(each, zone)}"
        for each in found.overdue[:10]
    ]
    if len(found.overdue) > 10:
        told.append(f"And {len(found.overdue) - 10} more that are overdue.")
    return told


def verified(account: VerifiedAccount) -> str:
    """Result of a sign-in."""
    if account.fault is None:
        return f"{account.account} works: its network knows it as {account.known_as}."
    return f"{account.account} does not work: {account.fault}"


def cap(most: int | None) -> str:
    """Posts a day."""
    return "no limit" if most is None else str(most)


def budget(dollars: float | None) -> str:
    """Money a month."""
    return "no limit" if dollars is None else f"${dollars:.2f} a month"
