"""Words for numbers, lengths of time, approvals and pauses."""

from collections.abc import Sequence
from datetime import timedelta
from unicodedata import name
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import Approval, listed
from crosspromo.domain.pauses import Pause
from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)
_FEW_SIGNS = 3


def first_words(text: str, most: int) -> str:
    """Beginning of a text in one line of at most `most` characters, cut between words with `…`."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[: most - 1]
    whole = kept.rpartition(" ")[0] if line[most - 1] != " " else kept
    return f"{(whole or kept).rstrip()}…"


def taken_out(signs: Sequence[str]) -> str:
    """Clause about characters, each given once, that were taken out of a post."""
    few = [f"U+{ord(sign):04X} {name(sign, '')}".strip() for sign in signs[:_FEW_SIGNS]]
    more = len(signs) - len(few)
    listing = listed([*few, f"{more} more"] if more else few)
    return f"signs that nobody sees were taken out: {listing}"


def times(count: int) -> str:
    """Count of occurrences in words: `once`, `4 times`."""
    return "once" if count == 1 else f"{count} times"


def length(span: timedelta) -> str:
    """Length of time as it is set, in minutes where they are whole: `60 minutes`, `90 seconds`."""
    if span % _SECOND:
        return plural(-(-span // _MILLISECOND), "millisecond")
    return plural(span // _SECOND, "second") if span % _MINUTE else elapsed(span)


def elapsed(span: timedelta) -> str:
    """Length of time that has passed, rounded up: `61 minutes`, and `5 seconds` below a minute.

    Rounded up, the delay of a late delivery never reads as if the delivery were in time.
    """
    if timedelta(0) < span < _MINUTE:
        return plural(-(-span // _SECOND), "second")
    return plural(-(-span // _MINUTE), "minute")


def of_approval(approval: Approval, *, several: bool = False) -> str:
    """Sentence about an approval: given signatures, or missing ones.

    `several`: about more deliveries than one, of which all of this is true.
    """
    it, it_needs = ("them", "they need") if several else ("it", "it needs")
    if not approval.asked:
        return f"Nobody has to approve {it}."
    signed = [*approval.people, *approval.partners]
    if approval.complete:
        return f"{'They were' if several else 'It was'} approved by {listed(signed)}."
    so_far = f"{listed(signed)} approved {it}; " if signed else ""
    missing = [_people_wanted(approval, it)] if approval.people_missing else []
    missing += [f"the sign-off of {slug}" for slug in approval.partners_missing]
    ends_in_clause = approval.people_missing and len(missing) == 2
    wanted = ", and ".join(missing) if ends_in_clause else listed(missing)
    return f"{so_far}{it_needs if signed else it_needs.capitalize()} {wanted}."


def _people_wanted(approval: Approval, it: str) -> str:
    more = "more " if approval.people else ""
    count = approval.people_missing
    people = f"one {more}person" if count == 1 else f"two {more}people"
    others = listed([*approval.people, f"{approval.author}, who wrote {it}"], "or")
    return f"the approval of {people}, not {others}"


def of_pause(pause: Pause, zone: ZoneInfo) -> str:
    """Sentence about a pause: account, person, time in `zone`, and reason where one was given."""
    what = "Everything" if pause.account is None else pause.account
    why = f": {pause.reason}" if pause.reason else ", who has not said why yet"
    return f"{what} was paused by {pause.who} at {wall_clock(pause.at, zone)}{why}"
