"""What an import did: counts, and the rows that could not be read."""

from collections import Counter
from collections.abc import Sequence

import click

from crosspromo.cli.output import emit_json
from crosspromo.domain.errors import RowError
from crosspromo.store.partners import Change


class ImportSummary:
    """Counts changes and says them."""

    def __init__(self, *, errors: Sequence[RowError], dry_run: bool) -> None:
        self._changes: Counter[Change] = Counter()
        self._errors = errors
        self._dry_run = dry_run

    def count(self, change: Change) -> None:
        """One record was saved."""
        self._changes[change] += 1

    def emit(self, *, as_json: bool) -> None:
        """Counts as one JSON document, or as a sentence with the errors on stderr."""
        if as_json:
            emit_json(
                {
                    **{change.value: self._changes[change] for change in Change},
                    "errors": [
                        {"row": error.row, "column": error.column, "message": error.message}
                        for error in self._errors
                    ],
                }
            )
            return
        always = {Change.NEW, Change.UPDATED, Change.UNCHANGED}
        counts = [
            f"{self._changes[change]} {change.value}"
            for change in Change
            if self._changes[change] or change in always
        ]
        would = "would be: " if self._dry_run else ""
        click.echo(would + ", ".join(counts))
        for error in self._errors:
            click.echo(f"not imported: {error}", err=True)
