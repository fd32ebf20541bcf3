"""Import of events from a calendar file: look at what it changes, then import."""

from typing import TYPE_CHECKING

from crosspromo.domain.errors import CrosspromoError, DatabaseError, UsageError
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Hosting
from crosspromo.phrasing.errors import of_row
from crosspromo.phrasing.left_out import of_left_out
from crosspromo.web.errors import said
from crosspromo.web.pages.events import hosts_of
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.uploads import BODY_BYTES, Upload, said_about, seen_as, taken
from crosspromo.web.visit import Visit
from crosspromo.web.words import events as events_words
from crosspromo.web.words import imports as words

if TYPE_CHECKING:
    from crosspromo.services.change_event import ImportedEvents

HERE = "/events/import"
SECTION = "/events"


def new(visit: Visit) -> Answer:
    """Form for a calendar file."""
    return _page(visit)


def change(visit: Visit) -> Answer:
    """Preview of a file's changes; or their import, once this very preview was shown."""
    try:
        upload = taken(visit)
    except UsageError as error:
        return _page(visit, error=said(error, visit))
    if upload is None:
        return _page(visit, error=words.CHOOSE_FIRST)
    try:
        hosts = hosts_of(visit.text("hosting"), visit.text("partners"))
        acts = visit.services.change_event(visit.me.name)
        tried = acts.import_(upload.data, upload.name, hosts, partial=True, dry_run=True)
        wanted = visit.text("act") == "import" and bool(tried.changed)
        if wanted and visit.text("seen") == _seen(tried):
            done = acts.import_(upload.data, upload.name, hosts, partial=True)
            return Done("/events", told=words.imported_events(done))
    except DatabaseError:
        raise
    except CrosspromoError as error:
        return _page(visit, upload=upload, error=said_about(upload, error, visit))
    meanwhile = words.CHANGED_MEANWHILE if wanted else ""
    return _page(visit, upload=upload, tried=tried, error=meanwhile)


def _page(
    visit: Visit,
    *,
    upload: Upload | None = None,
    tried: "ImportedEvents | None" = None,
    error: str = "",
) -> Page:
    rows = [] if tried is None else _rows(tried, visit)
    values = {
        "upload": upload,
        "tried": tried,
        "seen": "" if tried is None else _seen(tried),
        "verdict": "" if tried is None else _verdict(tried),
        "faults": []
        if tried is None
        else [of_row(each, visit.zone) for each in tried.imported.errors[: words.MOST_ROWS]],
        "left_out": [] if tried is None else of_left_out(tried.left_out),
        "consequences": [] if tried is None else words.consequences(tried.consequences),
        "rows": rows[: words.MOST_ROWS],
        "more": len(rows) - words.MOST_ROWS,
        "hosting": visit.text("hosting") or Hosting.OURS.value,
        "partners": visit.text("partners"),
        "hostings": [(each.value, word) for each, word in events_words.HOSTINGS.items()],
        "events_words": events_words,
        "error": error,
    }
    return Page("event_import.html", words.EVENTS, words, values, status=422 if error else 200)


def _rows(tried: "ImportedEvents", visit: Visit) -> list[tuple[str, str, str, str, bool]]:
    """Event, field, value before, value after, and whether it is the first row of the event."""
    return [
        (after.title, *each, place == 0)
        for before, after in tried.changed
        for place, each in enumerate(events_words.differences(before, after, visit.moments))
    ]


def _verdict(tried: "ImportedEvents") -> str:
    told = words.verdict(tried.imported.changes, len(tried.imported.errors), things="event")
    return f"{told[:1].upper()}{told[1:]}"


def _seen(tried: "ImportedEvents") -> str:
    """Mark of the changed events and the concerned posts."""
    found = tried.consequences
    posts = (found.cancelled, found.renewed, [each.delivery for each in found.set_aside])
    return seen_as([tried.changed, *posts, [each.row for each in tried.imported.errors]])


ROUTES = (
    form(HERE, new, Role.AUTHOR, section=SECTION),
    act(HERE, change, Role.AUTHOR, section=SECTION, largest_body=BODY_BYTES),
)
