"""Import of partners from a spreadsheet: look at what it changes, then import, or take it back."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crosspromo.domain.errors import CrosspromoError, DatabaseError, Refused, UsageError
from crosspromo.domain.people import Role
from crosspromo.domain.reasons.inputs import NoNameHeading
from crosspromo.phrasing.errors import of_row
from crosspromo.web.errors import said
from crosspromo.web.routes import Answer, Done, Page, act, form
from crosspromo.web.uploads import BODY_BYTES, Upload, said_about, seen_as, taken
from crosspromo.web.visit import Visit
from crosspromo.web.words import imports as words

if TYPE_CHECKING:
    from crosspromo.services.import_partners import PartnerImport

HERE = "/partners/import"
SECTION = "/partners"
UNDO = "/partners/import/{number:int}/undo"
MOST_HEADINGS = 100
"""Headings whose meaning can be chosen; further ones are taken as they are read."""


class Heading(NamedTuple):
    """Heading of a file: `offered` are meanings, the empty one leaves it as it is read."""

    heading: str
    offered: Sequence[tuple[str, str]]
    chosen: str


def new(visit: Visit) -> Answer:
    """Form for a file, and imports that can be taken back."""
    return _page(visit)


def change(visit: Visit) -> Answer:
    """Preview of a file's changes; or their import, once this very preview was shown."""
    try:
        upload = taken(visit)
    except UsageError as error:
        return _page(visit, error=said(error, visit))
    if upload is None:
        return _page(visit, error=words.CHOOSE_FIRST)
    mapping = _mapping(visit)
    imports = visit.services.partner_imports(visit.me.name)
    given: dict[str, Any] = {"mapping": mapping, "accept": True, "partial": True}
    try:
        tried = imports.import_(upload.data, upload.name, dry_run=True, **given)
        seen = _seen(tried)
        wanted = visit.text("act") == "import"
        if wanted and visit.text("seen") == seen and tried.changes:
            done = imports.import_(upload.data, upload.name, **given)
            return Done(HERE, told=words.imported(done))
    except DatabaseError:
        raise
    except CrosspromoError as error:
        return _page(visit, upload=upload, mapping=mapping, fault=error)
    meanwhile = words.CHANGED_MEANWHILE if wanted and tried.changes else ""
    return _page(visit, upload=upload, mapping=mapping, tried=tried, error=meanwhile)


def _page(
    visit: Visit,
    *,
    upload: Upload | None = None,
    mapping: Mapping[str, str] | None = None,
    tried: "PartnerImport | None" = None,
    fault: CrosspromoError | None = None,
    error: str = "",
) -> Page:
    chosen = mapping or {}
    if fault is not None and upload is not None:
        error = said_about(upload, fault, visit)
    rows = [] if tried is None else _rows(tried)
    values = {
        "upload": upload,
        "tried": tried,
        "seen": "" if tried is None else _seen(tried),
        "verdict": "" if tried is None else _verdict(tried),
        "faults": [] if tried is None else _told(tried.imported.errors, visit),
        "remarks": [] if tried is None else _told(tried.warnings, visit),
        "same": [] if tried is None else [words.perhaps_same(each) for each in tried.duplicates],
        "headings": _headings(tried, fault, chosen)[:MOST_HEADINGS],
        "rows": rows[: words.MOST_ROWS],
        "more": len(rows) - words.MOST_ROWS,
        "past": visit.services.partner_imports(visit.me.name).standing() if not upload else (),
        "error": error,
    }
    return Page("partner_import.html", words.PARTNERS, words, values, status=422 if error else 200)


def _mapping(visit: Visit) -> dict[str, str]:
    """Meanings that the person chose, by heading."""
    known = _meanings()
    pairs = zip(visit.texts("heading"), visit.texts("column"), strict=False)
    return {heading: column for heading, column in pairs if heading and column in known}


def _meanings() -> Sequence[str]:
    """Meanings that a heading may have. What reads files is loaded with the first of them."""
    from crosspromo.services.import_partners import MEANINGS  # noqa: PLC0415 (see above)

    return MEANINGS


def _headings(
    tried: "PartnerImport | None", fault: CrosspromoError | None, mapping: Mapping[str, str]
) -> list[Heading]:
    """Headings of the file, with those that the person has left out."""
    read: dict[str, str] = {}
    if tried is not None:
        for each in tried.columns:
            if each.heading:
                proposed = each.origin.value == "proposed"
                read.setdefault(each.heading, words.as_read(each.column, proposed=proposed))
    reason = fault.reason if isinstance(fault, Refused) else None
    if isinstance(reason, NoNameHeading):
        read = dict.fromkeys(reason.headings, words.BY_ITS_WORDS)
    for heading in mapping:
        read.setdefault(heading, words.BY_ITS_WORDS)
    if not read:
        return []
    offered = [(column, words.meaning(column)) for column in _meanings()]
    return [
        Heading(each, [("", as_read), *offered], mapping.get(each, ""))
        for each, as_read in read.items()
    ]


def _rows(tried: "PartnerImport") -> Sequence[tuple[str, str, str, str, bool]]:
    """Partner, field, value before, value after, and whether it is the first row of the partner."""
    found = []
    for change_ in tried.changes:
        if change_.is_new:
            values = "; ".join(words.value(each.after) for each in change_.fields)
            found.append((change_.partner, words.NEW, words.NONE, values, True))
            continue
        for number, each in enumerate(change_.fields):
            found.append((change_.partner, *words.pair(each), number == 0))
    return found


def _verdict(tried: "PartnerImport") -> str:
    faulty = len({each.row for each in tried.imported.errors})
    told = words.verdict(tried.imported.changes, faulty, things="partner")
    return f"{told[:1].upper()}{told[1:]}"


def _told(errors: Sequence[Any], visit: Visit) -> list[str]:
    return [of_row(each, visit.zone) for each in errors[: words.MOST_ROWS]]


def _seen(tried: "PartnerImport") -> str:
    """Mark of what the import would change; the time of archiving is that of the import."""
    fields = [
        (change_.partner, change_.is_new, each.field, each.field == "archived_at" or each.after)
        for change_ in tried.changes
        for each in change_.fields
    ]
    return seen_as([fields, [each.row for each in tried.imported.errors]])


# -- taking back -------------------------------------------------------------------------------


def ask_undo(visit: Visit) -> Answer:
    """What taking back an import would do."""
    number = visit.values["number"]
    undo = visit.services.partner_imports(visit.me.name).undo(number, dry_run=True)
    values = {
        "number": number,
        "name": words.past(undo.undone, visit.moments),
        "sentences": words.undone(undo) or [words.NOTHING_TO_UNDO],
        "rows": [
            (change_.partner, *words.pair(each), place == 0)
            for change_ in undo.restored
            for place, each in enumerate(change_.fields)
        ][: words.MOST_ROWS],
    }
    return Page("partner_undo.html", words.UNDO, words, values)


def undo(visit: Visit) -> Answer:
    """Take back an import."""
    done = visit.services.partner_imports(visit.me.name).undo(visit.values["number"])
    return Done(HERE, told=words.undone(done) or [words.NOTHING_TO_UNDO])


ROUTES = (
    form(HERE, new, Role.AUTHOR, section=SECTION),
    act(HERE, change, Role.AUTHOR, section=SECTION, largest_body=BODY_BYTES),
    form(UNDO, ask_undo, Role.AUTHOR, section=SECTION),
    act(UNDO, undo, Role.AUTHOR, section=SECTION),
)
