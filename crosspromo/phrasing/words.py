"""Numbers, lengths of time, approvals and pauses in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import Approval, listed
from crosspromo.domain.pauses import Pause
from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import wall_clock

_MINUTE = timedelta(minutes=1)


def times(count: int) -> str:
    """`once`, `4 times`."""
    return "once" if count == 1 else f"{count} times"


def minutes(length: timedelta) -> str:
    """`61 minutes`. A minute that has begun counts, so that what is late never reads as if it were
    not.
    """
    return plural(-(-length // _MINUTE), "minute")


def of_approval(approval: Approval) -> str:
    """Who has approved a delivery, or who still has to."""
    if not approval.asked:
        return "Nobody has to approve it."
    signed = [*approval.people, *approval.partners]
    if approval.complete:
        return f"It was approved by {listed(signed)}."
    so_far = f"{listed(signed)} approved it; " if signed else ""
    missing = [_people_wanted(approval)] if approval.people_missing else []
    missing += [f"the sign-off of {slug}" for slug in approval.partners_missing]
    return f"{so_far}{'it' if signed else 'It'} needs {listed(missing)}."


def _people_wanted(approval: Approval) -> str:
    more = "more " if approval.people else ""
    count = approval.people_missing
    people = f"one {more}person" if count == 1 else f"two {more}people"
    others = listed([*approval.people, f"{approval.author}, who wrote it"], "or")
    return f"the approval of {people}, not {others}"


def of_pause(pause: Pause, zone: ZoneInfo) -> str:
    """What is paused since when, by whom and why, for people who live in `zone`."""
    what = "Everything" if pause.account is None else pause.account
    return f"{what} was paused by {pause.who} at {wall_clock(pause.at, zone)}: {pause.reason}"
