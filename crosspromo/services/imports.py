"""Result of an import, of partners, events or outside posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import RowError


@dataclass(frozen=True, slots=True)
class Imported:
    """Records counted by change, and errors of rows left out."""

    changes: Mapping[Change, int]
    errors: Sequence[RowError] = ()
