"""Errors that a person can mend, with event, place and remedy.

There are two kinds. An unreadable text or file raises an error with a sentence of its own. An act
that a rule refuses raises `Refused` with a reason as a value; the sentence and the mend are made
where the error is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:  # only errors need the reasons
    from crosspromo.domain.reasons.database import DatabaseRefusal
    from crosspromo.domain.reasons.inputs import HeadingsProposed, InputRefusal, NoNameHeading
    from crosspromo.domain.reasons.not_found import NotFound
    from crosspromo.domain.reasons.partners import PartnerRefusal
    from crosspromo.domain.reasons.people import PeopleRefusal
    from crosspromo.domain.reasons.permissions import PermissionRefusal
    from crosspromo.domain.reasons.queueing import QueueingRefusal
    from crosspromo.domain.reasons.refusals import Refusal
    from crosspromo.domain.reasons.sources import SourceRefusal
    from crosspromo.domain.reasons.state import StateRefusal


class CrosspromoError(Exception):
    """Base class for errors shown to people. The text never holds a secret."""

    exit_status: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    @property
    def code(self) -> str:
        """Short word for programs, from a closed list."""
        return self.kind


class UsageError(CrosspromoError):
    """Unreadable text: a time, a length of time, a ratio, an option."""

    exit_status = 2
    kind = "unreadable"


class ConfigError(CrosspromoError):
    """Unusable crosspromo.toml, or unusable secret named there."""

    kind = "configuration"


class DatabaseError(CrosspromoError):
    """Unusable or busy database."""

    kind = "database"


class TemplateError(CrosspromoError):
    """Template that cannot be found, parsed or rendered.

    `variable` is the missing variable's name, if a missing variable is the cause.
    """

    kind = "template"

    def __init__(self, words: str, *, variable: str | None = None) -> None:
        super().__init__(words)
        self.variable = variable


class AccountError(CrosspromoError):
    """Account refused by its network, or network out of reach."""

    kind = "account"


class Refused(CrosspromoError):  # noqa: N818 (a refusal is no fault of the program)
    """Act refused by a rule; nothing was written. `reason` holds the code and the values.

    `spared`: number of further deliveries of the same act, which is not done to them either.
    `about`: slug of the partner or event among several, for which the act is refused.
    """

    spared: int = 0
    about: str | None = None

    def __init__(self, reason: "Refusal") -> None:
        super().__init__(reason)
        self.reason: Refusal = reason

    @property
    def code(self) -> str:
        """Reason code."""
        from crosspromo.domain.reasons import refusals  # noqa: PLC0415

        return refusals.code_of(self.reason)


class NotFoundError(Refused):
    """Unknown partner, event, delivery or account."""

    def __init__(self, reason: "NotFound") -> None:
        super().__init__(reason)


class InputError(Refused, UsageError):
    """Readable input that is unusable."""

    def __init__(
        self, reason: "InputRefusal | NotFound | PartnerRefusal | PermissionRefusal"
    ) -> None:
        super().__init__(reason)


class QueueingError(Refused):
    """Post that cannot be queued or edited as requested."""

    def __init__(self, reason: "QueueingRefusal") -> None:
        super().__init__(reason)


class PeopleError(Refused):
    """Act on people that is refused, or a sign-in."""

    def __init__(self, reason: "PeopleRefusal") -> None:
        super().__init__(reason)


class SourceError(Refused):
    """Act on a source or a suggestion that is refused."""

    def __init__(self, reason: "SourceRefusal") -> None:
        super().__init__(reason)


class UnmappedError(Refused):
    """Spreadsheet of which a person has to say what its headings mean."""

    def __init__(self, reason: "HeadingsProposed | NoNameHeading") -> None:
        super().__init__(reason)


class StateError(Refused):
    """Act forbidden by the state of a delivery or an account."""

    def __init__(self, reason: "StateRefusal") -> None:
        super().__init__(reason)


class DatabaseStateError(Refused, DatabaseError):
    """Missing, outdated, newer, or busy database."""

    def __init__(self, reason: "DatabaseRefusal") -> None:
        super().__init__(reason)


class LostClaimError(Exception):
    """Late settlement by a worker whose claim another worker has taken over.

    The error is never shown: it stops the late worker.
    """


WHOLE_ROW = "row"
"""Column of a fault of a row as a whole."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Import fault: `row` counts from 1, the header being row 1; 0 is the whole file.

    `problem` is either a sentence (unreadable text) or the reason why a readable row is refused.
    `name` is the record's name, where people do not find it by its number: an event's title and
    day.
    """

    row: int
    column: str
    problem: "str | Refusal"
    name: str = ""

    @property
    def place(self) -> str:
        """Fault's place: `row 3, column name`, or `row 3` for the whole row (column `row`).

        The column alone for the whole file. For a named record, its name and the column. A column
        without a heading has the word in its name: `row 3, column B`.
        """
        if self.name:
            return f"{self.name}, {self.column}"
        if not self.row:
            return self.column
        if self.column == WHOLE_ROW:
            return f"row {self.row}"
        column = self.column if self.column.startswith("column ") else f"column {self.column}"
        return f"row {self.row}, {column}"

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class ImportFailedError(CrosspromoError):
    """Import with faults. Nothing from the file was written."""

    kind = "import"

    def __init__(self, source: str, errors: Sequence[RowError]) -> None:
        self.source = source
        self.errors = tuple(errors)
        super().__init__(f"{source}: {len(self.errors)} faults")
