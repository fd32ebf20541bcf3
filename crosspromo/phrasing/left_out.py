"""Sentences about events of a calendar that an import leaves out."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from crosspromo.domain.left_out import LeftOut, Why

MOST_NAMED = 3
"""Events named for one reason; the others are counted."""

_WHY: Mapping[Why, str] = {
    Why.NO_EVENTS: "there is no event in the file; tasks and busy times are not announced",
    Why.PRIVATE: "marked private or confidential, so it is not announced",
    Why.UNTITLED: "no title, so there is nothing to announce",
    Why.NO_DATE: "no date from today on, or none that is near enough",
    Why.DATES_CANCELLED: "all dates are cancelled",
    Why.SAME_UID: "another event in the file has the same UID",
    Why.MANY_DATES: "a series with many dates; a later import adds the others",
    Why.MERGED: "somebody has made it one with the event that is kept",
    Why.OLD_CHANGE: "an old change of a date that the series has no more",
}


def of_left_out(left_out: Sequence[LeftOut]) -> list[str]:
    """A sentence for each reason, with the names of the first events."""
    sentences = []
    for why, group in groupby(sorted(left_out, key=lambda each: list(Why).index(each.why)), _why):
        names = [_named(each) for each in group if each.event]
        more = len(names) - MOST_NAMED
        listed = "; ".join(names[:MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
        sentences.append(f"{listed}: {_WHY[why]}" if names else _WHY[why])
    return sentences


def _why(left: LeftOut) -> Why:
    return left.why


def _named(left: LeftOut) -> str:
    return f"{left.event} (kept: {left.kept})" if left.kept else left.event
