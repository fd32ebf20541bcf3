"""Pausing: let nothing go out, on one account or everywhere, and let posts go again."""

from crosspromo.domain.people import Role
from crosspromo.services.pauses import PauseService
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import lists as words
from crosspromo.web.words import posts


def _pauses(visit: Visit) -> PauseService:
    return visit.services.pauses(visit.me.name)


def pause_form(visit: Visit) -> Answer:
    """Form: where, and why."""
    names = visit.workspace.account_names
    values = {
        "offered": [("", words.EVERYWHERE), *((each, each) for each in names)],
        "account": visit.query.get("account", ""),
    }
    return Page("pause.html", words.PAUSE, words, values)


def pause(visit: Visit) -> Answer:
    """Pause one account, or everything."""
    begun = _pauses(visit).pause(visit.text("account") or None, visit.text("reason"))
    return Done("/", told=[words.paused(begun)])


def resume_form(visit: Visit) -> Answer:
    """Page of all present pauses, each with a button to end it."""
    pauses = _pauses(visit).all()
    values = {
        "pauses": [(each, words.of_pause(each, visit.moments)) for each in pauses],
        "overdue": [
            (each.view.delivery, words.prospect(each, visit.zone))
            for each in _pauses(visit).overdue()
        ],
        "posts": posts,
    }
    return Page("resume.html", words.RESUME, words, values)


def resume(visit: Visit) -> Answer:
    """End a pause; what is overdue is told."""
    account = visit.text("account") or None
    found = _pauses(visit).resume(account)
    return Done("/", told=words.resumed(account, found, visit.zone))


ROUTES = (
    form("/pause", pause_form, Role.ADMIN),
    act("/pause", pause, Role.ADMIN),
    form("/resume", resume_form, Role.ADMIN),
    act("/resume", resume, Role.ADMIN),
)
