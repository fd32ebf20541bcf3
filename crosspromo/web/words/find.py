"""Words of the pages Find and Pictures."""

from crosspromo.domain.plurals import plural
from crosspromo.services.finding import LOOKED_AT, Found

TITLE = "Find"
HEADING = "Find"
LABEL = "Words of a post, a partner or an event"
HINT = "All words must be there, in any order. Capitals and accents do not matter."
BUTTON = "Find"
POSTS = "Posts"
PARTNERS = "Partners"
EVENTS = "Events"
ARCHIVED = "archived"
PARTNER = "partner"
DUE = "due"
LATEST = f"In posts, the latest {LOOKED_AT:,} deliveries were looked through."

PICTURES = "Pictures"
NO_PICTURES = "No post has a picture yet"
NO_PICTURES_MORE = "Add pictures where a post is written; each needs a text on what it shows."
NO_ALT = "No text says what it shows."
SHOWN_IN = "In"
POST = "post"


def heading(text: str, found: Found | None) -> str:
    """Verdict: how much was found."""
    if found is None:
        return HEADING
    if not found.count:
        return f"Nothing has “{text}”"
    count = plural(found.count, "result")
    return f"{count} for “{text}”"


def more(count: int) -> str:
    """Results that are left out."""
    return f"And {count:,} more: add a word."


def pictures(count: int) -> str:
    """Verdict: how many pictures there are."""
    return plural(count, "picture") if count else NO_PICTURES


def pictures_lead(count: int, without: int) -> str:
    """How many pictures have no text."""
    if not count:
        return NO_PICTURES_MORE
    if not without:
        return "Each has a text on what it shows."
    return f"{without} of them {'has' if without == 1 else 'have'} no text on what they show."
