"""Pages of errors: what happened, what was not changed, and what to do."""

import logging
import secrets
from dataclasses import replace
from typing import Final

from crosspromo.domain.errors import CrosspromoError, DatabaseError, NotFoundError
from crosspromo.domain.people import Role
from crosspromo.phrasing.errors import of_error
from crosspromo.web.guard import FORM_TOKEN
from crosspromo.web.routes import Page
from crosspromo.web.visit import Visit
from crosspromo.web.words import frame as words

MOST_TYPED: Final = 300_000
"""Most characters of a refused form that its page shows."""

NOT_TYPED: Final = frozenset(
    {FORM_TOKEN, "username", "password", "old", "new", "again", "code", "secret"}
    | {"kept", "kept-name", "version", "back", "next", "person", "role", "act"}
    | {"kind", "when", "accounts", "picture", "file-name", "seen"}
    | {"account", "also", "as", "group", "heading", "span", "view"}
)
"""Fields that are secret, chosen, or filled in by the page itself: they are not shown."""

log = logging.getLogger(__name__)


def error_page(status: int, title: str, sentence: str, *, code: str, again: bool = False) -> Page:
    """Page of an error. `again`: trying again may help; else there is a way back."""
    return Page(
        "error.html",
        title,
        words,
        {"title": title, "sentence": sentence, "again": again, "typed": ""},
        document=lambda: {"error": {"code": code, "message": f"{title}. {sentence}"}},
        status=status,
    )


def of_refusal(error: CrosspromoError, visit: Visit) -> Page:
    """Page of an error that a person can mend."""
    sentence = said(error, visit)
    if isinstance(error, NotFoundError):
        return error_page(404, words.NOT_FOUND, sentence, code=error.code)
    if isinstance(error, DatabaseError):
        return error_page(503, words.FAILED, sentence, code=error.code, again=True)
    return error_page(409, words.NOT_DONE, sentence, code=error.code)


def with_typed(refusal: Page, visit: Visit) -> Page:
    """The refusal of a form with what was typed into it, to be copied.

    Another site may have sent it, so that it is shown, and stands in no form.
    """
    if visit.route.role is None or visit.route.is_fragment:
        return refusal
    typed = "\n\n".join(
        value.replace("\r\n", "\n")
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and name not in NOT_TYPED and value.strip()
        if not name.startswith("opened-")
    )
    return replace(refusal, values={**refusal.values, "typed": typed[:MOST_TYPED]})


def said(error: CrosspromoError, visit: Visit) -> str:
    """Sentence of an error with a capital and a full stop, without secrets."""
    sentence = visit.workspace.redactor.redact(of_error(error, visit.zone))
    stop = "" if sentence.endswith((".", "?", "!")) else "."
    return f"{sentence[:1].upper()}{sentence[1:]}{stop}"


def not_found() -> Page:
    """Page for an address without a page."""
    return error_page(404, words.NOT_FOUND, words.NOT_FOUND_MORE, code="not-found")


def not_allowed(role: Role) -> Page:
    """Page for a person whose role is too small."""
    return error_page(403, words.NOT_ALLOWED, words.asks_for(role), code="not-allowed")


def of_status(status: int) -> Page:
    """Page for a request that the server itself refuses."""
    match status:
        case 404:
            return not_found()
        case 405:
            return error_page(405, words.NO_SUCH_ACT, words.NOT_FOUND_MORE, code="no-such-act")
        case 413:
            return error_page(413, words.TOO_LARGE, words.TOO_LARGE_MORE, code="too-large")
        case _:
            return error_page(status, words.UNREADABLE, words.UNREADABLE_MORE, code="unreadable")


def of_fault(path: str) -> Page:
    """Page for a fault of our own, which is logged with its number; call it where it is caught."""
    digits = secrets.token_hex(3).upper()
    number = f"{digits[:3]}-{digits[3:]}"
    log.exception("page %s could not be made (%s)", path, number)  # noqa: LOG004 (called in a handler)
    sentence = f"{words.FAILED_MORE} {words.number_of(number)}."
    return error_page(500, words.FAILED, sentence, code="fault", again=True)
