"""Plain text from calendar values: no HTML, no control characters, limited length."""

import re

from crosspromo.domain.invisible import without_invisible
from crosspromo.text.markup import pieces, unescaped

MOST_PARSED = 50_000
"""Most characters that are parsed; a cut before bounds the work that a hostile text can cause."""

_LINE_ENDERS = frozenset(
    {"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "table", "tr", "ul"}
)
_SILENT = frozenset({"script", "style", "title"})
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")


def plain_text(text: str, most: int) -> str:
    """Text without markup, control characters and invisible formatting.

    At most `most` characters, cut between words with an ellipsis. Block elements become line
    breaks; an address in angle brackets is text, not markup.
    """
    text = text[:MOST_PARSED]
    if _MARKUP.search(text):
        text = _without_markup(text)
    return literal_text(text, most)


def literal_text(text: str, most: int) -> str:
    """`plain_text` of a text that is known to hold no markup: `<b>` in it is to be read."""
    text = text[:MOST_PARSED].replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = without_invisible(text.replace("\u2028", "\n").replace("\u2029", "\n"))
    lines = (line.strip() for line in text.split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), most)


def one_line(text: str, most: int) -> str:
    """`plain_text` on a single line: every run of white space becomes a space."""
    return _cut(" ".join(plain_text(text, MOST_PARSED).split()), most)


def without_entities(address: str) -> str:
    """Address with its character references resolved: `?a=1&amp;b=2` is `?a=1&b=2`.

    Only whole references count: `&copy=1` is a parameter.
    """
    return _REFERENCE.sub(lambda found: unescaped(found[0]), address)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    head, next_one = text[: most - 1], text[most - 1]
    if not next_one.isspace() and " " in head.strip():
        head = head[: head.rindex(" ")]
    return f"{head.rstrip()}…"


def _without_markup(text: str) -> str:
    shown: list[str] = []
    silent = ""
    for piece in pieces(text):
        if isinstance(piece, str):
            if not silent:
                shown.append(piece)
        elif piece.name in _SILENT:
            silent = "" if piece.ends else piece.name
        elif piece.name in _LINE_ENDERS:
            shown.append("\n")
        elif piece.name.startswith(("http:", "https:", "mailto:")) or "@" in piece.name:
            shown.append(piece.source[1:-1])
    return "".join(shown)
