"""Elements of an XML feed, read from well-formed and from broken XML in the same way.

Feeds in the field are broken in many ways: tags that nobody closes, references that XML does not
know, texts before the beginning, files that end too soon. A strict parser stops at the first fault.
This scanner never does. It expands no entity, and takes time and memory in proportion to the bytes:
see decision 0055.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import urljoin

from crosspromo.domain.errors import RowError
from crosspromo.intake.feeds.feed import MOST_ITEMS, fault
from crosspromo.intake.plain_text import without_entities
from crosspromo.text.markup import Tag

MOST_ELEMENTS: Final = 100_000
MOST_DEPTH: Final = 100
"""Elements inside each other; what is deeper is read as if its tags were not there."""

LONGEST_TAG: Final = 100_000
"""Characters; the attributes of a longer tag are not read."""

LONGEST_BASE: Final = 2_000
MOST_PREFIXES: Final = 50
"""Prefixes of namespaces that are told apart at one place."""

_TOKEN: Final = re.compile(
    r"<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<raw>(?:[^\]]++|\](?!\]>))*+)(?:\]\]>|\Z)"
    r"|<\?(?:[^?]++|\?(?!>))*+(?:\?>|\Z)"
    # A document type with its own declarations. Once it has begun it is consumed to its end.
    r"|<!DOCTYPE(?P<declared>[^<>\[]*+(?:\[(?:<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|[^\]\"'<]++|<"
    r"|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:\]|\Z)[^<>]*+)?+)>?+"
    r"|</(?P<end>[a-zA-Z_][^ \t\n\r\f/<>]*+)[^<>]*+>"
    # A tag: < and > inside quotes belong to a value, as in text/markup.py.
    r"|<(?P<name>[a-zA-Z_][^ \t\n\r\f/<>]*+)(?P<values>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|<(?P<odd>[a-zA-Z_][^ \t\n\r\f/<>]*+)(?P<rest>[^<>]*+)>",
    re.IGNORECASE,
)

_ENTITY: Final = re.compile(r"<!ENTITY[ \t\r\n]{1,50}([\w.:-]{1,100})[ \t\r\n]", re.IGNORECASE)
_OWN_REFERENCE: Final = re.compile(r"&([\w.:-]{1,100});")
MOST_ENTITIES: Final = 1_000
"""Most entities of its own that are known of a feed."""

_SPACES: Final[Mapping[str, str]] = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/net/rss1.1#": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
"""Prefixes by namespace, in small letters; elements of RSS have none."""

_ROOTS: Final = frozenset({"rss", "rdf", "channel", "feed", "entry"})
"""Names without prefix."""

_ITEMS: Final = frozenset({"item", "entry", "atom:entry"})


@dataclass(slots=True)
class Element:
    """Element with its prefix and name in small letters, as in `dc:date`; RSS has no prefix.

    `base` is the address that its relative addresses start from, `language` its xml:lang.
    """

    name: str
    attributes: Mapping[str, str]
    base: str
    language: str
    content: list["Element | str"] = field(default_factory=list)

    def children(self, *names: str) -> Iterator["Element"]:
        """Yield the child elements of these names, in their order."""
        return (each for each in self.content if isinstance(each, Element) and each.name in names)

    def first(self, *names: str) -> "Element | None":
        """First child element that has a name, the names in the order of preference."""
        for name in names:
            for child in self.children(name):
                return child
        return None

    def all(self) -> Iterator["Element"]:
        """Yield every element below this one, in their order."""
        for each in self.content:
            if isinstance(each, Element):
                yield each
                yield from each.all()

    def text(self) -> str:
        """All its text, without tags and without white space around it."""
        return "".join(_texts(self)).strip()

    def markup(self) -> str:
        """Its content as HTML: with its tags where it has elements, else its text as it is."""
        if not any(isinstance(each, Element) for each in self.content):
            return self.text()
        return "".join(_tags(self)).strip()

    def of(self, *names: str) -> str:
        """Text of the first child with one of these names that has any."""
        for name in names:
            for child in self.children(name):
                if text := child.text():
                    return text
        return ""

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


def _texts(element: Element) -> Iterator[str]:
    for each in element.content:
        if isinstance(each, str):
            yield each
        else:
            yield from _texts(each)


def _tags(element: Element) -> Iterator[str]:
    for each in element.content:
        if isinstance(each, str):
            yield escape(each, quote=False)
            continue
        name = each.name.rpartition(":")[2]
        address = each.attribute("src")
        yield f'<{name} src="{escape(address)}">' if address else f"<{name}>"
        yield from _tags(each)
        yield f"</{name}>"


@dataclass(slots=True)
class Tree:
    """Root element of a feed, its items, and what was broken; without a root it is no feed."""

    root: Element | None = None
    items: list[Element] = field(default_factory=list)
    remarks: list[RowError] = field(default_factory=list)

    def remark(self, column: str, message: str) -> None:
        self.remarks.append(fault(len(self.items), column, message))


def read_elements(text: str, address: str) -> Tree:
    """Elements of a feed; `address` is where it was fetched.

    What stands before the first element of a feed is passed over, and every item may lie anywhere
    outside another one. No text is an error: faults are remarks.
    """
    return _Builder(address).read(text)


@dataclass(slots=True)
class _Open:
    """Element that is not closed yet, its name as written, and the namespaces known inside it."""

    element: Element
    written: str
    spaces: Mapping[str, str]


class _Builder:
    """Builder of elements from tags and texts."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._tree = Tree()
        self._open: list[_Open] = []
        self._in_item = 0  # how many elements are open up to the item's, 0 outside of items
        self._left = MOST_ELEMENTS
        self._dropped: dict[str, int] = {}  # tags below MOST_DEPTH that are open, by name
        self._is_too_deep = False
        self._declared: frozenset[str] = frozenset()  # entities of the feed's own

    def read(self, text: str) -> Tree:
        position = 0
        for found in _TOKEN.finditer(text):
            if self._open and found.start() > position:
                self._add(self._resolved(text[position : found.start()]))
            position = found.end()
            if not self._take(found):
                return self._tree
        if self._open:
            self._add(self._resolved(text[position:]))
            self._tree.remark("file", "ends before its last element does, so items may be missing")
        return self._tree

    def _take(self, found: re.Match[str]) -> bool:
        """Whether to read on after this token."""
        if found["end"] is not None:
            self._end(found["end"].lower())
        elif (name := found["name"] or found["odd"]) is not None:
            return self._begin(name.lower(), found["values"] or found["rest"] or "")
        elif found["raw"] is not None:
            if self._open:
                self._add(found["raw"])
        elif found["declared"] is not None and "<!entity" in found["declared"].lower():
            self._declared = frozenset(_ENTITY.findall(found["declared"])[:MOST_ENTITIES])
            self._tree.remark(
                "DOCTYPE", "declares entities of its own, which are not read; texts may lack words"
            )
        return True

    def _resolved(self, text: str) -> str:
        """Text without references to entities of the feed's own, which are never expanded."""
        if self._declared and "&" in text:
            text = _OWN_REFERENCE.sub(
                lambda found: "" if found[1] in self._declared else found[0], text
            )
        return without_entities(text)

    def _add(self, text: str) -> None:
        self._open[-1].element.content.append(text)

    def _begin(self, written: str, values: str) -> bool:
        self._left -= 1
        if self._left < 0:
            self._tree.remark(
                "file",
                f"has more than the {MOST_ELEMENTS:,} elements that are read; what stands after "
                "them is left out",
            )
            return False
        tag = Tag(written, "", values if len(values) <= LONGEST_TAG else "")
        attributes = tag.attributes() if "=" in tag.values else {}
        is_empty = values.endswith("/")
        spaces = self._spaces(attributes)
        name = _named(written, spaces)
        is_root = not self._open and self._tree.root is None
        if not self._open and not (is_root and name.rpartition(":")[2] in _ROOTS):
            return True
        if name in _ITEMS and not self._begin_item(name):
            return False
        if len(self._open) >= MOST_DEPTH:
            self._drop(written, is_empty=is_empty)
            return True
        parent = self._open[-1].element if self._open else None
        base, language = attributes.get("xml:base"), attributes.get("xml:lang")
        outer, spoken = (parent.base, parent.language) if parent else (self._address, "")
        element = Element(
            name,
            attributes,
            outer if base is None else joined(outer, base),
            spoken if language is None else language,
        )
        if parent is None:
            self._tree.root = element
        else:
            parent.content.append(element)
        if name in _ITEMS and not self._in_item:
            self._tree.items.append(element)
            self._in_item = 0 if is_empty else len(self._open) + 1
        if not is_empty:
            self._open.append(_Open(element, written, spaces))
        return True

    def _begin_item(self, name: str) -> bool:
        """Whether one more item is read; an item of the same kind that nobody closed ends here."""
        if self._in_item and self._open[self._in_item - 1].element.name == name:
            self._tree.remark(name, "has no end before the next one begins")
            self._close(self._in_item - 1)
        if not self._in_item and len(self._tree.items) >= MOST_ITEMS:
            self._tree.remark(
                name,
                f"the feed has more than the {MOST_ITEMS:,} items that are read; the others "
                "are left out",
            )
            return False
        return True

    def _end(self, written: str) -> None:
        if self._dropped.get(written):
            self._dropped[written] -= 1
            return
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place].written == written:
                self._close(place)
                return

    def _close(self, place: int) -> None:
        """Close the open element at this place, and those inside it."""
        del self._open[place:]
        self._dropped.clear()
        if place < self._in_item:
            self._in_item = 0

    def _drop(self, written: str, *, is_empty: bool) -> None:
        if not is_empty:
            self._dropped[written] = self._dropped.get(written, 0) + 1
        if not self._is_too_deep:
            self._is_too_deep = True
            self._tree.remark(
                "element",
                f"<{written[:60]}> stands more than {MOST_DEPTH} elements deep; the tags there are "
                "not read",
            )

    def _spaces(self, attributes: Mapping[str, str]) -> Mapping[str, str]:
        """Prefixes that count inside an element: what this file calls them, to what we do."""
        outer = self._open[-1].spaces if self._open else {}
        given = {
            name.partition(":")[2]: _SPACES[uri]
            for name, value in attributes.items()
            if (name == "xmlns" or name.startswith("xmlns:"))
            and (uri := value.strip().lower()) in _SPACES
        }
        return {**outer, **given} if given and len(outer) < MOST_PREFIXES else outer


def _named(written: str, spaces: Mapping[str, str]) -> str:
    """Name with our prefix; a prefix that is not declared, or by no namespace of ours, stays."""
    prefix, _, local = written.rpartition(":")
    known = spaces.get(prefix, prefix)
    return f"{known}:{local}" if known else local


def joined(base: str, address: str) -> str:
    """Address as seen from `base`; `base` itself where the two make none."""
    try:
        whole = urljoin(base, address.strip())
    except ValueError:
        return base
    return whole if len(whole) <= LONGEST_BASE else base
