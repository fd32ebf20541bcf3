"""Plain text from calendar values: no HTML, no control characters, limited length."""

import re
from html.parser import HTMLParser

MOST_PARSED = 50_000
"""Most characters that are parsed; a cut before bounds the work that a hostile text can cause."""

_LINE_ENDERS = frozenset(
    {"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "table", "tr", "ul"}
)
_SILENT = frozenset({"script", "style", "title"})
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain_text(text: str, most: int) -> str:
    """Text without markup, control characters and bidirectional overrides.

    At most `most` characters, cut between words with an ellipsis. Block elements become line
    breaks; an address in angle brackets is text, not markup.
    """
    text = text[:MOST_PARSED]
    if _MARKUP.search(text):
        text = _without_markup(text)
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " "))
    lines = (line.strip() for line in text.split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), most)


def one_line(text: str, most: int) -> str:
    """`plain_text` on a single line: every run of white space becomes a space."""
    return _cut(" ".join(plain_text(text, MOST_PARSED).split()), most)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    head, next_one = text[: most - 1], text[most - 1]
    if not next_one.isspace() and " " in head.strip():
        head = head[: head.rindex(" ")]
    return f"{head.rstrip()}…"


def _without_markup(text: str) -> str:
    parser = _TextOnly()
    parser.feed(text.replace("<![", "< ["))  # a marked section that is not CDATA stops HTMLParser
    parser.close()
    return "".join(parser.pieces)


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT:
            self._silent = tag
        elif tag in _LINE_ENDERS:
            self.pieces.append("\n")
        elif tag.startswith(("http:", "https:", "mailto:")):
            self.pieces.append((self.get_starttag_text() or "")[1:-1])

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif tag in _LINE_ENDERS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)
