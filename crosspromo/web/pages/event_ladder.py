"""Ladder of an event: which posts it would make, on which days, and its queueing."""

from collections.abc import Sequence
from urllib.parse import quote

from crosspromo.domain.errors import CrosspromoError, DatabaseError
from crosspromo.domain.ladders import DEFAULT
from crosspromo.domain.people import Role
from crosspromo.domain.requests import EventPost
from crosspromo.services.queue_ladder import QueuedLadder
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import event_ladder as words
from crosspromo.web.words import posts

SECTION = "/events"
HERE = "/events/{event}/ladder"


def ask(visit: Visit) -> Answer:
    """Form for a ladder: which one, and on which accounts."""
    to = visit.workspace.settings.to
    return _form(visit, DEFAULT, () if to is None else visit.services.accounts.chosen(to))


def queue(visit: Visit) -> Answer:
    """Queue the ladder; or show its steps, and queue nothing."""
    slug = visit.values["event"]
    ladder, chosen = visit.text("ladder") or DEFAULT, visit.texts("accounts")
    wanted = visit.text("act") == "queue"
    try:
        accounts = visit.services.accounts.chosen(",".join(chosen))
        found = visit.services.queue_ladder.queue_ladder(
            EventPost(author=visit.me.name, event=slug), ladder, accounts, dry_run=not wanted
        )
    except DatabaseError:
        raise
    except CrosspromoError as error:
        return _form(visit, ladder, chosen, error=said(error, visit))
    if wanted:
        return Done(f"/events/{quote(slug, safe='')}", told=words.queued(found, visit.zone))
    return _form(visit, ladder, chosen, tried=found)


def _form(
    visit: Visit,
    ladder: str,
    chosen: Sequence[str],
    *,
    tried: QueuedLadder | None = None,
    error: str = "",
) -> Page:
    values = {
        "event": visit.services.events.get(visit.values["event"]),
        "ladder": ladder,
        "ladders": [
            (name, words.of_ladder(each)) for name, each in visit.services.ladders.known.items()
        ],
        "accounts": [(name, name in chosen) for name in visit.workspace.settings.accounts],
        "tried": tried,
        "posts": posts,
        "error": error,
    }
    return Page("event_ladder.html", words.HEADING, words, values, status=422 if error else 200)


ROUTES = (
    form(HERE, ask, Role.AUTHOR, section=SECTION),
    act(HERE, queue, Role.AUTHOR, section=SECTION),
)
