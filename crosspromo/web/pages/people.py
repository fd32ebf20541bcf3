"""People: who may sign in, with which role. For admins."""

from crosspromo import documents
from crosspromo.domain.errors import CrosspromoError, PeopleError, UsageError
from crosspromo.domain.people import OneTimeLink, Role
from crosspromo.phrasing.people import link_address
from crosspromo.services.people import PeopleService
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import people as words

HERE = "/people"


def people(visit: Visit) -> Answer:
    """Everybody, and a form to invite somebody."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    everybody = _people(visit).all()
    return Page(
        "people.html",
        words.TITLE,
        words,
        {"people": everybody, "error": error},
        document=lambda: {"people": [documents.of_person(each) for each in everybody]},
        command="user list",
        status=200 if error is None else 422,
    )


def invite(visit: Visit) -> Answer:
    """Invite a person."""
    try:
        link = _people(visit).add(
            visit.text("name"), _role(visit), visit.text("mail").strip() or None
        )
    except (PeopleError, UsageError) as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=_told_of(link, visit))


def set_role(visit: Visit) -> Answer:
    """Give a person another role."""
    changed = _people(visit).set_role(visit.text("person"), _role(visit))
    return Done(HERE, told=[words.role_is(changed)])


def reset(visit: Visit) -> Answer:
    """Let a person choose a new password."""
    return Done(HERE, told=_told_of(_people(visit).reset(visit.text("person")), visit))


def end_sessions(visit: Visit) -> Answer:
    """End all sessions of a person."""
    name = visit.text("person")
    return Done(HERE, told=[words.ended(_people(visit).end_sessions(name), name)])


def remove(visit: Visit) -> Answer:
    """Remove a person."""
    return Done(HERE, told=[words.removed(_people(visit).remove(visit.text("person")).name)])


def _people(visit: Visit) -> PeopleService:
    return visit.services.people(visit.me.name)


def _role(visit: Visit) -> Role:
    text = visit.text("role")
    return Role(text) if text in set(Role) else Role.READER


def _told_of(link: OneTimeLink, visit: Visit) -> list[str]:
    """Sentences about a new link: mailed, or to be handed over."""
    name, trouble = link.person.name, []
    try:
        if _people(visit).send(link):
            return [words.link_by_mail(name, link.person.mail or "")]
    except CrosspromoError as error:
        trouble = [words.not_mailed(said(error, visit))]
    address = link_address(link, visit.console)
    return [*trouble, words.link_by_hand(name, visit.moments.full(link.ends_at), address)]


ROUTES = (
    page(HERE, people, Role.ADMIN, section=HERE),
    act(HERE, invite, Role.ADMIN, section=HERE),
    act("/people/role", set_role, Role.ADMIN),
    act("/people/reset", reset, Role.ADMIN),
    act("/people/end-sessions", end_sessions, Role.ADMIN),
    act("/people/remove", remove, Role.ADMIN),
)
