"""Recorded decisions: what the gate said of a send, as its attempt keeps it.

The sentences of the checks would be two thirds of the attempt. Most sends share most of them, so
those that are usual stand here, in editions, and a record names its edition and has only the
sentences that differ. An edition never changes: what was recorded is told for ever in the words of
its day, with the account's present name. If gate.py words a usual sentence anew, or has another
check, a new edition is due (a test says so); until then the records are longer, and as true.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from crosspromo.domain.attempts import Json
from crosspromo.domain.verdicts import Passed

EDITIONS: Mapping[int, Mapping[str, str]] = MappingProxyType(
    {
        1: MappingProxyType(
            {
                "paused": "{account} is not paused.",
                "approval": "Nobody has to approve it.",
                "expired": "It does not expire.",
                "missed": "It is not bound to a moment.",
                "blackout": "It is no day of silence.",
                "permission": "Every permission that it needs is there.",
                "photo-consent": "Nobody on its images is known to say no.",
                "legal": "No law keeps us from sharing it.",
                "partner-notice": "Its partners had the notice they want.",
                "partner-limit": "Its partners are within their limits.",
                "duplicate": "{account} has not said this in 30 days.",
                "cap": "{account} is within its caps.",
                "gap": "{account} has kept its gap.",
                "quiet": "{account} is not in its quiet hours.",
                "budget": "{account} is within its budget.",
                "rate-limit": "{account} is within its network's limits.",
                "ratio": "{account}: the ratio holds only posts about ourselves.",
                "floor": "The organisation: the ratio holds only posts about ourselves.",
                "slot": "{account} has no slots.",
            }
        ),
    }
)
"""Sentences of passed checks, by check, in the order of the checks; by edition."""

LATEST = max(EDITIONS)


_NAME = "{account}"


def record_of(trail: Sequence[Passed], account: str) -> Json:
    """The passed checks of a decision about a delivery of this account, as JSON.

    `[1, [16, "…"]]`: edition 1, but for the check at position 16. An object has all checks by name,
    as have records of before editions. Nothing but the sentences is text of the record, so that
    nothing else changes where a person is erased from it.
    """
    usual = _sentences(LATEST, account)
    if trail == usual:
        return [LATEST]
    if [name for name, _ in trail] != [name for name, _ in usual]:
        return dict(trail)
    differing: list[Json] = [
        [position, _without_name(passed[1], account)]
        for position, passed in enumerate(trail)
        if passed != usual[position]
    ]
    return [LATEST, *differing]


def checks_of(record: Json, account: str) -> Mapping[str, str]:
    """Sentences of all passed checks of a record, by check, in the order of the checks.

    The account is called by its present name. None where another version of crosspromo made the
    record, by an edition that this one does not have.
    """
    match record:
        case dict():
            return {name: str(sentence) for name, sentence in record.items()}
        case [int(edition), *differing] if edition in EDITIONS:
            told = list(_sentences(edition, account))
            for position, sentence in cast("list[tuple[int, str]]", differing):
                told[position] = told[position][0], _with_name(sentence, account)
            return dict(told)
        case _:
            return {}


def _without_name(sentence: str, account: str) -> str:
    """The sentence with a mark in place of the account's name, where it begins with that."""
    rest = sentence.removeprefix(account)
    return _NAME + rest if rest != sentence and rest[:1] in {" ", ":"} else sentence


def _with_name(sentence: str, account: str) -> str:
    return account + sentence.removeprefix(_NAME) if sentence.startswith(_NAME) else sentence


@lru_cache(maxsize=1024)
def _sentences(edition: int, account: str) -> tuple[Passed, ...]:
    told = EDITIONS[edition]
    return tuple((name, _with_name(text, account)) for name, text in told.items())
