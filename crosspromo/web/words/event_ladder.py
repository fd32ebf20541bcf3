"""Words of the page on which the ladder of an event is queued."""

from crosspromo.domain.ladders import Ladder
from crosspromo.domain.plurals import plural
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
MOVED = "its own day has no free slot"
NOTHING = "The accounts have every step that is to come."


def of_ladder(ladder: Ladder) -> str:
    """A ladder in the list of those to choose from."""
    return f"{ladder.name} ({plural(len(ladder.steps), 'step')})"


def of_step(each: QueuedStep) -> str:
    """What is special about a step; empty where nothing is."""
    delivery = each.queued.view.delivery
    told = [
        DRAFT if each.step.comes_after else "",
        PINNED if delivery.pinned else "",
        MOVED if each.moved else "",
    ]
    return "; ".join(filter(None, told))


def heading(found: QueuedLadder) -> str:
    """Verdict: how many posts it would be."""
    if found.steps:
        return f"{plural(len(found.steps), 'post')} would be queued"
    return NOTHING


def left_out(found: QueuedLadder) -> list[str]:
    """Steps that are not queued, with the reasons."""
    told = []
    if found.had:
        told.append(f"{plural(found.had, 'post is', 'posts are')} there already.")
    if found.missed:
        names = ", ".join(step.name for step in found.missed)
        told.append(f"There is too little time now for {names}.")
    return told + _unplaced(found)


def queued(found: QueuedLadder) -> list[str]:
    """A ladder was queued."""
    if not found.steps:
        return [NOTHING, *_unplaced(found)]
    told = [f"The ladder {found.ladder.name} is queued: {plural(len(found.steps), 'post')}."]
    drafts = sum(each.step.comes_after for each in found.steps)
    if drafts:
        told.append(f"{plural(drafts, 'post is a draft', 'posts are drafts')}, to be approved.")
    return told + _unplaced(found)


def _unplaced(found: QueuedLadder) -> list[str]:
    return [
        f"{each.step.name} has no free slot on {each.account} around {each.day}."
        for each in found.unplaced
    ]
