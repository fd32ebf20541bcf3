"""Reasons why an act on sources or suggestions is refused. Nothing was written then."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class NoSuchSource(NamedTuple):
    """Unknown number of a source."""

    number: int


class SourceExists(NamedTuple):
    """Address that is read already, as the source of this number."""

    address: str
    number: int


class NoSuchSuggestion(NamedTuple):
    """Unknown number of a suggestion."""

    number: int


class SuggestionDecided(NamedTuple):
    """Suggestion about which a person, `who`, has decided before."""

    number: int
    who: str


class SuggestionOfNobody(NamedTuple):
    """Suggestion about no partner that we know: a person has to say whom it is about."""

    number: int


class NothingToShare(NamedTuple):
    """Suggestion without an address that could be shared."""

    number: int


SourceRefusal = (
    NoSuchSource
    | SourceExists
    | NoSuchSuggestion
    | SuggestionDecided
    | SuggestionOfNobody
    | NothingToShare
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NoSuchSource: "no-such-source",
        SourceExists: "source-exists",
        NoSuchSuggestion: "no-such-suggestion",
        SuggestionDecided: "suggestion-decided",
        SuggestionOfNobody: "suggestion-of-nobody",
        NothingToShare: "nothing-to-share",
    }
)
