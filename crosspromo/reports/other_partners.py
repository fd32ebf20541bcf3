"""Names of partners other than the one who reads a page, and whether words have one of them.

The page is sent to people outside, so that a doubt counts as a name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from unicodedata import combining, normalize
from urllib.parse import unquote, urlsplit

from crosspromo.domain.likely_duplicates import SHARED_HOSTS
from crosspromo.domain.partners import Partner

MATCHED = 20
"""Letters of a name by which it is found, since words may be cut after them."""

LONG_WORD = 8
"""Letters of a word of a name by which the name is found, as `greenpeace`."""

LONG_PAIR = 9
"""Letters of two words of a name beside each other by which it is found, as `tenants union`."""

SHORT_WORD = 4
"""Letters that each word of such a pair has at least."""

EVERYDAY = frozenset(
    {"alliance", "american", "association", "children", "coalition", "collective", "committee"}
    | {"community", "families", "foundation", "international", "national", "neighborhood"}
    | {"neighborhoods", "neighbors", "neighbourhood", "neighbourhoods", "neighbours"}
    | {"organisation", "organization", "students", "together", "volunteers"}
)
"""Long words that alone name nobody: posts have them whoever they are about."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['`\u2019\u02bc]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TAG = re.compile(r"[#@\uff03\uff20]([\w.-]+)")
_NOT_DIVIDED = str.maketrans("øØłŁđĐ", "oOlLdD")
"""Letters whose accent is a part of them."""


class OtherPartners:
    """Names, slugs, handles and websites of all partners but one, and long parts of their names.

    Each is its letters and digits without case, accents, signs and spaces.
    """

    def __init__(self, partners: Iterable[Partner], reader: str) -> None:
        names: set[str] = set()
        own: set[str] = set()
        own_parts: set[str] = set()
        pairs: set[str] = set()
        words: Counter[str] = Counter()
        for partner in partners:
            some = _words_of(partner.name)
            if partner.slug == reader:
                own.update(_names_of(partner))
                own_parts.update(some, _pairs_of(some))
            else:
                names.update(_names_of(partner))
                pairs.update(_pairs_of(some))
                words.update({each for each in some if len(each) >= LONG_WORD} - EVERYDAY)
        parts = pairs.union(each for each, count in words.items() if count == 1) - own_parts
        found = {name[:MATCHED] for name in (names - own) | parts}
        self._short = {name for name in found if _is_short(name)}
        self._long: dict[str, set[str]] = {}
        for name in found - self._short:
            self._long.setdefault(name[:2], set()).add(name)
        self._own = own

    def are_named_in(self, words: str) -> bool:
        """Whether the words have the name of another anywhere, or one may be in them.

        A name of up to three letters of the alphabet is a word of its own, or a part of a tag:
        else half of all words would have it.
        """
        plain = _without_accents(unquote(words))
        if not self._short.isdisjoint(_ASCII_WORD.findall(_CAPITAL.sub(" ", plain).casefold())):
            return True
        tags = [_letters(tag) for tag in _TAG.findall(plain)]
        if any(name in tag for tag in tags if tag not in self._own for name in self._short):
            return True
        text = _letters(plain)
        own = [*self._own_places(text)]
        return any(
            not any(begins <= at and end <= ends for begins, ends in own)
            for at, end in self._places(text)
        )

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        for at in range(len(text)):
            for begin in {text[at : at + 1], text[at : at + 2]}:
                for name in self._long.get(begin, ()):
                    if text.startswith(name, at):
                        yield at, at + len(name)

    def _own_places(self, text: str) -> Iterator[tuple[int, int]]:
        for name in self._own:
            at = text.find(name)
            while at >= 0:
                yield at, at + len(name)
                at = text.find(name, at + 1)


def _is_short(name: str) -> bool:
    return len(name) < SHORT_WORD and name.isascii()


def _names_of(partner: Partner) -> Iterator[str]:
    host = urlsplit(partner.website).hostname if "//" in partner.website else partner.website
    site = (host or "").removeprefix("www.")
    handles = (each.removesuffix(".bsky.social") for each in partner.handles.values())
    yield from filter(None, map(_letters, (partner.name, partner.slug, *handles)))
    if site and site not in SHARED_HOSTS:
        yield _letters(site)


def _words_of(name: str) -> Sequence[str]:
    return [_letters(each) for each in _WORD.findall(_APOSTROPHES.sub("", name))]


def _pairs_of(words: Sequence[str]) -> Iterator[str]:
    for first, second in pairwise(words):
        if min(len(first), len(second)) >= SHORT_WORD and len(first + second) >= LONG_PAIR:
            yield first + second


def _without_accents(words: str) -> str:
    parts = normalize("NFKD", words.translate(_NOT_DIVIDED))
    return "".join(each for each in parts if not combining(each))


def _letters(words: str) -> str:
    """Letters and digits of words, in one piece."""
    return "".join(_WORD.findall(_without_accents(words).casefold()))
