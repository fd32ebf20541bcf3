"""Sentences about sources and suggestions."""

from typing import assert_never

from crosspromo.domain.reasons import sources
from crosspromo.domain.reasons.sources import SourceRefusal


def of_source(reason: SourceRefusal) -> str:
    """Refusal sentence, without a full stop."""
    match reason:
        case sources.NoSuchSource(number):
            return f"there is no source {number}"
        case sources.SourceExists(address, number):
            return f"{address} is read already, as source {number}"
        case sources.NoSuchSuggestion(number):
            return f"there is no suggestion {number}"
        case sources.SuggestionDecided(number, who):
            return f"{who} has decided about suggestion {number} already"
        case sources.SuggestionOfNobody(number):
            return f"suggestion {number} is about no partner that is known; name the partner"
        case sources.NothingToShare(number):
            return f"suggestion {number} has no address that could be shared"
        case _:
            assert_never(reason)
