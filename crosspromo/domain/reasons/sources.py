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


class NothingToRead(NamedTuple):
    """Address that answers, and is neither a feed nor a calendar; `words` say what is there."""

    address: str
    words: str


class AddressHasLogin(NamedTuple):
    """Address of a host with a user name or a password, which are never kept in the clear."""

    host: str


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


class NothingToReview(NamedTuple):
    """Unknown number of an event of a calendar."""

    number: int


class EventReviewed(NamedTuple):
    """Event of a calendar about which a person, `who`, has decided before."""

    number: int
    who: str


class EventIsNew(NamedTuple):
    """New event of a calendar, which is not one of ours that could be kept or cancelled."""

    number: int


class EventIsGone(NamedTuple):
    """Event of ours that is gone from its calendar: it was accepted before."""

    number: int


class EventIsThere(NamedTuple):
    """New event of a calendar whose UID an event of ours has (`event` is the slug)."""

    number: int
    event: str


class EventsAreOne(NamedTuple):
    """New events of two calendars, by number, that have one UID and were to be accepted at once."""

    first: int
    second: int


class SourcesNotNamed(NamedTuple):
    """Order to accept what is gone from calendars that names no source."""


class NoWebsite(NamedTuple):
    """Partner (a slug) without a website on which feeds could be looked for."""

    partner: str


class WebsiteUnreadable(NamedTuple):
    """Website of a partner (a slug) that cannot be read; `words` name its host and say why."""

    partner: str
    words: str


SourceRefusal = (
    NoSuchSource
    | SourceExists
    | NothingToRead
    | AddressHasLogin
    | NoSuchSuggestion
    | SuggestionDecided
    | SuggestionOfNobody
    | NothingToShare
    | NoWebsite
    | WebsiteUnreadable
    | NothingToReview
    | EventReviewed
    | EventIsNew
    | EventIsGone
    | EventIsThere
    | EventsAreOne
    | SourcesNotNamed
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NoSuchSource: "no-such-source",
        SourceExists: "source-exists",
        NothingToRead: "nothing-to-read",
        AddressHasLogin: "address-has-login",
        NoSuchSuggestion: "no-such-suggestion",
        SuggestionDecided: "suggestion-decided",
        SuggestionOfNobody: "suggestion-of-nobody",
        NothingToShare: "nothing-to-share",
        NoWebsite: "no-website",
        WebsiteUnreadable: "website-unreadable",
        NothingToReview: "nothing-to-review",
        EventReviewed: "event-reviewed",
        EventIsNew: "event-is-new",
        EventIsGone: "event-is-gone",
        EventIsThere: "event-is-there",
        EventsAreOne: "events-are-one",
        SourcesNotNamed: "sources-not-named",
    }
)
