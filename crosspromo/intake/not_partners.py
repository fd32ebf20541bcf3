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
    words = " ".join(re.findall(r"[a-z]+", "".join(c for c in plain if c.isascii())))
    return words in _SUMS and all(_NUMBER.fullmatch(cell) for cell in others)
