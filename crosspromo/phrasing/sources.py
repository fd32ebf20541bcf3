"""Sentences about sources and suggestions."""

from typing import assert_never

from crosspromo.domain.reasons import sources
from crosspromo.domain.reasons.sources import SourceRefusal


def of_source(reason: SourceRefusal) -> str:  # noqa: C901 (a table)
    """Refusal sentence, without a full stop."""
    match reason:
        case sources.NoSuchSource(number):
            return f"there is no source {number}"
        case sources.SourceExists(address, number):
            return f"{address} is read already, as source {number}"
        case sources.NothingToRead(address, words):
            return (
                f"{address} is not added, since it is neither a feed nor a calendar: {words}; give "
                "the address of the feed or the calendar itself"
            )
        case sources.AddressHasLogin(host):
            return (
                "the address has a user name or a password in it, and crosspromo keeps addresses "
                f"in the clear; give an address at {host} that can be read without them"
            )
        case sources.NoSuchSuggestion(number):
            return f"there is no suggestion {number}"
        case sources.SuggestionDecided(number, who):
            return f"{who} has decided about suggestion {number} already"
        case sources.SuggestionOfNobody(number):
            return f"suggestion {number} is about no partner that is known; name the partner"
        case sources.NoWebsite(partner):
            return f"{partner} has no website on which to look for feeds; note its address first"
        case sources.WebsiteUnreadable(partner, words):
            return f"the website of {partner} cannot be read: {words}"
        case sources.NothingToShare(number):
            return (
                f"suggestion {number} has no address that could be shared; spotlight it or dismiss "
                "it"
            )
        case sources.NothingToReview(number):
            return f"there is no event {number} to review"
        case sources.EventReviewed(number, who):
            return f"{who} has decided about event {number} of the review already"
        case sources.EventIsNew(number):
            return f"event {number} of the review is new: accept it, merge it or refuse it"
        case sources.EventIsGone(number):
            return (
                f"event {number} of the review is ours already, and is gone from its calendar: "
                "keep it or cancel it"
            )
        case sources.EventIsThere(number, event):
            return f"event {number} of the review has the UID of {event}: merge it with that one"
        case sources.EventsAreOne(first, second):
            return (
                f"events {first} and {second} of the review have the same UID, so they are one "
                f"event: accept {first} alone, then merge {second} with it"
            )
        case sources.SourcesNotNamed():
            return "name the source whose events are gone, so that no other one is accepted with it"
        case _:
            assert_never(reason)
