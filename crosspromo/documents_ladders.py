"""Ladders as JSON, for the command line and the console."""

from typing import TYPE_CHECKING, Any

from crosspromo import documents
from crosspromo.domain.reasons import notes

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crosspromo.services.queue_ladder import QueuedLadder


def of_ladder(found: "QueuedLadder", zone: "ZoneInfo") -> dict[str, Any]:
    """A newly queued ladder as JSON: its deliveries, and the steps that were not queued.

    `day` is a day in the event's zone; `counts_as` is the credit after the posts before it. `why`
    of a step without a place are codes of notes on time, none where no slot is free.
    """
    return {
        "event": found.event,
        "ladder": found.ladder.name,
        "deliveries": [
            {
                **documents.of_queued(each.queued, zone),
                "day": each.day,
                "counts_as": each.counts_as.value,
                "moved": each.moved,
            }
            for each in found.steps
        ],
        "had": found.had,
        "missed": [each.step.name for each in found.missed],
        "missed_why": {each.step.name: each.why.value for each in found.missed},
        "unplaced": [
            {
                "account": each.account,
                "step": each.step.name,
                "day": each.day,
                "why": list(dict.fromkeys(notes.CODES[type(why)] for why in each.silences)),
            }
            for each in found.unplaced
        ],
    }
