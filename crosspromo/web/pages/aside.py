"""Aside: the sending strip alone, the keys, and liveness."""

from crosspromo.domain.people import Role
from crosspromo.web.frame import strip_of
from crosspromo.web.routes import Answer, File, Page, form, fragment
from crosspromo.web.visit import Visit
from crosspromo.web.words import keys as words


def strip(visit: Visit) -> Answer:
    """The sending strip, for a script that keeps it young."""
    found = strip_of(visit.services.sending_states.now(), visit)
    return Page("strip.html", words.TITLE, words, {"strip": found})


def keys(visit: Visit) -> Answer:  # noqa: ARG001 (the same for everybody)
    """The keys of the pages."""
    return Page("keys.html", words.TITLE, words)


def healthz(visit: Visit) -> Answer:
    """Whether the console answers and reaches its database; 503 where it does not."""
    visit.services.people("nobody").any()
    return File(b"ok\n", "text/plain; charset=utf-8")


ROUTES = (
    fragment("/strip", strip),
    form("/keys", keys, Role.READER),
    form("/healthz", healthz, None),
)
