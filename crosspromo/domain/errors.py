"""Errors that a person can mend: what happened, where, and what to do about it.

Two kinds: a text or a file that cannot be read says so in its own words; an act that a rule refuses
is `Refused`, with a reason as a value, whose sentence and mend are made where they are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:  # what goes well needs none of the reasons
    from crosspromo.domain.reasons.database import DatabaseRefusal
    from crosspromo.domain.reasons.inputs import InputRefusal
    from crosspromo.domain.reasons.not_found import NotFound
    from crosspromo.domain.reasons.queueing import QueueingRefusal
    from crosspromo.domain.reasons.refusals import Refusal
    from crosspromo.domain.reasons.state import StateRefusal


class CrosspromoError(Exception):
    """The root. Its text never holds a secret."""

    exit_status: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    @property
    def code(self) -> str:
        """A short word for programs: one of a closed list."""
        return self.kind


class UsageError(CrosspromoError):
    """A text that cannot be read: a time, a length of time, a ratio, an option."""

    exit_status = 2
    kind = "unreadable"


class ConfigError(CrosspromoError):
    """crosspromo.toml, or a secret it names, cannot be used."""

    kind = "configuration"


class DatabaseError(CrosspromoError):
    """The database cannot be used, or is in use."""

    kind = "database"


class TemplateError(CrosspromoError):
    """A template that cannot be found, parsed or rendered. `variable` is a name that it asks for
    and nobody gave.
    """

    kind = "template"

    def __init__(self, words: str, *, variable: str | None = None) -> None:
        super().__init__(words)
        self.variable = variable


class AccountError(CrosspromoError):
    """An account whose network refuses it, or cannot be reached."""

    kind = "account"


class Refused(CrosspromoError):  # noqa: N818 (a refusal is no fault of the program)
    """An act that a rule refuses; nothing was written. `reason` has the code and its values."""

    def __init__(self, reason: "Refusal") -> None:
        super().__init__(reason)
        self.reason: Refusal = reason

    @property
    def code(self) -> str:
        """The code of the reason."""
        from crosspromo.domain.reasons import refusals  # noqa: PLC0415

        return refusals.code_of(self.reason)


class NotFoundError(Refused):
    """A partner, event, delivery or account that does not exist."""

    def __init__(self, reason: "NotFound") -> None:
        super().__init__(reason)


class InputError(Refused, UsageError):
    """Something given that can be read but not be used."""

    def __init__(self, reason: "InputRefusal | NotFound") -> None:
        super().__init__(reason)


class QueueingError(Refused):
    """A post that cannot be queued, or edited, as asked."""

    def __init__(self, reason: "QueueingRefusal") -> None:
        super().__init__(reason)


class StateError(Refused):
    """A delivery or an account that is not in a state which allows what was asked."""

    def __init__(self, reason: "StateRefusal") -> None:
        super().__init__(reason)


class DatabaseStateError(Refused, DatabaseError):
    """A database that is missing, of another version, or not at rest."""

    def __init__(self, reason: "DatabaseRefusal") -> None:
        super().__init__(reason)


class LostClaimError(Exception):
    """A worker tried to settle what another has taken over. Never shown: it stops that worker."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault in an import: `row` counts from 1 with the header as row 1; 0 is the whole file.

    `problem` is what cannot be read, in words, or the reason why it is not taken.
    """

    row: int
    column: str
    problem: "str | Refusal"

    @property
    def place(self) -> str:
        """Where it stands: `row 3, column name`."""
        return f"row {self.row}, column {self.column}" if self.row else self.column

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class ImportFailedError(CrosspromoError):
    """An import with faults. Nothing of it was written."""

    kind = "import"

    def __init__(self, source: str, errors: Sequence[RowError]) -> None:
        self.source = source
        self.errors = tuple(errors)
        super().__init__(f"{source}: {len(self.errors)} faults")
