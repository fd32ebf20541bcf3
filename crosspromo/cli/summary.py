"""What an import did, or would do: counts, and the rows that were not taken."""

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session
from crosspromo.domain.changes import Change
from crosspromo.domain.errors import ImportFailedError
from crosspromo.services.imports import Imported

ALWAYS = frozenset({Change.NEW, Change.UPDATED, Change.UNCHANGED})
"""Changes whose number is told even where it is 0."""


def say_import(imported: Imported, session: Session, *, dry_run: bool) -> None:
    """The counts as a sentence, and on stderr each row that was not taken."""
    counts = [
        f"{imported.changes.get(change, 0)} {change.value}"
        for change in Change
        if imported.changes.get(change) or change in ALWAYS
    ]
    would = "would be: " if dry_run else ""
    click.echo(would + ", ".join(counts))
    if imported.errors:
        from crosspromo.cli.telling import of_row  # noqa: PLC0415 (all is well mostly)

        for error in imported.errors:
            click.echo(f"not imported: {of_row(error, session.zone)}", err=True)


def emit_failed(error: ImportFailedError, session: Session) -> int:
    """The document of an import of which nothing was written; the exit status."""
    emit_json(documents.of_import(Imported({}, error.errors), session.zone))
    return 1
