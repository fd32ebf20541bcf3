"""Today: what needs a person, what goes next, and the balance by account."""

from crosspromo import documents
from crosspromo.web.routes import Answer, Page, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import today as words


def today(visit: Visit) -> Answer:
    """What needs a person now."""
    workspace = visit.workspace
    report = visit.services.status(workspace.worker_lock()).report()
    return Page(
        "today.html",
        words.TITLE,
        words,
        {"verdict": words.verdict(len(report.matters))},
        document=lambda: documents.of_status(report, visit.zone),
        command="status",
    )


ROUTES = (page("/", today, section="/"),)
