"""The outcome of an import, whatever was imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import RowError


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records were changed in which way, and what of the file was not taken."""

    changes: Mapping[Change, int]
    errors: Sequence[RowError] = ()
