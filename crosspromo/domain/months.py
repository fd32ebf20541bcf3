"""Calendar months, as reports are made of them."""

import re
from datetime import date
from typing import NamedTuple

from crosspromo.domain.errors import UsageError

EARLIEST_YEAR, LATEST_YEAR = 2000, 9998
"""Years that reports can be of."""

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """Calendar month, in the zone of the organisation."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Month written as `2026-10`; UsageError for any other text."""
        found = _MONTH.fullmatch(text)
        if found is None or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
            raise UsageError(f'"{text[:40]}" is no month; write one such as 2026-10')
        return cls(int(found[1]), int(found[2]))

    @property
    def following(self) -> "Month":
        """Month after this one."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> "Month":
        """Month before this one."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.number, 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"
