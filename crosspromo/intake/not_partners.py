"""Rows of partner spreadsheets that are no partners: sums, explanations, rows without a name."""

import re
import unicodedata
from collections.abc import Sequence

_SUMS = frozenset(
    {"total", "totals", "grand total", "sub total", "subtotal", "overall", "sum", "sums", "count"}
    | {"total general", "somme", "sous total", "summe", "gesamt", "gesamtsumme", "zwischensumme"}
    | {"anzahl", "totale", "somma", "totaal", "som", "suma", "suma total", "razem", "soma"}
)
"""Words, without accents, by which spreadsheets name a row of sums."""

_PARTNERS = frozenset(
    {"partners", "organisations", "organizations", "orgs", "groups", "charities", "nonprofits"}
    | {"ngos", "members", "contacts", "entries", "rows", "records", "names", "companies"}
    | {"partenaires", "associations", "vereine", "organisationen", "organizaciones"}
)
"""Words for what a list has more than one of, without accents."""

_PARTNER = frozenset({"partner", "organisation", "organization", "org", "group", "entry", "row"})

_IN_ALL = frozenset(
    {"in all", "in total", "so far", "altogether", "insgesamt", "au total", "en tout"}
)
"""Words by which a number is told to be a sum."""

_PLACEHOLDERS = frozenset(
    {"-", "--", "---", "\u2013", "\u2014", "?", "n/a", "n.a.", "n/a.", "tbd", "tba"}
)
"""Signs that are no name; whole words such as `none` may be one."""

_NUMBER = re.compile(
    r"[-+(]?[$€£]?\s*[0-9][0-9.,' ]*\s*[%)]?|=.*|#(?:REF|N/A|VALUE|NAME|DIV/0)[!?]?"
)
_EXPLAINS = re.compile(
    r"[*†‡]|\S{1,12} = "
    r"|(?:legend|legende|key|notes?|nb|source|quelle|as of|stand|last (?:updated|modified)"
    r"|updated|exported|generated|printed|created)\b[^:=]{0,20}[:=]",
    re.IGNORECASE,
)


def why_no_partner(name: str, cells: Sequence[str]) -> str | None:
    """Why a row that names no slug is no partner; None: it may be one.

    `cells` are all cells of the row. A sum has numbers beside its word and nothing else, and an
    explanation stands in its row alone.
    """
    filled = [cell for cell in cells if cell]
    if _is_sum(filled):
        return f'"{filled[0][:60]}" looks like a sum and no partner'
    if len(filled) == 1 and _EXPLAINS.match(filled[0]):
        return f'"{filled[0][:60]}" looks like an explanation and no partner'
    if name.strip("()[] ").lower() in _PLACEHOLDERS:
        return f'"{name}" is no name'
    return None


def _is_sum(filled: Sequence[str]) -> bool:
    if not filled:
        return False
    head, *others = filled
    plain = unicodedata.normalize("NFKD", head.casefold())
    words = re.findall(r"[a-z]+", "".join(c for c in plain if c.isascii()))
    return _names_sum(words, head, others) and all(map(_is_count, others))


def _names_sum(words: Sequence[str], head: str, others: Sequence[str]) -> bool:
    """Whether the first cell names a sum; one that says of what needs a number in its row."""
    if " ".join(words) in _SUMS:
        return True
    counts = _PARTNERS.union(_PARTNER, {"of"})
    rest = " ".join(word for word in words if word not in counts)
    in_head = re.search("[0-9]", head) is not None
    if not rest:  # `12 partners`, but not `350.org`
        return in_head and not _PARTNERS.isdisjoint(words)
    if rest == "number":  # `Number of partners`, but not `Number 10`
        return not counts.isdisjoint(words) and (in_head or bool(others))
    return rest in _SUMS | _IN_ALL and (in_head or bool(others))


def _is_count(cell: str) -> bool:
    """Whether the cell is a number, or a number with what it counts: `2 partners`, `5 yes`."""
    if _NUMBER.fullmatch(cell):
        return True
    counted = re.fullmatch(r"[0-9]+ ([a-z]+)", cell.casefold())
    return counted is not None and counted[1] in _PARTNERS | _PARTNER | {"yes", "no"}
