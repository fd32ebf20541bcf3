r"""Web links in running text, by the rules of X and Mastodon.

The rules are those of twitter-text (extraction of URLs, version 3.1.0), written by hand so that no
text takes more than linear time. A text consists of *runs* (letters, digits, `-`, `_` and dots,
with nothing between them), a run of labels between dots. A domain is a chain of valid labels that
ends, as far to the right as possible, in an existing top-level domain; a port, a path and a query
may follow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from crosspromo.text.domains import MAX_LABEL, label_length, tld_end

# Characters that no label contains; `-`, `_` and `.` are added where they end a label, not a run.
_SPACES: Final = r"\x09-\x0d \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONS: Final = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NON_CHARACTERS: Final = r"\ufffe\ufeff\uffff"
_BREAKS: Final = r"!'#%&()*+,\\/:;<=>?@\[\]^{|}~$" + _SPACES + _DIRECTIONS + _NON_CHARACTERS

# Letters that count as Latin or Cyrillic in a path, and as "ASCII" in a domain without a scheme.
LATIN: Final = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f"
    r"\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
CYRILLIC: Final = r"\u0400-\u04ff"

_DOTTED_RUN: Final = re.compile(rf"(?<![^{_BREAKS}])[^.{_BREAKS}]*+\.[^{_BREAKS}]++")
_DOT: Final = re.compile(r"\.")
_REST_OF_RUN: Final = re.compile(rf"[^{_BREAKS}]+")
# A link may not begin right after an ASCII letter or digit, or after one of these.
_CLINGS: Final = re.compile(rf"[A-Za-z0-9@\uff20$#\uff03{_NON_CHARACTERS}]")
_START_IN_LABEL: Final = re.compile(r"(?<=[^A-Za-z0-9\uff20\uff03.])[^-_.]")
_UP_TO_LATIN: Final = re.compile(f"(?:.*[^-A-Za-z0-9{LATIN}])?", re.DOTALL)
_LATIN_ONLY: Final = re.compile(f"[-.A-Za-z0-9{LATIN}]+")
_NOT_LATIN: Final = re.compile(f"[^-A-Za-z0-9{LATIN}]")
_UNWELCOME_BEFORE_BARE: Final = "-_./"
MAX_LINK: Final = 4096  # UTF-16 units of an address; longer ones are not linked


@dataclass(frozen=True)
class LinkSyntax:
    """Link syntax of a network around a domain, as patterns of the standard `re`.

    `scheme` ends where the domain begins; `tail` matches port, path and query, with a group `path`.
    """

    scheme: re.Pattern[str]
    tail: re.Pattern[str]
    longest_scheme: int


class WebLink(NamedTuple):
    """Position of a link, `text[start:end]`; `bare` if written without a scheme."""

    start: int
    end: int
    bare: bool


def path_pattern(general: str, ending: str) -> str:
    r"""Pattern of a path, whose last character is an `ending` character.

    The path may instead end in balanced brackets right after an `ending` character. Both arguments
    are insides of a character class, `ending` part of `general`. Brackets may hold one further
    pair. Possessive throughout: no character is read more often than four times.
    """
    only_inside = rf"(?![{ending}])[{general}]"
    brackets = rf"\((?:[{general}]++\)|[{general}]*+\([{general}]++\)[{general}]*+\))"
    return rf"/(?:[{ending}]++|{brackets}|(?:{only_inside}|{brackets})++[{ending}])*+"


def query_pattern(general: str, ending: str) -> str:
    """Pattern of a query that ends in an `ending` character; arguments as for `path_pattern`."""
    return rf"\?(?:(?:(?![{ending}])[{general}])*+[{ending}])++"


def web_links(text: str, syntax: LinkSyntax) -> Iterator[WebLink]:
    """Yield the links of a text from left to right, bare links included."""
    if "." not in text:
        return
    floor = scanned = 0  # a link needs an unused character before it: at `floor` or later
    while found := _next_run(text, scanned, resume=floor == scanned > 0):
        run = _Run(text, found.start(), found.end())
        scanned = run.end
        while domain := run.next_domain(floor, syntax):
            tail = syntax.tail.match(text, domain.end)
            floor = tail.end() if tail else domain.end
            yield from _valid_links(run, domain, floor, path=bool(tail and tail["path"]))
            if floor >= run.end:
                scanned = floor
                break


def _next_run(text: str, position: int, *, resume: bool) -> re.Match[str] | None:
    """Rest of the run where a link ended (with `resume`), or else the next run with a dot."""
    rest = _REST_OF_RUN.match(text, position) if resume else None
    return rest or _DOTTED_RUN.search(text, position)


class _Domain(NamedTuple):
    link_start: int  # where the scheme begins, or the domain when there is none
    start: int
    end: int
    first: int  # first and last label, as indexes in the run
    last: int
    scheme: bool


class _Run:
    """Run of domain characters: its labels, and the reach of a domain to the right."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        dots = [dot.start() for dot in _DOT.finditer(text, start, end)]
        self.labels = [(left + 1, right) for left, right in pairwise([start - 1, *dots, end])]
        self.tlds = [-1, *(tld_end(text, *label) for label in self.labels[1:])]
        self._at = 0 if max(self.tlds) > 0 else len(self.labels)  # the label to look at next
        self.reach = self._reach() if self._at == 0 else []

    def _reach(self) -> list[int]:
        """Reach by label: last label of a domain that begins with the whole label, or -1."""
        text, reach = self.text, [-1] * (len(self.labels) + 1)
        for index in range(len(self.labels) - 2, -1, -1):
            start, end = self.labels[index]
            if start == end or text[start] in "-_" or text[end - 1] in "-_":
                continue
            if reach[index + 1] > 0:
                reach[index] = reach[index + 1]
            elif self.tlds[index + 1] > 0 and "_" not in text[start:end]:
                reach[index] = index + 1
        return reach

    def next_domain(self, floor: int, syntax: LinkSyntax) -> _Domain | None:
        """Leftmost domain with a character before it at or after `floor`; None: none is left."""
        if self._at == 0 and floor <= self.start and (found := self._with_scheme(floor, syntax)):
            return found
        while self._at < len(self.labels) - 1:
            found = self._in_label(self._at, floor)
            if found is not None:
                self._at = found.last
                return found
            self._at += 1
        return None

    def _with_scheme(self, floor: int, syntax: LinkSyntax) -> _Domain | None:
        if self.text[self.start - 3 : self.start] != "://":
            return None
        lowest = max(floor, self.start - syntax.longest_scheme)
        scheme = syntax.scheme.search(self.text, lowest, self.start)
        if scheme is None:
            return None
        start = scheme.start()
        free = start > floor and not _CLINGS.match(self.text, start - 1)
        last = self._last_label(0, self.start)
        if last < 0 or not (free or start == 0):
            return None
        self._at = last
        return _Domain(start, self.start, self.tlds[last], 0, last, scheme=True)

    def _last_label(self, index: int, start: int) -> int:
        """Label with the top-level domain, for a domain that begins at `start`, or -1."""
        end = self.labels[index][1]
        if start >= end or self.text[start] in "-_" or self.text[end - 1] in "-_":
            return -1
        if self.reach[index + 1] > 0:
            return self.reach[index + 1]
        if self.tlds[index + 1] > 0 and "_" not in self.text[start:end]:
            return index + 1
        return -1

    def _in_label(self, index: int, floor: int) -> _Domain | None:
        """Bare domain that begins in this label, at its start or after a non-letter."""
        text, (start, end) = self.text, self.labels[index]
        if self.reach[index + 1] <= 0 and self.tlds[index + 1] <= 0:
            return None
        starts = [start] if start > floor and not _CLINGS.match(text, start - 1) else []
        if start == 0:  # at the start of the text, the first character may stand before the link
            starts = [0] if _CLINGS.match(text) else [1, 0]
        lowest = max(start + 1, floor + 1)
        if self.reach[index + 1] <= 0:
            lowest = max(lowest, text.rfind("_", start, end) + 1)
        if later := _START_IN_LABEL.search(text, lowest, end):
            starts.append(later.start())
        for candidate in starts:
            last = self._last_label(index, candidate)
            if last > 0:
                return _Domain(candidate, candidate, self.tlds[last], index, last, scheme=False)
        return None

    def latin_parts(self, domain: _Domain) -> Iterator[tuple[int, int]]:
        """Parts of a domain linked on their own: Latin letters, existing top-level domain."""
        if _LATIN_ONLY.fullmatch(self.text, domain.start, domain.end):
            yield domain.start, domain.end
            return
        reach = self._latin_reach(domain)
        floor, index = domain.start, domain.first
        while index < domain.last:
            start, end = max(self.labels[index][0], floor), self.labels[index][1]
            start = _UP_TO_LATIN.match(self.text, start, end).end()  # type: ignore[union-attr]  # it matches the empty string
            if start < end and reach[index] > 0:
                floor = self.tlds[reach[index]]
                yield start, floor
                index = reach[index]
            else:
                index += 1

    def _latin_reach(self, domain: _Domain) -> dict[int, int]:
        """Reach by label, as `reach`, but continued by Latin labels only."""
        reach: dict[int, int] = {domain.last: -1}
        for index in range(domain.last - 1, domain.first - 1, -1):
            start, end = self.labels[index + 1]
            reach[index] = index + 1 if self.tlds[index + 1] > 0 else -1
            if reach[index + 1] > 0 and not _NOT_LATIN.search(self.text, start, end):
                reach[index] = reach[index + 1]
        return reach


def _valid_links(run: _Run, domain: _Domain, end: int, *, path: bool) -> Iterator[WebLink]:
    text = run.text
    scheme = domain.start - domain.link_start
    if end - domain.link_start + (scheme or len("https://")) > MAX_LINK:
        return
    name = text[domain.start : domain.end]
    if any(label_length(label) > MAX_LABEL for label in name.split(".")):
        return
    parts = list(run.latin_parts(domain))
    if scheme:
        if parts or not name.startswith("xn--"):
            yield WebLink(domain.link_start, end, bare=False)
    elif parts and text[max(domain.start - 1, 0)] not in _UNWELCOME_BEFORE_BARE:
        yield from (WebLink(*part, bare=True) for part in parts[:-1])
        last_start, last_end = parts[-1]
        yield WebLink(last_start, end if path else last_end, bare=True)
