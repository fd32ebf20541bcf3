"""Reasons as values for holds, faults and refusals.

A reason is a code with measured values, not a sentence: `crosspromo.phrasing` makes the sentence,
and the mend that a person is offered, where the reason is shown. The words of a network or a parser
are such a value, too: the field `words`. `CODES` of each module is the closed list of its reasons.
"""

from typing import NamedTuple


class Recorded(NamedTuple):
    """Reason in a row written by an older version: its code, and the stored sentence."""

    code: str
    sentence: str
