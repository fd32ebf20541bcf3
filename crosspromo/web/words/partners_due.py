"""Words for what is due with partners."""

from crosspromo.domain.partner_entries import Side
from crosspromo.domain.partners_due import Due, Why
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.words import first_words
from crosspromo.web.moments import Moments

HEADING = "Partners due"
WRITE = "Write a post"
LOOK = "Look"
LONGEST = 120
"""Characters of the words of a follow-up or promise."""


def more(count: int) -> str:
    """Number of those that are not shown."""
    return f"{count} more"


def sentence(due: Due, when: Moments) -> str:
    """What is due, and for how long."""
    late = "Due today" if due.over == 0 else f"{plural(due.over, 'day')} past due"
    if due.why is Why.CADENCE:
        last = due.last_shared_at
        shared = "we have not shared them yet" if last is None else f"last shared {when.day(last)}"
        return f"{late}: {shared}."
    whose = {Side.US: "our promise", Side.THEM: "their promise", None: "follow-up"}[due.side]
    words = first_words(due.words, LONGEST)
    return f"{late}: {whose}, {words}" if words else f"{late}: {whose}."


def planned(due: Due, when: Moments) -> str:
    """When the next post about the partner goes; empty where none is queued."""
    return "" if due.planned_at is None else f"A post is queued for {when.near(due.planned_at)}."
