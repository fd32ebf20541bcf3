"""Duplicate rule: an account does not send the same text twice within 30 days.

Some networks also bar texts in nearly the same words on two accounts (docs/explanation/ratio.md).
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from unicodedata import category

from crosspromo.domain.invisible import has_something_visible, is_unseen
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.values import Value

DUPLICATE_WINDOW = timedelta(days=30)
"""Period for which a text is remembered."""

MOST_COMPARED = 200
"""Number of latest texts of other accounts that are compared word by word."""

SIMILARITY = Fraction(9, 10)
"""Share of all words from which two texts are nearly the same: common words over all words."""

_TRACKING = re.compile(
    # The parameter's name comes after one of ?&;# and its value ends where an address may end.
    r"[?&;#](?:utm_\w{1,40}|(?:mtm|pk|piwik|hsa|matomo|vero|oly)_\w{1,40}"
    r"|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|twclid|ttclid|li_fat_id|igshid|igsh|yclid"
    r"|ysclid|_openstat|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hstc|__hssc|__hsfp|hsctatracking"
    r"|_branch_match_id|ref_src|ref_url|s_cid|sc_cid|epik|srsltid|si|share_id|rdt_cid|sccid"
    r"|wickedid|xtor|spm|__s|_ga|_gl|ml_subscriber(?:_hash)?)"
    r"=[^\s&;#)\]>}\"']*+"
)
"""Parameters of addresses that only tell how a reader came there (case-folded)."""

_SCHEME = re.compile(r"https?://(?:www\.)?|\bwww\.(?=\w)")
_ADDRESS = re.compile(r"https?://\S++|\bwww\.\S++")
_BARE_ADDRESS = re.compile(r"[\w-]++(?:\.[\w-]++)++/")
_HANDLES = re.compile(r"@[\w.-]++|\bu/[\w-]++")
_APOSTROPHES = frozenset("'\u2018\u2019\u02bc\u201b\uff07`\u00b4")
_WORDS = re.compile(r"\w+")
_NUMBERS = re.compile(r"\d+")


class _Table(dict[int, str]):
    """Table for `str.translate` that works out each character once."""

    def __init__(self, instead_of: Callable[[str], str]) -> None:
        super().__init__()
        self._instead_of = instead_of

    def __missing__(self, code: int) -> str:
        instead = self[code] = self._instead_of(chr(code))
        return instead


_SEEN = _Table(lambda each: "" if is_unseen(each) and not each.isspace() else each)


def _of_word(character: str) -> str:
    """Character of a word; a space for punctuation, nothing for an apostrophe."""
    if character in _APOSTROPHES:
        return ""
    return " " if category(character)[0] in "PZ" else character


_SPACED = _Table(_of_word)


class EarlierDelivery(Value, frozen=True):
    """Earlier delivery with equal text. `went_out` None: the delivery is queued for `due_at`.

    For a near-duplicate check, the text may be nearly equal.
    """

    delivery: int
    account: str
    due_at: datetime
    went_out: datetime | None


def normalised(text: str) -> str:
    """Words of a text without differences of case, white space, punctuation and invisible signs.

    Compatible forms (styled or full-width letters) are plain letters. Of an address, scheme,
    `www.` and tracking parameters are gone. Punctuation ends a word, except an apostrophe. A text
    of nothing but punctuation keeps its punctuation.
    """
    folded = _folded(text)
    words = _SCHEME.sub(" ", _TRACKING.sub(" ", folded)).translate(_SPACED).split()
    return unicodedata.normalize("NFC", " ".join(words or folded.split()))


def _folded(text: str) -> str:
    """Text without unseen characters, in plain forms and small letters (NFKC, case-folded)."""
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFKC", text.translate(_SEEN))
    return unicodedata.normalize("NFKC", text.casefold())


def text_hash(content: Content) -> str:
    """SHA-256 (64 hex digits) over the normalised text, or the title of a post without text.

    For a native reshare, the hash covers the address of the reshared post and the text above it.
    """
    has_text = has_something_visible(content.text)
    said = normalised(content.text if has_text else content.title or "")
    if content.native and content.reshare_of is not None:
        said = f"{content.reshare_of.rstrip('/')}\n{said}"  # no normalised text has a line break
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def nearly_the_same(one: str, other: str) -> bool:
    """Whether both texts share SIMILARITY of all their words, handles and addresses left out.

    Order and repetition of words do not matter: shuffled words make no new text. False if a text is
    empty (a bare repost).
    """
    return Compared(one).is_near(Compared(other))


class Compared:
    """Text prepared for comparison with many others."""

    def __init__(self, text: str) -> None:
        folded = _folded(text)
        self.normalised = normalised(text)
        self.words, self.named = _parted(folded)

    def is_near(self, other: "Compared") -> bool:
        """Whether both texts are the same or nearly the same (see `nearly_the_same`)."""
        if self.normalised == other.normalised:
            return bool(self.normalised)
        fewer, more = sorted((len(self.words), len(other.words)))
        if fewer < more * SIMILARITY:
            return False
        both = len(self.words & other.words)
        return both > 0 and both >= (len(self.words) + len(other.words) - both) * SIMILARITY

    def repeats(self, other: "Compared") -> bool:
        """Whether both texts are near, with the same numbers, addresses and handles.

        The rule of one account: "Saturday, April 18" and "Saturday, April 25" are two events, and
        the same words above two addresses announce two things.
        """
        return self.named == other.named and self.is_near(other)


MOST_PREPARED = 4 * 1024
"""Texts that are kept as prepared: those with which a post for several accounts is compared."""


@lru_cache(maxsize=MOST_PREPARED)
def compared(text: str) -> Compared:
    """Text prepared for comparison; a text that was prepared lately is not prepared again."""
    return Compared(text)


def _parted(folded: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of a folded text, and what it names: numbers, addresses and handles."""
    named = _ADDRESS.findall(folded)
    plain: list[str] = []
    for word in _ADDRESS.sub(" ", folded).split():
        is_address = _BARE_ADDRESS.match(word.lstrip("(\"'<["))
        (named if is_address else plain).append(word)
    text = " ".join(plain)
    words = frozenset(_WORDS.findall(_HANDLES.sub(" ", text).translate(_SPACED)))
    named += _HANDLES.findall(text)
    numbers = (each for each in words if _NUMBERS.search(each))
    return words, frozenset([*map(normalised, named), *numbers])


class PriorDelivery(Value, frozen=True):
    """Sent delivery with the text or the subject of a delivery under judgement, its time and its
    credit.
    """

    earlier: EarlierDelivery
    sent_at: datetime
    credit: Credit
