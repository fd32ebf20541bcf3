"""Words of the page on which events of calendars are reviewed."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from crosspromo.domain.plurals import plural
from crosspromo.domain.source_events import Sign, SourceEvent
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_likeness import LikelyOther, LikelySame
from crosspromo.services.event_review import Accepted, Merged, Review, Waiting
from crosspromo.web.moments import Moments
from crosspromo.web.words.events import starts
from crosspromo.web.words.imports import consequences

TITLE = "Events to review"
NEW = "New in calendars"
GONE = "Gone from calendars"
ACCEPT = "Accept"
ACCEPT_ALL = "Accept all that are new"
MERGE = "It is the same as"
MERGE_BUTTON = "Make them one"
REFUSE = "Refuse"
KEEP = "Keep it"
CANCEL = "Cancel it"
US = "us"
PAGE = "Its page"
BACK = "Events"
NOTHING = "What is new in the calendars that are read is listed here."
AUTHORS = "Who may write posts can decide about these."
ABSENCE = "An event that is gone may be a mistake of the calendar. Nothing was cancelled."
_BY: Mapping[Sign, str] = MappingProxyType(
    {
        Sign.UID: "the same UID",
        Sign.PAGE: "the same page",
        Sign.TITLE: "much the same title",
    }
)


def heading(found: Review) -> str:
    """Verdict: how much there is to review."""
    count = len(found.new) + len(found.gone) + found.more
    return f"{plural(count, 'event')} to review" if count else "No event to review"


def more(count: int) -> str:
    """Events that are left out."""
    return f"And {plural(count, 'more event', 'more events')}."


def told_by(waiting: Waiting, names: Mapping[str, str], when: Moments) -> str:
    """When an event begins, how many dates it has, and whose calendar it is from."""
    partner = waiting.first.partner
    whose = "" if partner is None else f", from the calendar of {names.get(partner, partner)}"
    dates = f" and {plural(waiting.dates - 1, 'more date')}" if waiting.dates > 1 else ""
    return f"{starts(waiting.first.edition, when)}{dates}{whose}"


def alike(found: LikelySame) -> str:
    """An event of ours that is perhaps the same, and why."""
    return f"Perhaps “{found.event.title}”, which is ours already: it has {_signs(found.by)}."


def other(found: LikelyOther, names: Mapping[str, str]) -> str:
    """A new event of another calendar that is perhaps the same, and why."""
    partner = found.event.partner
    whose = (
        "another calendar" if partner is None else f"the calendar of {names.get(partner, partner)}"
    )
    return (
        f"Perhaps “{found.event.edition.title}” from {whose}: it has {_signs(found.by)}. Accept "
        "one of them; then the other can be made one with it."
    )


def _signs(by: Collection[Sign]) -> str:
    return " and ".join(words for sign, words in _BY.items() if sign in by)


def choices(waiting: Waiting, when: Moments) -> list[tuple[str, str]]:
    """Events of ours that a new one may be, each with its title and start."""
    found = [each.event for each in waiting.alike]
    return [(each.slug, f"{each.title}, {starts(each, when)}") for each in found]


def chosen(waiting: Waiting) -> str:
    """Event of ours that is chosen beforehand: the likeliest; none where none is likely."""
    return waiting.alike[0].event.slug if waiting.alike else ""


def accepted(done: Accepted) -> list[str]:
    """Events were accepted, and some were left."""
    told = [f"Accepted: {each.title}" for each in done.events[:6]]
    further = len(done.events) - len(told)
    told += [f"And {plural(further, 'more event', 'more events')}."] if further > 0 else []
    if done.left:
        count = len(done.left)
        told.append(f"{plural(count, 'event')} may be ours already: look at each.")
    return told or ["Nothing was accepted."]


def merged(done: Merged) -> list[str]:
    """Two events became one."""
    held = ", ".join(done.event.partners) or US
    told = f"“{done.event.title}” is one event now, held by {held}."
    return [told, *consequences(done.consequences)[:6]]


def refused(found: Sequence[SourceEvent]) -> list[str]:
    """Events were refused."""
    return [f"Refused: {each.edition.title}" for each in found]


def kept(found: Sequence[SourceEvent]) -> list[str]:
    """Events were kept."""
    return [f"Kept: {each.edition.title}" for each in found]


def cancelled(found: Sequence[SourceEvent], effects: Consequences) -> list[str]:
    """Events were cancelled, with effects on the queue."""
    return [*(f"Cancelled: {each.edition.title}" for each in found), *consequences(effects)[:6]]
