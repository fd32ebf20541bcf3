"""The duplicate rule: no text twice on one account within a month.

On some networks texts in nearly the same words on two accounts are barred, too (SEMANTICS, *What
people rely on*).
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.posts import Content, Credit

DUPLICATE_WINDOW = timedelta(days=30)
"""How long a text is remembered."""

MOST_COMPARED = 200
"""How many of the latest texts of other accounts are compared word by word."""

_ADDRESSES = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)+/\S*")
_HANDLES = re.compile(r"@[\w.-]+|\bu/[\w-]+")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class EarlierDelivery:
    """A delivery that says the same. `went_out` is None while it waits for `due_at`."""

    delivery: int
    account: str
    due_at: datetime
    went_out: datetime | None


def normalised(text: str) -> str:
    """The text without regard to capitals, white space and how its characters are composed."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", " ".join(folded.split()))


def text_hash(content: Content) -> str:
    """64 hex digits, the same for what reads the same. Where there is no text, its title's.

    What a native reshare says is the post that it shows, and the words above it.
    """
    said = normalised(content.text if content.text.strip() else content.title or "")
    if content.native and content.reshare_of is not None:
        said = f"{content.reshare_of.rstrip('/')}\n{said}"  # no normalised text has a line break
    return hashlib.sha256(said.encode()).hexdigest()


def nearly_the_same(one: str, other: str) -> bool:
    """Whether nine tenths of all their words are in both, leaving out handles and addresses.

    Order and repetition do not matter: shuffling words makes no new text. Without a text (a bare
    repost) nothing is said, and so nothing the same.
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
    """A delivery that went out and is the same as one that asks, and what it counted as."""

    earlier: EarlierDelivery
    sent_at: datetime
    credit: Credit
