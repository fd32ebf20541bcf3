"""Words of the page of the plan."""

from collections.abc import Sequence

from crosspromo.domain.plurals import plural
from crosspromo.domain.states import State
from crosspromo.services.delivery_view import DeliveryView
from crosspromo.services.planning.proposals import Proposal
from crosspromo.web.moments import Moments

TITLE = "Plan"
LEAD = (
    "Each line has a reason: an occasion, or a partner who is due. Nothing is queued before you "
    "accept it."
)
EMPTY_MORE = "No occasion is new, and no partner is due. What is queued stands in the calendar."
NO_ROOM = "What there is to say has no place in these weeks. The reasons are below."
CALENDAR = "Calendar"
AUTHORS = "Who may write posts can accept these."
ACCEPT = "Accept"
ACCEPT_ALL = "Make drafts of all"
SKIP = "Skip"
SWAP = "Put in this place"
INSTEAD = "Instead"
WORDS = "Words to add"
GONE = "The plan does not propose this any more. Look at the plan again."
BALANCE = "As it would become"
ACCOUNT, WEEK, OTHERS, SELF, ALLOWED = (
    "Account",
    "Week from",
    "Partner posts",
    "Self posts",
    "Self posts allowed",
)
ANY = "no limit"
MISSING = "What is missing"
NO_PLACE = "What has no place"
STOPPED = "The search was ended by the clock: another plan may be better."


def heading(found: Proposal) -> str:
    """Verdict: how much is proposed."""
    weeks = max(1, round((found.ends - found.begins).days / 7))
    if not found.lines:
        return "Nothing more has a place" if found.left_out else "Nothing to propose"
    return f"{plural(len(found.lines), 'post')} proposed for {plural(weeks, 'week')}"


def lead(found: Proposal) -> str:
    """Sentence below the heading of a plan: what its lines are, or why it has none."""
    if not found.accounts:
        return ""
    if found.lines:
        return LEAD
    return NO_ROOM if found.left_out else EMPTY_MORE


def pencilled(found: Proposal) -> str:
    """How many lines wait for words."""
    number = len(found.lines) - len(found.firm)
    return f"{plural(number, 'line needs', 'lines need')} words." if number else ""


def made(views: Sequence[DeliveryView], when: Moments) -> str:
    """Lines became posts."""
    if not views:
        return "Somebody has accepted this already."
    drafts = all(each.delivery.state is State.DRAFT for each in views)
    places = [f"{each.delivery.account} {when.full(each.delivery.due_at)}" for each in views]
    return f"{'Waits for approval' if drafts else 'Queued'}: {', '.join(places)}."


def drafted(views: Sequence[DeliveryView]) -> str:
    """Drafts were made of the plan."""
    if not views:
        return "Nothing new was made."
    return f"{plural(len(views), 'draft')} made. Look at each of them, and approve it."


def skipped(what: str) -> str:
    """A line is proposed no more."""
    return f"Skipped for four weeks: {what}."
