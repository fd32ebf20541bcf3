"""Words of the page of suggestions."""

from collections.abc import Sequence

from crosspromo.domain.plurals import plural
from crosspromo.domain.sources import Occasion, Source, Suggestion, fails_long
from crosspromo.services.queue_post import QueuedDelivery
from crosspromo.web.moments import Moments

TITLE = "Suggestions"
WHERE_FROM = "Where these come from"
NO_SOURCES = "No feed is read yet. Who looks after the machine adds one on the command line."
SHARE = "Share"
SPOTLIGHT = "Spotlight instead"
DISMISS = "Dismiss"
ACCOUNT = "On"
PARTNER = "About"
NOBODY = "Choose a partner"
EVERYWHERE = "all accounts"
ORIGINAL = "Read it"
EMPTY_MORE = "What partners publish next is listed here."
AUTHORS = "Who may write posts can share these."
_WHY = {
    Occasion.SHARE: "from their feed",
    Occasion.CONGRATULATE: "others write about them",
    Occasion.ABOUT_US: "others write about us: look at it",
}


def heading(found: Sequence[Suggestion]) -> str:
    """Verdict: how much there is to share."""
    return f"{plural(len(found), 'thing', 'things')} to share" if found else "Nothing new to share"


def told_by(suggestion: Suggestion, when: Moments) -> str:
    """When an item appeared, and why it is suggested."""
    moment = suggestion.published_at or suggestion.found_at
    return f"{when.day(moment)}, {_WHY[suggestion.occasion]}"


def sources(found: Sequence[Source], when: Moments) -> str:
    """How many feeds are read, and when last."""
    last = max((each.read_at for each in found if each.read_at is not None), default=None)
    read = "" if last is None else f", last read {when.full(last)}"
    return f"{plural(len(found), 'feed')}{read}."


def failing(found: Sequence[Source]) -> list[Source]:
    """Sources whose faults are somebody's business."""
    return [each for each in found if fails_long(each)]


def fault(source: Source) -> str:
    """Why a source cannot be read."""
    return f"{source.title or source.address} cannot be read: {source.fault}"


def queued(deliveries: Sequence[QueuedDelivery], when: Moments) -> str:
    """A post was made of a suggestion."""
    places = [
        f"{each.view.delivery.account} {when.full(each.view.delivery.due_at)}"
        for each in deliveries
    ]
    return f"Queued: {', '.join(places)}."


def dismissed(suggestion: Suggestion) -> str:
    """A suggestion was dismissed."""
    return f"Dismissed: {suggestion.title}"
