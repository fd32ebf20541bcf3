"""Words of the page on which the ladder of an event is queued."""

from zoneinfo import ZoneInfo

from crosspromo.domain.ladders import Ladder
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.ladders import of_missed, of_moved, of_unplaced
from crosspromo.services.queue_ladder import QueuedLadder, QueuedStep

HEADING = "Queue the ladder"
LEAD = "A ladder is a series of posts: over the weeks before the event, on its day, and after it."
LADDER = "Ladder"
ACCOUNTS = "On"
LOOK = "Show the steps"
QUEUE = "Queue the steps"
BACK = "Go back"
STEPS_CAPTION = "Steps by time"
DAY = "Day"
STEP = "Step"
WHERE = "Where"
COUNTS_AS = "Counts as"
WORDS = "Words"
LEFT_OUT = "What it would not queue"
DRAFT = "a draft, for somebody to read and approve"
PINNED = "pinned to this time"
NOTHING = "The accounts have every step that is to come."


def of_ladder(ladder: Ladder) -> str:
    """A ladder in the list of those to choose from."""
    return f"{ladder.name} ({plural(len(ladder.steps), 'step')})"


def of_step(each: QueuedStep, zone: ZoneInfo) -> str:
    """What is special about a step; empty where nothing is."""
    delivery = each.queued.view.delivery
    told = [
        DRAFT if each.step.comes_after else "",
        PINNED if delivery.pinned else "",
        f"not on its own day, {of_moved(each, zone)}" if each.moved else "",
    ]
    return "; ".join(filter(None, told))


def heading(found: QueuedLadder) -> str:
    """Verdict: how many posts it would be."""
    if found.steps:
        return f"{plural(len(found.steps), 'post')} would be queued"
    return NOTHING


def left_out(found: QueuedLadder, zone: ZoneInfo) -> list[str]:
    """Steps that are not queued, with the reasons."""
    told = []
    if found.had:
        told.append(f"{plural(found.had, 'post is', 'posts are')} there already.")
    told += [f"Not queued, since {why}." for why in of_missed(found.missed)]
    return told + _unplaced(found, zone)


def queued(found: QueuedLadder, zone: ZoneInfo) -> list[str]:
    """A ladder was queued."""
    if not found.steps:
        return [NOTHING, *_unplaced(found, zone)]
    told = [f"The ladder {found.ladder.name} is queued: {plural(len(found.steps), 'post')}."]
    drafts = sum(each.step.comes_after for each in found.steps)
    if drafts:
        told.append(f"{plural(drafts, 'post is a draft', 'posts are drafts')}, to be approved.")
    return told + _unplaced(found, zone)


def _unplaced(found: QueuedLadder, zone: ZoneInfo) -> list[str]:
    return [f"Not queued: {of_unplaced(each, zone)}." for each in found.unplaced]
