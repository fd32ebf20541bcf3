"""Words of the page of a post, and of the forms for acts on deliveries."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from crosspromo.domain.approval import Approval, same_name
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target
from crosspromo.phrasing.words import taken_out
from crosspromo.web.moments import Moments
from crosspromo.web.words.posts import CREDITS, KINDS, name_of, state_of

NARROW = "\u202f:\u202f"
QUEUE = "Queue"
EDIT = "Edit…"
MOVE = "Move…"
CANCEL = "Cancel"
APPROVE = "Approve"
REJECT = "Reject…"
RELEASE = "Release…"
RETRY = "Try again"
RESOLVE = "Resolve…"
BY_HAND = "Copy and post…"
DISMISS = "Take note…"
DELETE = "Delete from the network…"
SEE = "See it there"
LATER = "Looked at next"
APPROVAL = "Approval"
HISTORY = "History"
COUNTED = "Posts that count"
WENT_OUT = "Went out"
COUNTS = "Counts"
POST = "Post"
OUTSIDE = "outside, or before crosspromo"
NOTHING_COUNTED = "Nothing counts yet."
HOLDS = "Held before"
MOST_ROWS = 20
ALT_MISSING = "no description"
PICTURES = "Pictures"
CARD = "Shows a card of"
REPOSTS = "Shows the post"
WAITS_FOR_HANDS = "It waits for a person to post it."

VERDICTS: Mapping[str, str] = MappingProxyType({"ok": "✓", "hold": "‖", "refuse": "✕"})
VERDICT_WORDS: Mapping[str, str] = MappingProxyType(
    {"ok": "passed", "hold": "holds it", "refuse": "refuses it"}
)
CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "paused": "Pause",
        "approval": "Approval",
        "expired": "Expiry",
        "missed": "Too late",
        "blackout": "Silence",
        "legal": "Law",
        "duplicate": "Duplicate",
        "cap": "Cap",
        "gap": "Gap",
        "quiet": "Quiet hours",
        "budget": "Budget",
        "rate-limit": "Network’s limit",
        "ratio": "Balance",
        "floor": "Organisation",
        "slot": "Slot",
    }
)
ACTS: Mapping[str, str] = MappingProxyType(
    {
        "approve": "Approved",
        "ask for a change": "Asked for a change",
        "call back sign-off link": "Called the link back",
        "cancel": "Cancelled",
        "delete": "Deleted from the network",
        "delete by hand": "Deleted by hand",
        "dismiss": "Taken note",
        "edit": "Edited",
        "make sign-off link": "Made a link to sign off",
        "move": "Moved",
        "reject": "Rejected",
        "release": "Released",
        "repair": "Repaired",
        "resolve as not posted": "Resolved: it is not there",
        "resolve as posted": "Resolved: it is there",
        "retry": "Tried again",
        "undo cancel": "Cancelling undone",
        "undo dismiss": "Taking note undone",
        "undo move": "Move undone",
    }
)


def kind_of(delivery: Delivery, post: int) -> str:
    """Number, kind and credit of a post: `post 41, own post, self post`."""
    return f"post {post}, {KINDS[delivery.kind].lower()}, {CREDITS[delivery.credit]}"


def labels(delivery: Delivery) -> str:
    """Campaign, chosen tone and note of a post, for ourselves; empty where it has none."""
    told = [f"Campaign: {delivery.campaign}."] if delivery.campaign else []
    told += [f"Tone: {delivery.tone}."] if delivery.tone else []
    told += [f"Note: {delivery.note}"] if delivery.note else []
    return " ".join(told)


def summary(deliveries: Sequence[Delivery], moments: Moments) -> str:
    """Prospect of a post on each account, in one line."""
    told = [f"{each.account}: {state_of(each)}{_when(each, moments)}" for each in deliveries]
    return f"{'; '.join(told)}."


def _when(delivery: Delivery, moments: Moments) -> str:
    if delivery.published_at is not None:
        return f" {moments.near(delivery.published_at)}"
    if delivery.waits_to_be_allowed:
        return ", goes when it is allowed"
    return f", due {moments.near(delivery.due_at)}"


def length_of(length: int, limit: int) -> str:
    """Length of a text: `213 of 280`."""
    return f"{length:,} of {limit:,}"


def why(delivery: Delivery) -> str:
    """Heading of the checks."""
    return (
        f"Why it waits on {delivery.account}" if delivery.hold else f"Checks on {delivery.account}"
    )


def arithmetic(others: int, self_: int, target: str, credit: Credit) -> str | None:
    """Arithmetic of the balance in one line; None for a post without self credit."""
    if not credit.counts_self:
        return None
    wanted = Target.parse(target)
    shared = others + credit.counts_others
    keeps = Tally(others, self_).allows(credit, wanted)
    ratio = str(wanted.num) if wanted.den == 1 else f"{wanted.num}/{wanted.den}"
    needed = wanted.num * (self_ + 1) / wanted.den
    return (
        f"{plural(shared, 'partner post')} {'≥' if keeps else '<'} {ratio} × "
        f"({plural(self_, 'self post')} + this one) = {needed:g}"
    )


def counted(account: str, count: int) -> str:
    """Heading of the counted posts."""
    return f"{plural(count, 'post')} that {'counts' if count == 1 else 'count'} on {account}"


def act_of(act: str) -> str:
    """Act of the audit log in words."""
    return ACTS.get(act, act)


def first(author: str) -> str:
    """The beginning of the history."""
    return f"Written by {author or 'somebody'}"


def may_approve(approval: Approval, delivery: Delivery, name: str) -> bool:
    """Whether a button to approve has a use for this person."""
    return not (approval.asked and same_name(name, delivery.author))


OWN_WORK = "You wrote it, so somebody else approves it."
RELEASED_NOW = "It is released, and goes with the next round."


def due_and_worked_out(due: str) -> str:
    """Prospect of a delivery whose forecast is out of date."""
    return f"It is due {due}. What becomes of it is worked out within minutes."


REASON = "Reason"
DUPLICATE = "Why say again what was said within 30 days?"
DUPLICATE_HINT = "Only where it was; the reason stays in the audit log."
BACK = "Leave it as it is"
URL = "Its address there, if you have it"
IT_IS_THERE = "It is there."
IT_IS_NOT = "It is not there: it is queued again."
LOOK_FIRST = "Look on the network first. It is not sent again until you say."
RESOLVE_BUTTON = "Resolve"
CHOOSE = "Say what you saw: choose one of the two."
COPY = "Copy the text, post it there, then paste its address here."
TEXT_TO_COPY = "Text to copy"
TITLE_TO_COPY = "Title to copy"
OPEN_FORM = "Open the network’s own form"
PICTURES_TO_SAVE = "Pictures to attach"
SAVE_PICTURE = "Save the picture"
IS_POSTED = "It is posted"
WILL_NOT_BE = "It will not be posted…"
TEXT = "Text"
TITLE = "Title"
LINK = "Link"
EDIT_BUTTON = "Keep this text"
TAKE_THEIRS = "Leave theirs"
STRUCK = "struck: as it is now; underlined: yours"
STRUCK_BY_THEM = "struck: as it was; underlined: as it is now, and stays"
TYPED_KEPT = "What you typed is kept below. Send it again to put it in place of theirs."
NOTHING_CHANGED = "It says this already; nothing was changed."
DELETE_BUTTON = "Delete it from the network"
DELETE_LEAD = "It cannot be undone. A self post goes on counting."
DELETED_BY_HAND = "I have deleted it there myself"
RELEASE_LEAD = (
    "It goes out with the next round, counts as a self post, and the report names you and your "
    "reason."
)


def heading(act: str, delivery: Delivery) -> str:
    """Heading of a form for an act on a delivery."""
    name, account = name_of(delivery), delivery.account
    return {
        "reject": f"Reject “{name}” on {account}",
        "release": f"Release “{name}” on {account} now?",
        "dismiss": f"Take note of “{name}” on {account}",
        "resolve": f"Did “{name}” go out on {account}?",
        "by-hand": f"Post “{name}” on {account}",
        "edit": f"Edit “{name}” on {account}",
        "delete": f"Delete “{name}” from {account}?",
    }[act]


REASON_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "reject": "What should be changed? Its author reads it.",
        "release": "Why can it not wait?",
        "dismiss": "Why is nothing more to be done?",
    }
)
REASON_BUTTONS: Mapping[str, str] = MappingProxyType(
    {"reject": "Reject", "release": "Release now", "dismiss": "Take note"}
)
REASON_LEADS: Mapping[str, str] = MappingProxyType(
    {
        "reject": "It is cancelled on this account, and its author reads your reason.",
        "release": RELEASE_LEAD,
        "dismiss": "Its state stays. Today asks about it no more; a new failure asks again.",
    }
)


def after_release(account: str, others: int, self_: int, target: str) -> str:
    """Balance after a release."""
    needed = Tally(others, self_ + 1).partner_posts_to_next(Target.parse(target))
    posts = plural(needed, "more partner post is", "more partner posts are")
    return (
        f"{account} stands at {ratio(others, self_)} and keeps {target.replace(':', NARROW)}. "
        f"After this it stands at {ratio(others, self_ + 1)}, and {posts} needed before the next "
        "self post."
    )


def ratio(others: int, self_: int) -> str:
    """Counts on either side: `13 : 4`, with narrow spaces that do not break."""
    return f"{others}{NARROW}{self_}"


def somebody_changed(who: str | None, at: str | None) -> str:
    """Somebody else changed the text meanwhile."""
    if who is None or at is None:
        return "This text was changed meanwhile"
    return f"{who} changed this text at {at}"


def done(act: str, accounts: Sequence[str]) -> str:
    """An act was done."""
    names = ", ".join(accounts)
    return {
        "approve": f"Approved on {names}.",
        "cancel": f"Cancelled on {names}.",
        "reject": f"Rejected on {names}.",
        "release": f"Released on {names}; it goes out with the next round.",
        "dismiss": f"Taken note of it on {names}.",
        "retry": f"Queued again on {names}.",
        "edit": f"Changed on {names}.",
        "delete": f"Deleted from {names}.",
        "posted": f"Recorded: it is on {names}.",
        "not-posted": f"Recorded: it is not on {names}. It is queued again.",
    }[act]


def void(count: int) -> str:
    """Approvals that an edit made void."""
    return f"{plural(count, 'approval is', 'approvals are')} void: it has to be approved again."


def put_back(obligations: Sequence[str]) -> str:
    """What an edit put back into the text."""
    return f"Put back into the text: {', '.join(obligations)}."


def taken(signs: Sequence[str]) -> str:
    """Characters that an edit took out of the text."""
    clause = taken_out(signs)
    return f"{clause[:1].upper()}{clause[1:]}."


def left(deliveries: Sequence[Delivery]) -> str:
    """Deliveries of the post that an act left alone."""
    told = ", ".join(f"{each.account} ({state_of(each)})" for each in deliveries)
    return f"Left as it was: {told}."
