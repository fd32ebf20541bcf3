"""Suggestions: what sources brought, to be shared, spotlighted or dismissed."""

from collections.abc import Callable, Sequence

from crosspromo import documents_sources as documents
from crosspromo.domain.errors import Refused, TemplateError, UsageError
from crosspromo.domain.people import Role
from crosspromo.services.queue_post import QueuedDelivery
from crosspromo.services.suggestions import Use
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import suggestions as words

HERE = "/suggestions"
SECTION = "/partners"
ALL = "all"


def suggestions(visit: Visit) -> Answer:
    """Open suggestions, the newest first, and the sources that they come from."""
    return _page(visit)


def _page(visit: Visit, error: str | None = None) -> Page:
    found = visit.services.suggestions.list()
    sources = visit.services.sources.list()
    names = {each.slug: each.name for each in visit.services.partners.list()}
    return Page(
        "suggestions.html",
        words.TITLE,
        words,
        {
            "found": found,
            "sources": sources,
            "names": names,
            "accounts": [(ALL, words.EVERYWHERE), *((each, each) for each in _accounts(visit))],
            "partners": [("", words.NOBODY), *names.items()],
            "error": error,
        },
        document=lambda: {"suggestions": [documents.of_suggestion(each) for each in found]},
        command="suggestion list",
        status=200 if error is None else 422,
    )


def share(visit: Visit) -> Answer:
    """Queue a post that shares the suggestion."""
    return _used(visit, visit.services.suggestions.share)


def spotlight(visit: Visit) -> Answer:
    """Queue a spotlight with the words of the suggestion."""
    return _used(visit, visit.services.suggestions.spotlight)


def _used(visit: Visit, use: Callable[..., Sequence[QueuedDelivery]]) -> Answer:
    chosen = visit.text("to") or ALL
    wanted = Use(author=visit.me.name, partner=visit.text("partner") or None)
    try:
        accounts = visit.services.accounts.chosen(chosen)
        queued = use(visit.values["suggestion"], wanted, accounts)
    except (Refused, TemplateError, UsageError) as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.queued(queued, visit.moments)])


def dismiss(visit: Visit) -> Answer:
    """Dismiss the suggestion."""
    try:
        found = visit.services.suggestions.dismiss(visit.values["suggestion"], visit.me.name)
    except Refused as error:
        return _page(visit, said(error, visit))
    return Done(HERE, told=[words.dismissed(found)])


def _accounts(visit: Visit) -> list[str]:
    return sorted(visit.workspace.settings.accounts)


ROUTES = (
    page(HERE, suggestions, section=SECTION),
    act("/suggestions/{suggestion:int}/share", share, Role.AUTHOR, section=SECTION),
    act("/suggestions/{suggestion:int}/spotlight", spotlight, Role.AUTHOR, section=SECTION),
    act("/suggestions/{suggestion:int}/dismiss", dismiss, Role.AUTHOR, section=SECTION),
)
