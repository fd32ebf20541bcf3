"""Duplicate rule: an account does not send the same text twice within 30 days.

Some networks also bar texts in nearly the same words on two accounts (docs/explanation/ratio.md).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.posts import Content, Credit

DUPLICATE_WINDOW = timedelta(days=30)
"""Period for which a text is remembered."""

MOST_COMPARED = 200
"""Number of latest texts of other accounts that are compared word by word."""

_ADDRESSES = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*")
_HANDLES = re.compile(r"@[\w.-]+|\bu/[\w-]+")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class EarlierDelivery:
    """Earlier delivery with equal text. `went_out` None: the delivery is queued for `due_at`.

    For a near-duplicate check, the text may be nearly equal.
    """

    delivery: int
    account: str
    due_at: datetime
    went_out: datetime | None


def normalised(text: str) -> str:
    """Text in NFC normal form, case-folded, with single spaces between words."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def text_hash(content: Content) -> str:
    """SHA-256 (64 hex digits) over the normalised text, or the title of a post without text.

    For a native reshare, the hash covers the address of the reshared post and the text above it.
    """
    said = normalised(content.text if content.text.strip() else content.title or "")
    if content.native and content.reshare_of is not None:
        said = f"{content.reshare_of.rstrip('/')}\n{said}"  # no normalised text has a line break
    return hashlib.sha256(said.encode()).hexdigest()


def nearly_the_same(one: str, other: str) -> bool:
    """Whether both texts share nine tenths of all their words, handles and addresses left out.

    Order and repetition of words do not matter: shuffled words make no new text. False if a text is
    empty (a bare repost).
    """
    if normalised(one) == normalised(other):
        return bool(normalised(one))
    ours, theirs = _words(one), _words(other)
    both = len(ours & theirs)
    return both > 0 and both * 10 >= len(ours | theirs) * 9


def _words(text: str) -> frozenset[str]:
    plain = _HANDLES.sub(" ", _ADDRESSES.sub(" ", normalised(text)))
    return frozenset(_WORDS.findall(plain))


@dataclass(frozen=True, slots=True)
class PriorDelivery:
    """Sent delivery with the text or the subject of a delivery under judgement, its time and its
    credit.
    """

    earlier: EarlierDelivery
    sent_at: datetime
    credit: Credit
