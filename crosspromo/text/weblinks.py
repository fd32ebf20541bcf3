r"""Web links in running text, as X and Mastodon find them.

The rules are those of twitter-text (extraction of URLs, version 3.1.0), worked out by hand so that
no text takes more than linear time. A text is read as *runs* (letters, digits, `-`, `_` and dots,
with nothing between them), a run as labels between dots. A domain is a chain of sound labels that
ends, as far to the right as it can, in a top-level domain that exists; a port, a path and a query
may follow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from crosspromo.text.domains import MAX_LABEL, label_length, tld_end

# What no label contains. `-`, `_` and `.` are added where they end a label but not a run.
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
# A link may begin after anything but a letter or digit of ASCII and these.
_CLINGS: Final = re.compile(rf"[A-Za-z0-9@\uff20$#\uff03{_NON_CHARACTERS}]")
_START_IN_LABEL: Final = re.compile(r"(?<=[^A-Za-z0-9\uff20\uff03.])[^-_.]")
_UP_TO_LATIN: Final = re.compile(f"(?:.*[^-A-Za-z0-9{LATIN}])?", re.DOTALL)
_LATIN_ONLY: Final = re.compile(f"[-.A-Za-z0-9{LATIN}]+")
_NOT_LATIN: Final = re.compile(f"[^-A-Za-z0-9{LATIN}]")
_UNWELCOME_BEFORE_BARE: Final = "-_./"
MAX_LINK: Final = 4096  # UTF-16 units of an address; longer ones are not linked


@dataclass(frozen=True)
class LinkSyntax:
    """How a network reads what stands around a domain. Patterns of the standard `re`.

    `scheme` ends where the domain begins; `tail` matches port, path and query, with a group `path`.
    """

    scheme: re.Pattern[str]
    tail: re.Pattern[str]
    longest_scheme: int


class WebLink(NamedTuple):
    """`text[start:end]` is a link; `bare` when it was written without a scheme."""

    start: int
    end: int
    bare: bool


def path_pattern(general: str, ending: str) -> str:
    r"""A path: it ends in an `ending` character, or in balanced brackets right after one.

    Both arguments are insides of a character class, `ending` part of `general`. Brackets may hold
    one further pair. Possessive throughout: it looks at no character more often than four times.
    """
    only_inside = rf"(?![{ending}])[{general}]"
    brackets = rf"\((?:[{general}]++\)|[{general}]*+\([{general}]++\)[{general}]*+\))"
    return rf"/(?:[{ending}]++|{brackets}|(?:{only_inside}|{brackets})++[{ending}])*+"


def query_pattern(general: str, ending: str) -> str:
    """A query that ends in an `ending` character; arguments as for `path_pattern`."""
    return rf"\?(?:(?:(?![{ending}])[{general}])*+[{ending}])++"


def web_links(text: str, syntax: LinkSyntax) -> Iterator[WebLink]:
    """The links of a text from left to right, those without a scheme included."""
    if "." not in text:
        return
    floor = scanned = 0  # a link needs a character before it that no other link has used: >= floor
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
    """The run that a link has ended in, when it has, or else the next one with a dot."""
    rest = _REST_OF_RUN.match(text, position) if resume else None
    return rest or _DOTTED_RUN.search(text, position)


class _Domain(NamedTuple):
    link_start: int  # where the scheme begins, or the domain when there is none
    start: int
    end: int
    first: int  # labels of the run it reaches over
    last: int
    scheme: bool


class _Run:
    """A run of domain characters: its labels, and how far to the right a domain can reach."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        dots = [dot.start() for dot in _DOT.finditer(text, start, end)]
        self.labels = [(left + 1, right) for left, right in pairwise([start - 1, *dots, end])]
        self.tlds = [-1, *(tld_end(text, *label) for label in self.labels[1:])]
        self._at = 0 if max(self.tlds) > 0 else len(self.labels)  # the label to look at next
        self.reach = self._reach() if self._at == 0 else []

    def _reach(self) -> list[int]:
        """For each label: the last one a domain that begins with the whole of it ends in, or -1."""
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
        """The leftmost domain that has a character at or after `floor` before it."""
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
        """The label with the top-level domain, for a domain that begins at `start`, or -1."""
        end = self.labels[index][1]
        if start >= end or self.text[start] in "-_" or self.text[end - 1] in "-_":
            return -1
        if self.reach[index + 1] > 0:
            return self.reach[index + 1]
        if self.tlds[index + 1] > 0 and "_" not in self.text[start:end]:
            return index + 1
        return -1

    def _in_label(self, index: int, floor: int) -> _Domain | None:
        """A domain without scheme that begins in this label, at its start or after a non-letter."""
        text, (start, end) = self.text, self.labels[index]
        if self.reach[index + 1] <= 0 and self.tlds[index + 1] <= 0:
            return None
        starts = [start] if start > floor and not _CLINGS.match(text, start - 1) else []
        if start == 0:  # here the first character may itself be the one before the link
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
        """The parts of a domain that are links on their own: Latin letters and a real ending."""
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
        """As `reach`, where only Latin labels go on."""
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
