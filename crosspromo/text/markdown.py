r"""Markdown as Reddit reads it: plain words escaped for it, and the words that readers see.

Sources: the character lists of snudown, Reddit's own parser, and CommonMark, whose rules its newer
pages follow. An escape stands only before signs that both of them take for one. Why texts are
plain unless somebody says otherwise: docs/decisions/0032-texts-are-plain-unless-said-markdown.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from crosspromo.text.entities import Span, locate
from crosspromo.text.own_links import known, links

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_SIGN: Final = re.compile(r"[\\`*\[\]<>^|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_FIRST: Final = re.compile(r"[#+-]")
_NUMBER: Final = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_UNDERLINE: Final = re.compile(r"=(?==*\s*\Z)")
_NAME: Final = re.compile(r"(?<![\w/])/?[ur]/[A-Za-z0-9_-]{2,21}(?![\w-])")
# An address that both parsers find whole without brackets around it.
_SAFE: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d+)?"
    r"(?:[/?#](?:[A-Za-z0-9/.%?#=+,:;@-]|&(?!#?\w+;)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*)?(?<=[A-Za-z0-9/=-])"
)
_CLOSED: Final = re.compile(r"[.,?!]?(?:\s|\Z)")


def escaped(text: str, addresses: Sequence[str] = ()) -> str:
    """Markdown that shows the text as it is written: its lines, and each of its signs.

    Addresses stay links, those in `addresses` whole; names of users and communities stay, too.
    White space at both ends of a line is cut off, since Markdown shows none.
    """
    lines = [_line(line.strip(), addresses) for line in _lines(text)]
    written = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        written.append(f"{line}  " if line and after else line)
    return "\n".join(written)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def inline(text: str, addresses: Sequence[str] = ()) -> str:
    """Text escaped for a place in a text that is Markdown; white space around it stays."""
    bare = text.strip()
    start = text.find(bare)
    return text[:start] + escaped(bare, addresses) + text[start + len(bare) :]


def _line(line: str, addresses: Sequence[str]) -> str:
    """Line with its signs escaped, and those that mean something at the beginning of a line."""
    whole = _pieces(line, addresses)
    if _FIRST.match(line):
        return f"\\{whole}"
    if _UNDERLINE.match(line):
        return f"&#61;{whole[1:]}"
    return _NUMBER.sub(r"\1\\\2", whole, count=1) if _NUMBER.match(whole) else whole


def _pieces(line: str, addresses: Sequence[str]) -> str:
    pieces: list[str] = []
    position = 0
    for kept in locate(line, _kept(line, addresses)):
        pieces.append(_signs(line, position, kept.start))
        pieces.append(kept.text if kept.type == "mention" else _address(line, kept.start, kept.end))
        position = kept.end
    pieces.append(_signs(line, position, len(line)))
    return "".join(pieces).replace(">!", ">\\!")  # the end of an address opens no spoiler


def _kept(line: str, addresses: Sequence[str]) -> Iterator[Span]:
    yield from known(line, addresses)
    for link in links(line):
        if line[link.start : link.end].lower().startswith(("http", "www.")):
            yield link
    for name in _NAME.finditer(line):
        yield Span(*name.span(), "mention", name[0])


def _signs(line: str, start: int, end: int) -> str:
    found = _SIGN.finditer(line, start, end)
    pieces: list[str] = []
    position = start
    for sign in found:
        pieces += line[position : sign.start()], "\\", sign[0]
        position = sign.end()
    return "".join([*pieces, line[position:end]])


def _address(line: str, start: int, end: int) -> str:
    """Address as it is where both parsers find it whole, else in angle brackets."""
    address = line[start:end]
    if "://" not in address or (_SAFE.fullmatch(address) and _CLOSED.match(line, end)):
        return address
    return f"<{address}>"


_HEADING: Final = re.compile(r"^(#{1,6})(?=[^#\s])", re.MULTILINE)
_SPOILER: Final = re.compile(r"(?<!\\)>!([^\n]+?)!<")
_DELIMITERS: Final = re.compile(r"^[ >]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t:|-]*+)?$", re.MULTILINE)
MOST_CELLS: Final = 10_000
"""Most cells of a table: the parser fills up each row to the number of columns."""


def shown(markdown: str) -> str:
    """Words that readers see: lists and quotations marked, headings underlined, links in full.

    Emphasis is not to be seen here. Reddit needs no space after the # of a heading.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415 (only texts in Markdown need it)
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 (as above)

    parser = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    if _cells(markdown) <= MOST_CELLS:
        parser.enable("table")
    source = _spoilers_told(_HEADING.sub(r"\1 ", markdown))
    return _blocks(SyntaxTreeNode(parser.parse(source)).children, "\n\n")


def _spoilers_told(markdown: str) -> str:
    """Text with words in place of spoilers' signs; after the last end of a line none is sought."""
    lines = []
    for line in markdown.split("\n"):
        end = line.rfind("!<") + 2
        lines.append(_SPOILER.sub(r"(spoiler: \1)", line[:end]) + line[end:] if end > 1 else line)
    return "\n".join(lines)


def _cells(markdown: str) -> int:
    """Most cells that the tables of the text can have: all its lines, as wide as the widest."""
    columns = max((row[0].count("|") + 1 for row in _DELIMITERS.finditer(markdown)), default=0)
    return columns * (markdown.count("\n") + 1)


def _blocks(nodes: Iterable["SyntaxTreeNode"], between: str) -> str:
    return between.join(shown for node in nodes if (shown := _block(node)))


def _block(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "heading":
            words = _words(node.children)
            return f"{words}\n{'=' * min(len(words), 60)}"
        case "bullet_list":
            return "\n".join(_item("• ", item) for item in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            items = enumerate(node.children, first)
            return "\n".join(_item(f"{number}. ", item) for number, item in items)
        case "blockquote":
            return _indented("│ ", "│ ", _blocks(node.children, "\n\n"))
        case "code_block" | "fence":
            return _indented("    ", "    ", node.content.rstrip("\n"))
        case "hr":
            return "─" * 20
        case "table":
            rows = (row for part in node.children for row in part.children)
            return "\n".join(
                " | ".join(_words(cell.children) for cell in row.children) for row in rows
            )
        case _:
            return _words(node.children)


def _item(mark: str, item: "SyntaxTreeNode") -> str:
    return _indented(mark, " " * len(mark), _blocks(item.children, "\n"))


def _indented(first: str, others: str, text: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(others + line for line in lines[1:])])


def _words(nodes: Iterable["SyntaxTreeNode"]) -> str:
    return "".join(map(_word, nodes))


def _word(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link" | "image":
            address = str(node.attrs.get("href") or node.attrs.get("src") or "")
            words = node.content if node.type == "image" else _words(node.children)
            plain = node.type == "link" and node.markup == "autolink"
            return words if plain or words == address else f"{words} ({address})"
        case _:
            return _words(node.children) if node.children else node.content
