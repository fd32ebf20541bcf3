"""Top-level domains: which words end in an existing one, and where it ends."""

import re
from functools import cache, lru_cache
from typing import Final

from crosspromo.text import tlds

_ALPHANUMERIC: Final = re.compile("[0-9A-Za-z]+")
_PUNYCODE: Final = re.compile("xn--[-0-9a-z]+", re.IGNORECASE | re.ASCII)
# A top-level domain before one of these is part of a longer word (`a.com@b.org`).
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
    """Internationalised top-level domains in their own script, lower case."""
    names = tlds.INTERNATIONAL_NAMES.split()
    return frozenset(name[4:].encode().decode("punycode") for name in names)


@cache
def _written_lengths() -> tuple[int, ...]:
    return tuple(sorted({len(name) for name in written_tlds()}, reverse=True))


def has_real_tld(domain: str) -> bool:
    """Whether an existing top-level domain follows the last dot; `domain` must be lower case."""
    _, dot, tld = domain.rpartition(".")
    return bool(dot) and (tld in ascii_tlds() or tld in written_tlds())


def tld_end(text: str, start: int, end: int) -> int:
    """End of the top-level domain at the beginning of `text[start:end]`, or -1.

    A letter outside ASCII may follow it (the Japanese after `a.com` in running text), but no
    character that could continue a domain (`a.common`).
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
    """Octets of a label in DNS: the label itself, or `xn--` and its punycode."""
    if label.isascii():
        return len(label)
    if len(label) > MAX_LABEL:  # its encoding is never shorter
        return len(label)
    return len("xn--") + len(label.encode("punycode"))
