"""Address books of vCards (RFC 6350, and 2.1 and 3.0 as phones and mail programs write them).

Each card is a row. A card with an organisation is that organisation, and its person a note of it;
any other card is a person.
"""

import quopri
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from crosspromo.domain.errors import RowError
from crosspromo.intake.encoding import UnreadableFileError, is_undecoded
from crosspromo.intake.grids import LONGEST_CELL, MOST_ROWS, Grid, Place, too_many_rows
from crosspromo.intake.handles import HANDLE_NETWORKS, HandleError, bare_handle
from crosspromo.intake.sheet import decoded

BEGINNING = re.compile(rb"\s*BEGIN[ \t]*:[ \t]*VCARD\b", re.IGNORECASE)

MOST_LINES = 400_000
LONGEST_LINE = 4 * LONGEST_CELL
"""Characters of a line that are read; a text as long is too long for a cell."""
MOST_OF_A_KIND = 20
"""Values of one property of a card that are read."""

COLUMNS = (
    *("name", "kind", "website", *HANDLE_NETWORKS, "topics"),
    *(
        "Contact",
        "Job title",
        "Email",
        "Phone",
        "Address",
        "Social media",
        "Further addresses",
        "Note",
    ),
)
"""Headings of the table that an address book makes: columns of ours, then notes."""

_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]{1,40})((?:;[^:\n\"]*+|\"[^\"\n]*+\")*+):(.*)"
)
_BREAKS = re.compile(r"\r\n?|\n")
_NETWORKS = {"twitter": "x", "x": "x", "bluesky": "bluesky", "bsky": "bluesky"} | {
    "mastodon": "mastodon",
    "reddit": "reddit",
}
_HOSTS = {"twitter.com": "x", "x.com": "x", "bsky.app": "bluesky", "reddit.com": "reddit"}
_HOST = re.compile(r"(?:[a-z]+://)?(?:www\.|m\.|mobile\.)?([a-z0-9.-]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_LABEL = re.compile(r"(?:x-apple|x-twitter|twitter|mastodon|bluesky|reddit|acct):", re.IGNORECASE)


@dataclass(slots=True)
class _Card:
    """Values of a card by property; `types` are the words of TYPE beside social profiles."""

    values: dict[str, list[str]] = field(default_factory=dict)
    profiles: list[tuple[str, str]] = field(default_factory=list)
    is_company: bool = False


def is_address_book(data: bytes) -> bool:
    """Whether a file is an address book, by its beginning."""
    return BEGINNING.match(data[:200].removeprefix(b"\xef\xbb\xbf")) is not None or (
        data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        and BEGINNING.match(data[2:400].replace(b"\0", b"")) is not None
    )


def read_vcards(data: bytes) -> Grid:
    """Table of an address book: the headings, and a row for each card, numbered from 1.

    What a card does not say is absent from its row. Raises UnreadableFileError.
    """
    text, remarks = decoded(data)
    rows: list[tuple[int, list[str]]] = [(0, list(COLUMNS))]
    absent: set[Place] = set()
    end = None
    nameless = 0
    for number, card in enumerate(_cards(text), 1):
        if number > MOST_ROWS:
            end = too_many_rows(number)
            break
        cells = _cells(card)
        if not cells.get("name"):
            nameless += 1
            continue
        rows.append((number, [cells.get(column, "") for column in COLUMNS]))
        absent.update(
            (number, place) for place, column in enumerate(COLUMNS) if not cells.get(column)
        )
    if nameless:
        told = "card has no name and was" if nameless == 1 else "cards have no name and were"
        remarks = (*remarks, RowError(0, "file", f"{nameless} {told} left out"))
    return Grid(rows, end, absent=absent, in_columns=True, remarks=remarks)


def _cards(text: str) -> Iterator[_Card]:
    """Yield each card of the text; one inside another, as of an assistant, is passed over."""
    card: _Card | None = None
    depth = 0
    for line in _lines(text):
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        name, parameters, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            depth += 1
            card = _Card() if depth == 1 else card
        elif name == "END" and value.strip().upper() == "VCARD":
            depth = max(0, depth - 1)
            if depth == 0 and card is not None:
                yield card
                card = None
        elif card is not None and depth == 1:
            _take(card, name, parameters, value)
    if card is not None:
        yield card


def _lines(text: str) -> Iterator[str]:
    """Yield content lines, unfolded; a line of quoted-printable goes on after its last `=`."""
    parts: list[str] = []
    size = 0
    for number, line in enumerate(_physical_lines(text)):
        if number > MOST_LINES:
            raise UnreadableFileError(
                f"has more than the {MOST_LINES:,} lines that are read; split the file"
            )
        goes_on = bool(parts) and (line[:1] in {" ", "\t"} or _is_soft(parts))
        if goes_on:
            if _is_soft(parts):
                parts[-1] = parts[-1][:-1]
            else:
                line = line[1:]  # noqa: PLW2901 (the fold is no part of the line)
            if size <= LONGEST_LINE:  # a picture is long, and nobody reads it
                parts.append(line[:LONGEST_LINE])
                size += len(line)
            continue
        if parts:
            yield "".join(parts)
        parts, size = [line[:LONGEST_LINE]], len(line)
    if parts:
        yield "".join(parts)


def _physical_lines(text: str) -> Iterator[str]:
    start = 0
    for found in _BREAKS.finditer(text):
        yield text[start : found.start()]
        start = found.end()
    yield text[start:]


def _is_soft(parts: list[str]) -> bool:
    return parts[-1].endswith("=") and "QUOTED-PRINTABLE" in parts[0][:200].upper()


def _take(card: _Card, name: str, parameters: str, value: str) -> None:
    if "QUOTED-PRINTABLE" in parameters.upper():
        value = _unquoted(value, parameters)
    elif re.search(r"ENCODING=\"?(?:B|BASE64)\b", parameters, re.IGNORECASE):
        return
    values = card.values.setdefault(name, [])
    if len(values) >= MOST_OF_A_KIND or len(card.profiles) >= MOST_OF_A_KIND:
        return
    if name in {"X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP"}:
        card.profiles.append((_type(parameters), _plain(value)))
    elif name == "X-ABSHOWAS":
        card.is_company = value.strip().upper() == "COMPANY"
    elif value.strip(" ;"):
        values.append(value)


def _unquoted(value: str, parameters: str) -> str:
    charset = re.search(r"CHARSET=\"?([A-Za-z0-9-]{1,20})", parameters, re.IGNORECASE)
    data = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
    try:
        return data.decode(charset[1] if charset else "utf-8")
    except (UnicodeError, LookupError):
        return data.decode("utf-8", "surrogateescape")


def _type(parameters: str) -> str:
    found = re.search(r"(?:TYPE|SERVICE-TYPE)=\"?([A-Za-z-]{1,30})", parameters, re.IGNORECASE)
    return found[1].lower() if found else ""


def _plain(value: str) -> str:
    """Value with its backslash escapes resolved."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _parts(value: str, sign: str) -> list[str]:
    """Parts of a value between unescaped signs, without the empty ones."""
    marked = re.sub(rf"(?<!\\){sign}", "\0", value)
    return [part for part in map(_plain, marked.split("\0")) if part]


def _cells(card: _Card) -> dict[str, str]:
    """Cells of the card's row by column; a cell that is too long is told by the sheet."""
    organisation = next(iter(_first(card, "ORG", ";")), "")
    person = " ".join(_first(card, "FN", "\0")) or _name(card)
    cells = {
        "name": organisation or person,
        "kind": "" if organisation or card.is_company else "individual",
        "topics": "; ".join(
            part for value in card.values.get("CATEGORIES", ()) for part in _parts(value, ",")
        ),
        "Contact": person if organisation and person != organisation else "",
        "Job title": _joined(card, "TITLE"),
        "Email": _joined(card, "EMAIL"),
        "Phone": _joined(card, "TEL", strip="tel:"),
        "Address": "; ".join(
            ", ".join(_parts(value, ";")) for value in card.values.get("ADR", ())
        ).replace("\n", ", "),
        "Note": _joined(card, "NOTE"),
    }
    if not cells["name"]:
        cells["name"] = next(iter(_first(card, "NICKNAME", ",")), "")
    kinds = {"org": "", "individual": "individual"}
    kind = next(iter(_first(card, "KIND", "\0")), "").lower()
    cells["kind"] = kinds.get(kind, cells["kind"])
    _add_addresses(cells, card)
    return cells


def _first(card: _Card, name: str, sign: str) -> list[str]:
    values = card.values.get(name, ())
    return _parts(values[0], sign) if values else []


def _name(card: _Card) -> str:
    """Name of a person from its parts: family, given, further, before and after."""
    value = next(iter(card.values.get("N", ())), "")
    parts = [_plain(part) for part in re.sub(r"(?<!\\);", "\0", value).split("\0")]
    parts += [""] * (5 - len(parts))
    family, given, further, before, after = parts[:5]
    return " ".join(part for part in (before, given, further, family, after) if part)


def _joined(card: _Card, name: str, strip: str = "") -> str:
    values = (_plain(value).removeprefix(strip) for value in card.values.get(name, ()))
    return "; ".join(dict.fromkeys(filter(None, values)))


def _add_addresses(cells: dict[str, str], card: _Card) -> None:
    """Sort web addresses and profiles into handles, the website, and what is left."""
    others: list[str] = []
    websites: list[str] = []
    for value in map(_plain, card.values.get("URL", ())):
        host = _HOST.match(value)
        network = _HOSTS.get(host[1].lower()) if host else None
        if not (network and _add_handle(cells, network, value)):
            websites.append(value)
    for kind, value in card.profiles:
        bare = _LABEL.sub("", value) or value
        host = _HOST.match(bare)
        network = _NETWORKS.get(kind) or (_HOSTS.get(host[1].lower()) if host else None)
        if not (network and _add_handle(cells, network, bare)):
            others.append(f"{kind}: {bare}" if kind else bare)
    cells["website"] = next(iter(websites), "")
    cells["Further addresses"] = "; ".join(dict.fromkeys(websites[1:]))
    counted = Counter(others)
    cells["Social media"] = "; ".join(counted)


def _add_handle(cells: dict[str, str], network: str, text: str) -> bool:
    try:
        handle = bare_handle(network, text)
    except HandleError:
        return False
    if is_undecoded(handle):
        return False
    return cells.setdefault(network, handle) == handle
