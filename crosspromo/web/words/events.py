"""Words of the pages about events."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Hosting
from crosspromo.domain.states import State
from crosspromo.domain.timing import written_duration
from crosspromo.services.change_event import EditedEvent
from crosspromo.services.event_view import EventsSeen
from crosspromo.web.moments import Moments
from crosspromo.web.words.imports import NONE, consequences
from crosspromo.web.words.partners import states_of
from crosspromo.web.words.posts import STATES

__all__ = ["NONE", "states_of"]  # templates and pages have them from here

TITLE = "Events"
CAPTION = "Coming events, the soonest first"
PAST_CAPTION = "Past events, the latest first"
STARTS = "Starts"
EVENT = "Event"
HOSTS = "Held by"
POSTS = "Posts about it"
PAST = "Past"
COMING = "Coming"
IMPORT = "Import…"
REVIEW = "Review"
WRITE = "Write a post about it"
LADDER = "Queue the ladder…"
EDIT = "Edit…"
CANCELLED = "cancelled"
US = "us"
NO_POSTS = "no post"
EMPTY_MORE = "Import a calendar file, and posts about its events can be written."
NOTHING_COMING = "No event is coming"

ANNOUNCED = "Posts about it"
ANNOUNCED_CAPTION = "Posts about the event by time"
NOTHING_ANNOUNCED = "No post announces it yet."
ABOUT = "About"
DAY = "Due"
POST = "Post"
WHERE = "Where"
COUNTS_AS = "Counts as"
STATE = "State"
ENDS = "Ends"
THERE = "There"
PLACE = "Place"
PAGE = "Its page"
DESCRIPTION = "Description"
FROM_CALENDAR = "It came from a calendar, whose next import changes it back."

EDIT_HEADING = "Change the event"
EDIT_LEAD = "What waits for it is made anew. What somebody wrote, or gave a time, becomes a draft."
NAME = "Title"
AT = "Starts"
AT_HINT = "As you would say it: tue 9:00, dec 3 9am, 2026-12-03 09:00."
LENGTH = "Takes"
LENGTH_HINT = "Such as 90m, 2h or 1d."
HOSTING = "Who holds it"
PARTNERS = "Which partners"
PARTNERS_HINT = "The names in addresses, such as river-keepers, with commas."
LOOK = "Show what follows"
SAVE = "Save"
BACK = "Go back"
NOTHING_CHANGED = "Nothing is changed by this."
FOLLOWS = "What follows"
DIFFERENCES = "What it would change"
DIFFERENCES_CAPTION = "Fields before and after"
FIELD = "Field"
BEFORE = "Before"
AFTER = "After"
NOTHING_FOLLOWS = "No post that waits is touched."

HOSTINGS: Mapping[Hosting, str] = MappingProxyType(
    {
        Hosting.OURS: "we do",
        Hosting.PARTNER: "partners do",
        Hosting.JOINT: "we and partners together",
        Hosting.JOINT_WE_LEAD: "together; we lead",
        Hosting.JOINT_PARTNER_LEADS: "together; partners lead",
    }
)


def heading(found: EventsSeen) -> str:
    """Verdict: how many events are coming, and how many of them nothing announces."""
    count = len([each for each in found.coming if not each.cancelled]) + found.more
    if not count:
        return NOTHING_COMING
    silent = sum(not each.cancelled and each.slug not in found.deliveries for each in found.coming)
    coming = f"{plural(count, 'event is', 'events are')} coming"
    if not silent:
        return f"{coming}; posts announce {'it' if count == 1 else 'all of them'}"
    return f"{coming}; no post announces {'it' if count == 1 else f'{silent} of them'}"


def more(count: int) -> str:
    """Coming events that are left out."""
    return f"And {plural(count, 'later event')}."


def starts(event: Event, moments: Moments) -> str:
    """Start in the organisation's zone, and by the clocks of the event where they differ."""
    there = event.starts_at.astimezone(ZoneInfo(event.zone))
    if event.all_day:
        return f"{Moments(ZoneInfo(event.zone), moments.now).day(event.starts_at)}, all day"
    here = moments.full(event.starts_at)
    if there.utcoffset() == event.starts_at.astimezone(moments.zone).utcoffset():
        return here
    return f"{here} ({there:%H:%M} in {_city(event.zone)})"


def ends(event: Event, moments: Moments) -> str:
    """End in the organisation's zone."""
    return NONE if event.all_day else moments.full(event.ends_at)


def lead(event: Event, moments: Moments) -> str:
    """Time and hosts of an event, or its cancellation, in a sentence or two."""
    if event.cancelled:
        return f"It is cancelled. It was to start {starts(event, moments)}."
    was = "It started" if event.starts_at <= moments.now else "It starts"
    zone = _city(moments.zone.key)
    return f"{was} {starts(event, moments)}, by the clocks of {zone}. {hosted(event)}."


def hosted(event: Event) -> str:
    """Who holds the event, in a clause."""
    if not event.partners:
        return "We hold it"
    names = ", ".join(event.partners)
    match event.hosting:
        case Hosting.PARTNER | Hosting.OURS:
            return f"Held by {names}"
        case Hosting.JOINT_WE_LEAD:
            return f"We lead it, with {names}"
        case Hosting.JOINT_PARTNER_LEADS:
            return f"Led by {names}, with us"
        case _:
            return f"We hold it with {names}"


def counts(states: Mapping[State, int] | None) -> str:
    """Number of deliveries about an event by state: `2 went out, 1 queued`."""
    if not states:
        return NO_POSTS
    return ", ".join(f"{states[state]} {word}" for state, word in STATES.items() if state in states)


def length_of(event: Event) -> str:
    """Length of an event, as people type it."""
    return written_duration(event.ends_at - event.starts_at)


def typed_start(event: Event, moments: Moments) -> str:
    """Start as people type it, in the organisation's zone."""
    return f"{event.starts_at.astimezone(moments.zone):%Y-%m-%d %H:%M}"


def differences(before: Event | None, after: Event, moments: Moments) -> list[tuple[str, str, str]]:
    """Fields of an event before and after, in words; of a new one its time, place and hosts."""
    fields = [
        (NAME, "" if before is None else before.title, after.title),
        (STARTS, "" if before is None else starts(before, moments), starts(after, moments)),
        (LENGTH, "" if before is None else length_of(before), length_of(after)),
        (PLACE, "" if before is None else before.location, after.location),
        (PAGE, "" if before is None else before.url, after.url),
        (HOSTS, "" if before is None else _holders(before), _holders(after)),
        (DESCRIPTION, "" if before is None else before.description, after.description),
        (STATE, "" if before is None else _standing(before), _standing(after)),
    ]
    return [(label, old or NONE, new or NONE) for label, old, new in fields if old != new]


def saved(done: EditedEvent) -> list[str]:
    """An event was changed."""
    told = [f"“{done.event.title}” is changed.", *consequences(done.consequences)[:6]]
    return [*told, FROM_CALENDAR] if done.from_calendar else told


def follows(done: EditedEvent) -> list[str]:
    """Effects of an edit on the queue."""
    return consequences(done.consequences) or [NOTHING_FOLLOWS]


def _holders(event: Event) -> str:
    names = ", ".join(event.partners) or US
    return f"{names} ({HOSTINGS[event.hosting]})"


def _standing(event: Event) -> str:
    return CANCELLED if event.cancelled else "takes place"


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def more_rows(count: int) -> str:
    """Rows of a table that are left out."""
    return f"And {plural(count, 'further row')}."


def is_past(event: Event, now: datetime) -> bool:
    """Whether the event is over."""
    return event.ends_at <= now
