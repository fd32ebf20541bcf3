"""Scanner of HTML: the tags and the texts of a document, in time proportional to its length.

HTML of others is hostile input, and Python's `html.parser` is not made for it: it raises
AssertionError on `<![x]>`, and its time grows with the square of a text of unclosed tags (0024).
Every expression here consumes what it has examined, or examines it a fixed number of times.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

_SPACE = r"[ \t\n\r\f]"
_NAME = r"</?+(?P<{}>[a-zA-Z][^ \t\n\r\f/<>]*+)"
_MARKUP = re.compile(
    # A comment; one without an end goes on to the end of the document.
    r"<!--(?:-?>|(?:[^-]++|-(?!->))*+(?:-->|\Z))"
    # A declaration, a processing instruction, an end tag without a name.
    r"|<(?:[!?]|/(?![a-zA-Z]))[^<>]*+>"
    # A tag: < and > inside quotes belong to a value. A < outside quotes ends the attempt, and so at
    # most two attempts are under way at any place: a quotation mark permutes the three states.
    rf"|{_NAME.format('name')}(?P<values>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    # A tag with a quotation mark too many.
    rf"|{_NAME.format('odd')}(?P<rest>[^<>]*+)>",
    re.DOTALL,
)
_VALUE = re.compile(
    rf"([^ \t\n\r\f\"'/=]++)"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n\r\f\"']*+)))?"
)
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content holds no tags but their own end tag (HTML, 13.2.5)."""

_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?+")
"""Character references beyond Unicode, with more digits than Python converts."""


@dataclass(frozen=True, slots=True)
class Tag:
    """Start tag, or end tag where `ends` is set, with its name in small letters.

    `source` is the whole tag as written.
    """

    name: str
    source: str
    values: str = ""
    ends: bool = False

    def attributes(self) -> Mapping[str, str]:
        """Attributes by name in small letters; of a name given twice the first value."""
        found: dict[str, str] = {}
        for name, *values in _VALUE.findall(self.values):
            found.setdefault(name.lower(), unescaped("".join(values)))
        return found


def pieces(html: str) -> Iterator[Tag | str]:
    """Yield the tags and the texts of a document, in order; no text is an error.

    Comments and declarations are left out. Character references in texts are resolved.
    """
    position = 0
    while (found := _MARKUP.search(html, position)) is not None:
        if found.start() > position:
            yield unescaped(html[position : found.start()])
        position = found.end()
        name = found["name"] or found["odd"]
        if name is None:
            continue
        tag = Tag(
            name.lower(),
            found[0],
            found["values"] or found["rest"] or "",
            ends=found[0].startswith("</"),
        )
        yield tag
        if tag.name in _RAW and not tag.ends:
            end = re.compile(rf"</{tag.name}(?=[ \t\n\r\f/>])", re.IGNORECASE)
            closing = end.search(html, position)
            stop = len(html) if closing is None else closing.start()
            if stop > position:
                content = html[position:stop]
                yield unescaped(content) if tag.name in {"title", "textarea"} else content
            position = stop
    if position < len(html):
        yield unescaped(html[position:])


def unescaped(text: str) -> str:
    """Text with its character references resolved; a reference beyond Unicode becomes U+FFFD."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text
