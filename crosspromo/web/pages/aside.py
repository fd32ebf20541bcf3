"""Aside: the sending strip alone, the keys, and liveness."""

from crosspromo.web.frame import strip_of
from crosspromo.web.routes import Answer, File, Page, form, fragment, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import keys as words


def strip(visit: Visit) -> Answer:
    """The sending strip, for a script that keeps it young."""
    found = strip_of(visit.services.sending_states.now(), visit)
    return Page("strip.html", words.TITLE, words, {"strip": found})


def keys(visit: Visit) -> Answer:  # noqa: ARG001 (the same for everybody)
    """The keys of the pages."""
    return Page(
        "keys.html",
        words.TITLE,
        words,
        document=lambda: {
            "keys": [{"keys": list(keys), "does": does} for keys, does in words.KEYS]
        },
    )


def healthz(visit: Visit) -> Answer:
    """Whether the console answers and reaches its database; 503 where it does not."""
    visit.services.people("nobody").any()
    return File(b"ok\n", "text/plain; charset=utf-8")


ROUTES = (
    fragment("/strip", strip),
    page("/keys", keys),
    form("/healthz", healthz, None),
)
