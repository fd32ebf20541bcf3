"""Words of the frame: masthead, sending strip, footer, and pages of errors."""

from crosspromo.domain.people import Role
from crosspromo.domain.plurals import plural
from crosspromo.domain.workers import host_of
from crosspromo.services.sending_state import SendingState
from crosspromo.web.moments import Moments

SKIP = "Skip to the page"
NAVIGATION = "Main"
FIND = "Find"
WRITE = "Write a post"
PAUSE_ALL = "Pause all…"
RESUME = "Resume…"
STATE = "Sending"
SAME_COMMAND = "On the command line:"
SAME_JSON = "This page as JSON"
SIGN_OUT = "Sign out"
KEYS = "Keys"
JUST_DONE = "Just done"
TO_COPY = "Address to copy"
PROGRAM = "crosspromo"

ENTRIES = (
    ("/", "Today"),
    ("/calendar", "Calendar"),
    ("/partners", "Partners"),
    ("/events", "Events"),
    ("/reports", "Reports"),
    ("/queue", "Queue"),
    ("/accounts", "Accounts"),
    ("/audit", "Audit"),
    ("/people", "People"),
)
"""Entries of the navigation: path and word. One whose page is not there is not shown."""

ROLES = {
    Role.READER: "reader",
    Role.AUTHOR: "author",
    Role.APPROVER: "approver",
    Role.ADMIN: "admin",
}
MAY = {
    Role.READER: "may read",
    Role.AUTHOR: "may write",
    Role.APPROVER: "may approve",
    Role.ADMIN: "may do everything",
}

TRY_AGAIN = "Try again"
GO_TO_TODAY = "Go to Today"
SIGN_IN = "Sign in"


def sending(state: SendingState, moments: Moments) -> tuple[str, str]:
    """State in a few words, and the sentence after them."""
    pause, daemon = state.pause, state.daemon
    if pause is not None:
        why = f": “{pause.reason}”" if pause.reason else ""
        return f"Paused since {moments.near(pause.at)} by {pause.who}{why}.", ""
    if state.is_alive and daemon is not None:
        seen = f"Last round {moments.near(daemon.seen_at)}"
        following = "" if state.next_at is None else f", next post {moments.near(state.next_at)}"
        return "Sending.", f"{seen}{following}."
    late = f" {plural(state.past_due, 'post is', 'posts are')} past due." if state.past_due else ""
    if daemon is None:
        return "Not sending.", f"No daemon runs.{late}"
    stopped = f"The daemon on “{host_of(daemon.name)}” stopped.{late}"
    return f"Not sending since {moments.near(daemon.seen_at)}.", stopped


def place(moments: Moments) -> str:
    """Day, time and zone of the page: `Tue 24 Nov 2026, 10:42 in Chicago`."""
    local = moments.now.astimezone(moments.zone)
    day = moments.day(moments.now)
    return f"{day} {local.year}, {moments.clock(moments.now)} in {moments.city}"


NOT_FOUND = "There is no such page"
NOT_FOUND_MORE = "The address may be old, or mistyped."
NOT_ALLOWED = "This is not for you to do"
FORM_TOO_OLD = "This form is too old"
FORM_TOO_OLD_MORE = (
    "It was made before you signed in, or on another site. Nothing was changed. Load the page of "
    "the form anew, and send it again."
)
NOT_DONE = "This was not done"
TOO_LARGE = "This is too large"
TOO_LARGE_MORE = (
    "Nothing was changed, and what you typed was not read. Your browser has it still: go back, and "
    "send less text, or smaller files."
)
SESSION_OVER = "Nobody is signed in here, or not any more. Nothing was changed. Sign in first."
TYPED = "What was sent with the form"
TYPED_HINT = (
    "It is not saved. If you wrote it, copy it before you leave this page. Files are chosen anew."
)
UNREADABLE = "This could not be read"
UNREADABLE_MORE = "Nothing was changed. Go back and send it again."
NO_SUCH_ACT = "This address takes no such request"
FAILED = "This page could not be made"
FAILED_MORE = "What you had typed is kept in this browser: go back. Sending is not touched by this."
NOT_KNOWN = "You may not sign in here"


def asks_for(role: Role) -> str:
    """Sentence about the role that an act asks for."""
    return f"It takes somebody who {MAY[role]}: ask an {ROLES[Role.ADMIN]} for that role."


def number_of(number: str) -> str:
    """Sentence with the number of a fault, for who reads the log."""
    return f"If it stays, give this number to who looks after the server: {number}"


def not_known(name: str) -> str:
    """Sentence for a person whom a proxy has signed in, and nobody has invited."""
    return f"Nobody has invited “{name}” yet. Ask an admin."
