"""Review of events of calendars: accept, merge or refuse new ones; keep or cancel those gone."""

from collections.abc import Callable, Sequence

from crosspromo import documents_event_review as documents
from crosspromo.domain.errors import Refused
from crosspromo.domain.people import Role
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import event_review as words

HERE = "/events/review"
SECTION = "/events"


def review(visit: Visit) -> Answer:
    """Events of calendars that wait for a person, and events of ours that are like them."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    found = visit.services.event_review.list()
    names = {each.slug: each.name for each in visit.services.partners.list()}
    return Page(
        "event_review.html",
        words.TITLE,
        words,
        {
            "found": found,
            "names": names,
            "error": error,
        },
        document=lambda: documents.of_review(found),
        command="event review",
        status=200 if error is None else 422,
    )


def accept(visit: Visit) -> Answer:
    """Make the new event ours."""
    review_ = visit.services.event_review
    return _done(
        visit, lambda: words.accepted(review_.accept([visit.values["number"]], visit.me.name))
    )


def accept_all(visit: Visit) -> Answer:
    """Make all new events ours but those that look like one of ours."""
    review_ = visit.services.event_review
    return _done(visit, lambda: words.accepted(review_.accept_all(visit.me.name)))


def merge(visit: Visit) -> Answer:
    """Make the new event one with an event of ours."""
    review_, number = visit.services.event_review, visit.values["number"]
    event = visit.text("event")
    return _done(visit, lambda: words.merged(review_.merge(number, event, visit.me.name)))


def refuse(visit: Visit) -> Answer:
    """Propose the new event no more."""
    review_, number = visit.services.event_review, visit.values["number"]
    return _done(visit, lambda: words.refused(review_.refuse([number], visit.me.name)))


def keep(visit: Visit) -> Answer:
    """Keep an event that is gone from its calendar."""
    review_, number = visit.services.event_review, visit.values["number"]
    return _done(visit, lambda: words.kept(review_.keep([number], visit.me.name)))


def cancel(visit: Visit) -> Answer:
    """Cancel an event that is gone from its calendar."""
    review_, number = visit.services.event_review, visit.values["number"]
    return _done(visit, lambda: words.cancelled(*review_.cancel([number], visit.me.name)))


def _done(visit: Visit, do: Callable[[], Sequence[str]]) -> Answer:
    try:
        return Done(HERE, told=do())
    except Refused as error:
        return _page(visit, said(error, visit))


ROUTES = (
    page(HERE, review, section=SECTION),
    act("/events/review/all/accept", accept_all, Role.AUTHOR, section=SECTION),
    act("/events/review/{number:int}/accept", accept, Role.AUTHOR, section=SECTION),
    act("/events/review/{number:int}/merge", merge, Role.AUTHOR, section=SECTION),
    act("/events/review/{number:int}/refuse", refuse, Role.AUTHOR, section=SECTION),
    act("/events/review/{number:int}/keep", keep, Role.AUTHOR, section=SECTION),
    act("/events/review/{number:int}/cancel", cancel, Role.AUTHOR, section=SECTION),
)
