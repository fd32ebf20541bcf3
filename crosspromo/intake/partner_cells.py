"""Cells of partner spreadsheets: what each column's text means."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.partners import check_slug
from crosspromo.domain.web_address import whole_address
from crosspromo.intake.handles import HANDLE_NETWORKS, HandleError, bare_handle
from crosspromo.intake.spreadsheet import CellError
from crosspromo.text.markup import unescaped

_TICKS = frozenset("✓✔☑✅")
_SIGNS = _TICKS | frozenset("🗸🗹☐□◻⬜▢⬚☒❌❎✗✘✕✖\u00d7\u2573🗙🗴🗵🗶🗷")
"""Ticks, boxes and crosses."""

_CROSS = "x"
"""Sign by which people tick a box; beside signs of _SIGNS it may mean the opposite."""

_SELECTORS = re.compile("[\ufe0e\ufe0f]")
"""Signs nobody sees by which phones choose the picture of a character: `✔` or `✔️`."""

_YES = frozenset(
    {"yes", "y", "true", "1", "yes please", "yep", "yeah", "sure", "ok", "okay", "agreed"}
    | {"ja", "oui", "si", "sí", _CROSS, *_TICKS}
)
_NO = frozenset(
    {"", "no", "n", "false", "0", "no thanks", "no thank you", "nope", "never", "please no"}
    | {"no please", "nein", "non", "nee", "✗", "✘", "☐", "❌"}
)
_STATUS = re.compile(r"c[0-9]{1,2}|527|candidate")
_CODE_SECTION = re.compile(r"501\(?c\)?\(?([0-9]{1,2})\)?")
_TOPIC_MARKS = re.compile(r"[;,|\n]")

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
"""Character reference of HTML, with its semicolon: `&copy=2` is a part of an address."""

_NOTHING = frozenset(
    {"", "-", "--", "---", "\u2013", "\u2014", "?", "."}
    | {"n/a", "n/a.", "n.a.", "n.a", "na", "none", "nil", "null", "nothing"}
    | {"tbd", "tba", "t.b.d.", "unknown", "not applicable", "not available"}
)
"""Words by which people say that a cell has nothing in it."""


def is_nothing(cell: str) -> bool:
    """Whether the words of a cell mean that there is nothing in it."""
    return cell.strip("()[] \n").lower() in _NOTHING


def without_references(cell: str) -> str:
    """Cell with its character references of HTML resolved, as in `Tom &amp; Jerry`."""
    if "&" not in cell:
        return cell
    return without_invisible(_REFERENCE.sub(lambda found: unescaped(found[0]), cell)).strip()


def with_references(text: str) -> str:
    """Cell from which `without_references` makes this text again."""
    return _REFERENCE.sub(lambda found: f"&amp;{found[0][1:]}", text)


def name_of(cell: str) -> str:
    """Name on one line; CellError for an empty one."""
    name = " ".join(cell.split())
    if not name:
        raise CellError("name", "is empty; every partner needs a name")
    return name


def slug_of(cell: str) -> str:
    """Slug as written; CellError for another text."""
    try:
        return check_slug(cell)
    except InputError as error:
        raise CellError("slug", error.reason) from None


def handle_reader(network: str) -> Callable[[str], str]:
    """Reader of handles on the network; it raises CellError."""

    def handle(cell: str) -> str:
        try:
            return bare_handle(network, cell)
        except HandleError as error:
            raise CellError(network, str(error)) from None

    return handle


def website(cell: str) -> str:
    """Web address, `https://` added to a bare domain; CellError for another text."""
    try:
        return whole_address(cell)
    except InputError:
        raise CellError(
            "website",
            f'"{cell[:60]}" is no web address; write it whole, such as https://river.example',
        ) from None


def topics(cell: str, *, ours: bool) -> tuple[str, ...]:
    """Topics without their `#`; in our own column (`ours`) only semicolons and `#` part them."""
    parts = cell.split(";") if ours else _TOPIC_MARKS.split(cell)
    parts = [part for each in parts for part in _hashtags(each)]
    found = (" ".join(topic.split()).lstrip("#").strip() for topic in parts)
    return tuple(dict.fromkeys(topic for topic in found if topic))


def _hashtags(text: str) -> list[str]:
    """Each of several hashtags: `#Water #Rivers`; the text itself where a word is none."""
    words = text.split()
    return words if all(word.startswith("#") for word in words) else [text]


def has_sign(cell: str) -> bool:
    """Whether the cell has a tick, a box or a cross, other than the letter `x`."""
    return not _SIGNS.isdisjoint(without_references(cell))


def yes_or_no(column: str, cell: str, *, signs: bool = False) -> bool:
    """Answer; empty is no. `signs`: the column has ticks, boxes or crosses, and `x` may mean no.

    CellError for other words.
    """
    plain = _SELECTORS.sub("", cell)
    words = " ".join(plain.casefold().replace(",", " ").split()).strip(".!")
    if words == _CROSS and signs:
        raise CellError(
            column, f'"{cell}" stands in a column with ticks, boxes or crosses; write yes or no'
        )
    if words not in _YES | _NO:
        raise CellError(column, f'"{cell[:60]}" is neither yes nor no; write one of them')
    return words in _YES


def is_status(cell: str) -> bool:
    """Whether the cell is a legal status, in any spelling that we know."""
    return _STATUS.fullmatch(_canonical(cell)) is not None


def is_status_tag(tag: str) -> bool:
    """Whether a tag is a legal status: `501c3`. A candidate may be one for anything."""
    return is_status(tag) and _canonical(tag) != "candidate"


def status(cell: str) -> str:
    """Legal status in its canonical spelling, or an empty text.

    Free text is refused: the gate blocks on these words, and a misspelt word would silently unblock
    a partner.
    """
    if cell and not is_status(cell):
        raise CellError(
            "status",
            f'"{cell[:60]}" is no legal status we know; write c3, c4, 527 or candidate, '
            "or leave it empty",
        )
    return _canonical(cell)


def _canonical(cell: str) -> str:
    return _CODE_SECTION.sub(r"c\1", cell.lower())


LENIENT: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {network: handle_reader(network) for network in HANDLE_NETWORKS} | {"website": website}
)
"""Readers of columns of which an unusable cell is left out, and that several headings may mean."""
