"""Summary of an import, real or dry: counts, and rows that were not taken."""

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session
from crosspromo.domain.changes import Change
from crosspromo.domain.errors import ImportFailedError
from crosspromo.services.imports import Imported

ALWAYS = frozenset({Change.NEW, Change.UPDATED, Change.UNCHANGED})
"""Changes whose count is printed even where it is 0."""


def say_import(imported: Imported, session: Session, *, dry_run: bool) -> None:
    """Print the counts as a sentence, and on stderr each row that was not taken."""
    counts = [
        f"{imported.changes.get(change, 0)} {change.value}"
        for change in Change
        if imported.changes.get(change) or change in ALWAYS
    ]
    would = "would be: " if dry_run else ""
    click.echo(would + ", ".join(counts))
    if imported.errors:
        from crosspromo.cli.telling import of_row  # noqa: PLC0415 (faults are rare)

        for error in imported.errors:
            click.echo(f"not imported: {of_row(error, session.zone)}", err=True)


def emit_failed(error: ImportFailedError, session: Session) -> int:
    """Print the document of an import that wrote nothing, and give the exit status."""
    emit_json(documents.of_import(Imported({}, error.errors), session.zone))
    return 1
