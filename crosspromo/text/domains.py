"""Which words end in a top-level domain that exists."""

import re
from functools import cache, lru_cache
from typing import Final

from crosspromo.text import tlds

_ALPHANUMERIC: Final = re.compile("[0-9A-Za-z]+")
_PUNYCODE: Final = re.compile("xn--[-0-9a-z]+", re.IGNORECASE | re.ASCII)
# A top-level domain followed by one of these is the beginning of something else (`a.com@b.org`).
_GOES_ON: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@+-")
MAX_LABEL: Final = 63  # octets of one label, RFC 1035 section 2.3.4


@cache
def ascii_tlds() -> frozenset[str]:
    """Top-level domains in ASCII, `xn--` names included, lower case.

    `onion` is not delegated but reserved (RFC 7686), and networks link it.
    """
    return frozenset((tlds.NAMES + tlds.INTERNATIONAL_NAMES).split()) | {"onion"}


@cache
def written_tlds() -> frozenset[str]:
    """The internationalised top-level domains as they are written, lower case."""
    names = tlds.INTERNATIONAL_NAMES.split()
    return frozenset(name[4:].encode().decode("punycode") for name in names)


@cache
def _written_lengths() -> tuple[int, ...]:
    return tuple(sorted({len(name) for name in written_tlds()}, reverse=True))


def has_real_tld(domain: str) -> bool:
    """Whether what follows the last dot is a top-level domain. Lower case only."""
    _, dot, tld = domain.rpartition(".")
    return bool(dot) and (tld in ascii_tlds() or tld in written_tlds())


def tld_end(text: str, start: int, end: int) -> int:
    """Where the top-level domain ends that `text[start:end]` begins with, or -1.

    It may be followed by a letter foreign to ASCII (the Japanese after `a.com` in running text),
    never by one that a domain could go on with (`a.common`).
    """
    head = _ALPHANUMERIC.match(text, start, end)
    if head is not None:
        stop = head.end()
        if text[stop : stop + 1] not in _GOES_ON and head[0].lower() in ascii_tlds():
            return stop
        encoded = _PUNYCODE.match(text, start, end)
        if encoded is not None:
            return encoded.end()
    word = text[start : min(end, start + _written_lengths()[0])].lower()
    if word.isascii():
        return -1
    for length in _written_lengths():
        stop = start + length
        if (
            stop <= end
            and word[:length] in written_tlds()
            and text[stop : stop + 1] not in _GOES_ON
        ):
            return stop
    return -1


@lru_cache(maxsize=1024)
def label_length(label: str) -> int:
    """Octets of a label as the name system carries it: itself, or `xn--` and its punycode."""
    if label.isascii():
        return len(label)
    if len(label) > MAX_LABEL:  # and so is its encoding, which is never shorter
        return len(label)
    return len("xn--") + len(label.encode("punycode"))
