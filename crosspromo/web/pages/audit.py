"""Audit: who did what, when and why."""

from crosspromo import documents
from crosspromo.web.routes import Answer, Page, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import lists as words

HERE = "/audit"
MOST = 100
"""Acts of one page."""


def audit(visit: Visit) -> Answer:
    """The latest acts, or those before an earlier one (`?before=ID`)."""
    before = visit.query.get("before", "")
    entries = visit.services.audit_log.page(
        MOST + 1,
        int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
    )
    shown = entries[:MOST]
    return Page(
        "audit.html",
        words.AUDIT,
        words,
        {"entries": shown, "earlier": shown[-1].id if len(entries) > MOST else None},
        document=lambda: {"entries": [documents.of_audit_entry(each) for each in shown]},
        command="audit list",
    )


ROUTES = (page(HERE, audit, section=HERE),)
