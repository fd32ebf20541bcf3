"""Sentences of refusals about what a person says of a partner, and words for their diaries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.reasons import partners
from crosspromo.domain.reasons.partners import PartnerRefusal
from crosspromo.domain.timing import wall_clock

KINDS: Mapping[EntryKind, str] = MappingProxyType(
    {
        EntryKind.NOTE: "a note",
        EntryKind.MILESTONE: "a milestone",
        EntryKind.CONTACT: "a contact",
        EntryKind.FOLLOW_UP: "a follow-up",
        EntryKind.PROMISE: "a promise",
        EntryKind.BLACKOUT: "a blackout",
    }
)
"""Kinds of entries with their article."""


def of_partners(reason: PartnerRefusal, zone: ZoneInfo) -> str:
    """Refusal sentence, without a full stop, times in `zone`."""
    match reason:
        case partners.UnknownChoice(field, value, choices):
            return f'"{value[:60]}" is no {field} we know; choose one of: {", ".join(choices)}'
        case partners.OutOfRange(field, given, least, most):
            return f"{field} is from {least} to {most:,}, not {given}"
        case partners.WordsTooLong(what, most):
            return f"{what} has at most {most:,} characters; shorten it"
        case partners.HalfALimit():
            return "a limit needs both: how many posts at most, and within how many days"
        case partners.PartnerMerged(partner, into):
            return f"{partner} is now part of {into}, and the slug stays theirs"
        case partners.MergeWithItself(partner):
            return f"{partner} cannot become part of itself; name two partners"
        case partners.MergeIntoOwnGroup(partner, into):
            return (
                f"{into} is of our own group, and posts about {partner} have counted as posts "
                "about others; what counts is never rewritten, so keep both"
            )
        case partners.MergeInSettings(partner, into):
            return (
                f"crosspromo.toml names {partner}; write {into} there instead, and merge them then"
            )
        case _:
            return _of_entries(reason, zone)


def _of_entries(
    reason: partners.WordsMissing
    | partners.ContactAhead
    | partners.DaysReversed
    | partners.OtherKind
    | partners.ClosedAlready
    | partners.ReceivedAhead,
    zone: ZoneInfo,
) -> str:
    match reason:
        case partners.WordsMissing(kind):
            return f"{KINDS[kind]} needs words: what is it about?"
        case partners.ContactAhead(day):
            return f"{day} has not come yet; a contact has happened. Note it as a follow-up"
        case partners.DaysReversed(first, last):
            return f"{last} is before {first}; write the first day first"
        case partners.OtherKind(number, kind, wanted):
            return f"entry {number} is {KINDS[kind]}, not {KINDS[wanted]}"
        case partners.ClosedAlready(number, at, who):
            return f"entry {number} was closed already, by {who} at {wall_clock(at, zone)}"
        case partners.ReceivedAhead(at):
            return f"{wall_clock(at, zone)} lies ahead; what was received has happened"
        case _:
            assert_never(reason)
