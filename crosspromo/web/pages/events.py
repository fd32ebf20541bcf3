"""Events: those that come, the posts that announce them, and changes of one."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from crosspromo import documents
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError, DatabaseError, UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.people import Role
from crosspromo.domain.posts import Hosting
from crosspromo.domain.timing import parse_duration
from crosspromo.domain.typed_times import Sense, parse_when
from crosspromo.services.change_event import EditedEvent, EventEdit, Hosts, Lead
from crosspromo.web.errors import said
from crosspromo.web.pages.partners import PostRow
from crosspromo.web.routes import Answer, Done, Page, act, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import events as words
from crosspromo.web.words import posts

HERE = "/events"
EDIT = "/events/{event}/edit"
FIELDS = ("title", "at", "length", "location", "url", "hosting", "partners")


def events(visit: Visit) -> Answer:
    """Coming and past events."""
    found = visit.services.events.seen()
    return Page(
        "events.html",
        words.TITLE,
        words,
        {
            "heading": words.heading(found),
            "found": found,
            "waiting": visit.services.event_review.count(),
        },
        document=lambda: {
            "coming": [_listed(each, found.deliveries) for each in found.coming],
            "more": found.more,
            "past": [_listed(each, found.deliveries) for each in found.past],
        },
        command="event list",
    )


def _listed(event: Event, deliveries: Mapping[str, Mapping[Any, int]]) -> dict[str, Any]:
    counts = deliveries.get(event.slug, {})
    return {
        **documents.of_event(event),
        "deliveries": {state.value: count for state, count in counts.items()},
    }


def event_(visit: Visit) -> Answer:
    """One event with the posts about it."""
    found = visit.services.events.with_posts(visit.values["event"])
    event = found.event
    return Page(
        "event.html",
        event.title,
        words,
        {
            "event": event,
            "lead": words.lead(event, visit.moments),
            "rows": _rows(found.deliveries),
            "over": words.is_past(event, visit.now),
            "posts": posts,
        },
        document=lambda: {
            **documents.of_event(event),
            "deliveries": [documents.of_announcing(each) for each in found.deliveries],
        },
        command=f"event show {event.slug}",
    )


def _rows(deliveries: Sequence[Delivery]) -> list[PostRow]:
    """Posts by time: a post has a row for each time that it is due."""
    rows = []
    for (_, due_at), group in groupby(
        sorted(deliveries, key=lambda it: (it.due_at, it.post, it.id)),
        key=lambda it: (it.post, it.due_at),
    ):
        some = list(group)
        rows.append(PostRow(some[0], some, due_at, words.states_of(some)))
    return rows


# -- changing ----------------------------------------------------------------------------------


def ask(visit: Visit) -> Answer:
    """Form for a change of the event, field by field."""
    event = visit.services.events.get(visit.values["event"])
    return _form(visit, event, _values(event, visit))


def change(visit: Visit) -> Answer:
    """Change the fields that differ from the form that was sent out; or show what would follow."""
    slug = visit.values["event"]
    event = visit.services.events.get(slug)
    typed = {name: visit.text(name) for name in FIELDS}
    before = {name: visit.text(f"{name}-before") for name in FIELDS}
    acts = visit.services.change_event(visit.me.name)
    wanted = visit.text("act") == "save"
    try:
        edit = _edit(visit, typed, before)
        if edit == EventEdit():
            return _form(visit, event, typed, before=before, error=words.NOTHING_CHANGED)
        done = acts.edit(slug, edit, dry_run=not wanted)
    except DatabaseError:
        raise
    except CrosspromoError as error:
        return _form(visit, event, typed, before=before, error=said(error, visit))
    if wanted:
        return Done(f"{HERE}/{quote(slug, safe='')}", told=words.saved(done))
    return _form(visit, event, typed, before=before, tried=done)


def _form(
    visit: Visit,
    event: Event,
    typed: Mapping[str, str],
    *,
    before: Mapping[str, str] | None = None,
    tried: EditedEvent | None = None,
    error: str = "",
) -> Page:
    values = {
        "event": event,
        "typed": typed,
        "before": before or typed,
        "fields": FIELDS,
        "hostings": [(each.value, word) for each, word in words.HOSTINGS.items()],
        "follows": [] if tried is None else words.follows(tried),
        "rows": []
        if tried is None
        else [
            (event.title, *each, place == 0)
            for place, each in enumerate(words.differences(event, tried.event, visit.moments))
        ],
        "error": error,
    }
    return Page("event_edit.html", words.EDIT_HEADING, words, values, status=422 if error else 200)


def _values(event: Event, visit: Visit) -> dict[str, str]:
    """Fields of an event as people type them."""
    return {
        "title": event.title,
        "at": words.typed_start(event, visit.moments),
        "length": words.length_of(event),
        "location": event.location,
        "url": event.url,
        "hosting": event.hosting.value,
        "partners": ", ".join(event.partners),
    }


def _edit(visit: Visit, typed: Mapping[str, str], before: Mapping[str, str]) -> EventEdit:
    """Fields that the person has changed; UsageError for a time, a length or hosts of no sense."""
    new = {name: value for name, value in typed.items() if value.strip() != before[name].strip()}
    start, length = new.get("at"), new.get("length")
    return EventEdit(
        title=new.get("title"),
        starts_at=None if start is None else parse_when(start, visit.now, visit.zone, Sense.STARTS),
        length=None if length is None else parse_duration(length),
        location=new.get("location"),
        url=new.get("url"),
        hosts=hosts_of(typed["hosting"], typed["partners"])
        if {"hosting", "partners"} & set(new)
        else None,
    )


def hosts_of(hosting: str, partners: str) -> Hosts:
    """Hosts as they were typed; UsageError where partners and the way of hosting do not agree."""
    slugs = tuple(filter(None, (each.strip() for each in partners.replace(";", ",").split(","))))
    way = Hosting(hosting) if hosting in set(Hosting) else Hosting.OURS
    if (way is Hosting.OURS) is bool(slugs):
        raise UsageError(
            "name the partners who hold it" if not slugs else "an event of ours names no partner"
        )
    leads = {Hosting.JOINT_WE_LEAD: Lead.US, Hosting.JOINT_PARTNER_LEADS: Lead.PARTNER}
    joint = way in {Hosting.JOINT, *leads}
    return Hosts.given(slugs, joint=joint, lead=leads.get(way))


ROUTES = (
    page(HERE, events, section=HERE),
    page("/events/{event}", event_, section=HERE),
    form(EDIT, ask, Role.AUTHOR, section=HERE),
    act(EDIT, change, Role.AUTHOR, section=HERE),
)
