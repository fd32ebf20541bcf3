"""Reasons as values: why a delivery waits, why it did not go out, why an act is refused.

A reason is a code with what was measured, not a sentence: `crosspromo.phrasing` makes its sentence,
and the mend that a person is offered, where they are shown. What a network or a parser said is such
a value, too: it stands in `words`. `CODES` of each module is the
closed list of its reasons.
"""

from typing import NamedTuple


class Recorded(NamedTuple):
    """The reason of a row that an older version wrote: its code, and the sentence it stored."""

    code: str
    sentence: str
