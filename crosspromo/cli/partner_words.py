"""Words and commands for entries in the diaries of partners, and for what is due."""

from datetime import datetime

from crosspromo.domain.next_shares import NextShare, next_share
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partners_due import Due, Why
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.words import first_words

LONGEST = 80
"""Characters of words in a list."""

_PROMISES = {Side.US: "our promise", Side.THEM: "their promise"}


def of_entry(entry: Entry) -> tuple[str, str]:
    """What an entry is, and its words, for a table."""
    return _what(entry), first_words(entry.words, LONGEST)


def _what(entry: Entry) -> str:
    match entry.kind:
        case EntryKind.FOLLOW_UP:
            return "follow-up, open" if entry.closed_at is None else "follow-up, done"
        case EntryKind.PROMISE:
            state = {None: "open", True: "kept", False: "not kept"}[entry.kept]
            return f"{_PROMISES[entry.side or Side.US]}, {state}"
        case EntryKind.BLACKOUT if entry.last_day != entry.day:
            return f"blackout until {entry.last_day}"
        case _:
            return entry.kind.value


def of_due(due: Due) -> str:
    """What is due, in a few words."""
    if due.why is Why.CADENCE:
        return "to be shared"
    return "follow-up" if due.why is Why.FOLLOW_UP else _PROMISES[due.side or Side.US]


def since_when(due: Due) -> str:
    """How long it has been due."""
    return "today" if due.over == 0 else f"{plural(due.over, 'day')} over"


def command_for(due: Due, now: datetime) -> str:
    """Command that answers what is due."""
    match due.why:
        case Why.CADENCE:
            return _share(due, now)
        case Why.FOLLOW_UP:
            return f"crosspromo partner follow-up --done {due.entry}"
        case Why.PROMISE:
            return f"crosspromo partner promise --kept {due.entry}"


def _share(due: Due, now: datetime) -> str:
    match next_share(due.last_shared_at, now, is_planned=due.planned_at is not None):
        case NextShare.SPOTLIGHT:
            return f"crosspromo queue spotlight {due.partner} --to all"
        case NextShare.PLANNED:
            return f"crosspromo queue list --partner {due.partner}"
        case NextShare.SOMETHING_NEW:
            return "crosspromo plan"
