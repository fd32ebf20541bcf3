"""Entering: signing in and out, and the pages that one-time links lead to."""

from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.people import LinkIsOver
from crosspromo.web.errors import error_page, said
from crosspromo.web.guard import local_path, visitors_token
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.visit import Visit
from crosspromo.web.words import entering as words


def sign_in_form(visit: Visit) -> Answer:
    """Form for name, password and code; who is signed in already goes on."""
    after = local_path(visit.query.get("next", "/"))
    if visit.person is not None:
        return Done(after)
    return _sign_in_page(visit, after)


def sign_in(visit: Visit) -> Answer:
    """Begin a session."""
    after = local_path(visit.text("next") or "/")
    try:
        signed_in = visit.sign_in.sign_in(
            visit.text("name"), visit.text("password"), visit.text("code"), visit.place
        )
    except PeopleError as error:
        return _sign_in_page(visit, after, said(error, visit))
    return Done(after, session=signed_in.token)


def _sign_in_page(visit: Visit, after: str, error: str | None = None) -> Page:
    values = {
        "after": after,
        "error": error,
        "name": visit.text("name"),
        "is_empty": not visit.services.people("nobody").any(),
    }
    status = 200 if error is None else 401
    return Page("sign_in.html", words.SIGN_IN, words, values, status=status)


def sign_out(visit: Visit) -> Answer:
    """End the session."""
    visit.sign_in.sign_out(visit.token)
    return Done("/sign-in", told=[words.SIGNED_OUT], session=visitors_token())


def invited_form(visit: Visit) -> Answer:
    """Form for a new password; the link stays unused until it is sent."""
    return _invited_page(visit)


def accept(visit: Visit) -> Answer:
    """Use the link: the person has a password, and is signed in."""
    password = visit.text("password")
    if password != visit.text("again"):
        return _invited_page(visit, words.DIFFER)
    try:
        signed_in = visit.sign_in.accept(visit.values["token"], password, visit.place)
    except PeopleError as error:
        return _invited_page(visit, said(error, visit))
    return Done("/", session=signed_in.token)


def entered(visit: Visit) -> Answer:
    """Page of a link of the demo that was used before; who is signed in goes on."""
    if visit.person is not None:
        return Done("/")
    return error_page(410, words.LINK_OVER, words.WORKS_ONCE, code="link-is-over")


def _invited_page(visit: Visit, error: str | None = None) -> Page:
    try:
        link = visit.sign_in.link(visit.values["token"])
    except PeopleError as over:
        if not isinstance(over.reason, LinkIsOver):
            raise
        return error_page(410, words.LINK_OVER, said(over, visit), code=over.code)
    title = words.welcome(link.person.name, link.purpose)
    values = {"title": title, "person": link.person, "error": error}
    return Page("invited.html", title, words, values, status=200 if error is None else 422)


ROUTES = (
    form("/sign-in", sign_in_form, None),
    act("/sign-in", sign_in, None),
    act("/sign-out", sign_out, Role.READER),
    form("/enter/{token}", entered, None),
    form("/invited/{token}", invited_form, None),
    act("/invited/{token}", accept, None),
)
