"""Records as Bluesky wants them, and keys for them. Pure.

Sources: lexicons app.bsky.feed.* and app.bsky.richtext.facet; the protocol's specification of
TIDs (timestamp identifiers).
"""

import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
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


def post(text: str, dids: Mapping[str, str], now: datetime) -> dict[str, Json]:
    """The record of a post. `dids` has the mentions that could be resolved, by `mentions`' names.

    Where the text fits only with shortened links, it shows those, and their facets have the whole
    addresses: the very text that the preview showed, since both come from `shorten_links`.
    No `langs`: we do not know the language, and a wrong one hides the post from its readers.
    """
    shown = shorten_links(text, rules.BLUESKY)
    record: dict[str, Json] = {"$type": POST, "text": shown.text, "createdAt": _stamp(now)}
    marked: list[Json] = list(facets(shown.entities, dids))
    if marked:
        record["facets"] = marked
    return record


def repost(subject: dict[str, Json], now: datetime) -> dict[str, Json]:
    """The record of a repost. Lexicon app.bsky.feed.repost."""
    return {"$type": REPOST, "subject": subject, "createdAt": _stamp(now)}


def _stamp(now: datetime) -> str:
    created_at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    return created_at.replace("+00:00", "Z")


def mentions(text: str) -> list[str]:
    """The handles in a text, in small letters (handles know no others), each once."""
    found = rules.BLUESKY.entities(text)
    return list(dict.fromkeys(e.target.lower() for e in found if e.type == "mention"))


def facets(entities: Iterable[Entity], dids: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    """What is a link, mention or tag, by its bytes of UTF-8. A mention without a DID is text."""
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
    """53 bits of microseconds since 1970 and 10 bits of clock id, in digits that sort as they do.

    Only such a key is shown by the apps.
    """
    number = microseconds << CLOCK_ID_BITS | clock_id
    digits = (number >> shift & 31 for shift in range(5 * (TID_LENGTH - 1), -1, -5))
    return "".join(BASE32_SORTABLE[digit] for digit in digits)


def made_at(rkey: str) -> datetime:
    """The moment that a TID names, to the microsecond; ValueError where it is none."""
    number = 0
    for digit in rkey:
        number = number << 5 | BASE32_SORTABLE.index(digit)
    return EPOCH + timedelta(microseconds=number >> CLOCK_ID_BITS)


class TidSequence:
    """Keys that only grow, even where two are asked for at once or the clock is put back."""

    def __init__(self, clock_id: int | None = None) -> None:
        self._clock_id = secrets.randbelow(CLOCK_IDS) if clock_id is None else clock_id
        self._last = -1
        self._lock = threading.Lock()

    def next(self, now: datetime) -> str:
        """A key for something made now, greater than all before it."""
        with self._lock:
            self._last = max((now - EPOCH) // timedelta(microseconds=1), self._last + 1)
            return tid(self._last, self._clock_id)
