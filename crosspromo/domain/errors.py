"""Everything a person can mend: what happened, where, and what to do about it.

The command line prints `str(error)` and exits with `exit_status`; no traceback is shown for these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class CrosspromoError(Exception):
    """The root. Its text is one or more plain sentences and never holds a secret."""

    exit_status: ClassVar[int] = 1


class UsageError(CrosspromoError):
    """The command was used wrongly: an option that makes no sense, a value that cannot be read."""

    exit_status = 2


class ConfigError(CrosspromoError):
    """crosspromo.toml, or a secret it names, cannot be used."""


class DatabaseError(CrosspromoError):
    """The database is missing, of another version, or in use."""


class NotFoundError(CrosspromoError):
    """A partner, event, delivery or account that does not exist."""


class TemplateError(CrosspromoError):
    """A template that cannot be found, parsed or rendered."""


class QueueingError(CrosspromoError):
    """A post that cannot be queued as asked; nothing was queued."""


class StateError(CrosspromoError):
    """A delivery is not in a state that allows what was asked."""


class AccountError(CrosspromoError):
    """An account whose network refuses it, or cannot be reached."""


class LostClaimError(Exception):
    """A worker tried to settle what another has taken over. Never shown: it stops that worker."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault in an import: `row` counts from 1 with the header as row 1; 0 is the whole file."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column}" if self.row else self.column
        return f"{place}: {self.message}"


class ImportFailedError(CrosspromoError):
    """An import with bad rows. Nothing of it was written."""

    def __init__(self, source: str, errors: Sequence[RowError]) -> None:
        self.source = source
        self.errors = tuple(errors)
        lines = "\n".join(f"  {error}" for error in self.errors)
        count = len(self.errors)
        super().__init__(
            f"{source}: {count} {'row' if count == 1 else 'rows'} cannot be read, "
            f"so nothing was imported:\n{lines}"
        )
