"""Records in the form that Bluesky wants, and keys for records. Pure functions.

Sources: lexicons app.bsky.feed.* and app.bsky.richtext.facet; the protocol's specification of TIDs
(timestamp identifiers).
"""

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from crosspromo.connectors.base import Json
from crosspromo.connectors.bluesky.addresses import POST, REPOST
from crosspromo.text import rules
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import shorten_links

FACET: Final = "app.bsky.richtext.facet"

BASE32_SORTABLE: Final = "234567abcdefghijklmnopqrstuvwxyz"
TID_LENGTH: Final = 13
CLOCK_ID_BITS: Final = 10
CLOCK_IDS: Final = 1 << CLOCK_ID_BITS
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def post(
    text: str, dids: Mapping[str, str], now: datetime, addresses: Sequence[str] = ()
) -> dict[str, Json]:
    """Record of a post. `dids` are the DIDs of resolved mentions, by the handles of `mentions`.

    `addresses` are those that we put in the text: each is one link, whole.

    Where the text fits only with shortened links, the record shows those, and their facets have the
    whole addresses: the very text that the preview showed, since both come from `shorten_links`.
    The record has no `langs`: the language is unknown, and a wrong language hides the post from its
    readers.
    """
    shown = shorten_links(text, rules.BLUESKY.of_post(addresses))
    record: dict[str, Json] = {"$type": POST, "text": shown.text, "createdAt": _timestamp(now)}
    marked: list[Json] = list(facets(shown.entities, dids))
    if marked:
        record["facets"] = marked
    return record


def repost(subject: dict[str, Json], now: datetime) -> dict[str, Json]:
    """Record of a repost. Lexicon app.bsky.feed.repost."""
    return {"$type": REPOST, "subject": subject, "createdAt": _timestamp(now)}


def _timestamp(now: datetime) -> str:
    created_at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    return created_at.replace("+00:00", "Z")


def mentions(text: str) -> list[str]:
    """Handles in a text, each once, in small letters (handles know no others)."""
    found = rules.BLUESKY.entities(text)
    return list(dict.fromkeys(e.target.lower() for e in found if e.type == "mention"))


def facets(entities: Iterable[Entity], dids: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    """Facets of links, mentions and tags, by bytes of UTF-8.

    A mention without a DID is plain text.
    """
    for entity in entities:
        feature = _feature(entity, dids)
        if feature is not None:
            yield {
                "index": {"byteStart": entity.byte_start, "byteEnd": entity.byte_end},
                "features": [feature],
            }


def _feature(entity: Entity, dids: Mapping[str, str]) -> dict[str, Json] | None:
    match entity.type:
        case "link":
            return {"$type": f"{FACET}#link", "uri": entity.target}
        case "hashtag":
            return {"$type": f"{FACET}#tag", "tag": entity.target}
        case "mention":
            did = dids.get(entity.target.lower())
            return None if did is None else {"$type": f"{FACET}#mention", "did": did}


def tid(microseconds: int, clock_id: int) -> str:
    """TID: 53 bits of microseconds since 1970 and 10 bits of clock id, in digits that sort alike.

    The apps show only records with such a key.
    """
    number = microseconds << CLOCK_ID_BITS | clock_id
    digits = (number >> shift & 31 for shift in range(5 * (TID_LENGTH - 1), -1, -5))
    return "".join(BASE32_SORTABLE[digit] for digit in digits)


def made_at(rkey: str) -> datetime:
    """UTC time encoded in a TID, to the microsecond; ValueError for any other key."""
    if len(rkey) != TID_LENGTH:
        raise ValueError("this key is no TID")
    number = 0
    for digit in rkey:
        number = number << 5 | BASE32_SORTABLE.index(digit)
    return EPOCH + timedelta(microseconds=number >> CLOCK_ID_BITS)


class TidSequence:
    """Ever-growing record keys, even for simultaneous calls or after the clock is set back."""

    def __init__(self, clock_id: int | None = None) -> None:
        self._clock_id = secrets.randbelow(CLOCK_IDS) if clock_id is None else clock_id
        self._last = -1
        self._lock = threading.Lock()

    def next(self, now: datetime) -> str:
        """Key for a record made at `now`, greater than all keys before it."""
        with self._lock:
            self._last = max((now - EPOCH) // timedelta(microseconds=1), self._last + 1)
            return tid(self._last, self._clock_id)
