"""Words of the pages on which files are imported."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.changes import Change
from crosspromo.domain.likely_duplicates import LikelyDuplicate
from crosspromo.domain.partner_rows import FieldChange, PastImport
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.words import first_words
from crosspromo.web.moments import Moments

if TYPE_CHECKING:
    from crosspromo.services.change_event import ImportedEvents
    from crosspromo.services.event_consequences import Consequences
    from crosspromo.services.import_partners import PartnerImport, PartnerUndo

PARTNERS = "Import partners"
PARTNERS_LEAD = (
    "A spreadsheet (XLSX, ODS, CSV) or an address book (vCard). You see what it would change, "
    "field by field, before anything is written; an import can be taken back."
)
EVENTS = "Import events"
EVENTS_LEAD = (
    "A calendar file (.ics). You see what it would change, and which posts that concerns, before "
    "anything is written."
)
BACK_TO_PARTNERS = "Partners"
BACK_TO_EVENTS = "Events"
FILE = "File"
ANOTHER_FILE = "Another file"
FILE_HINT = "At most one megabyte."
CHOSEN = "The file:"
LOOK = "Show what it changes"
LOOK_AGAIN = "Show it again"
IMPORT = "Import"
IMPORT_OTHERS = "Import all but those rows"
CHOOSE_FIRST = "Choose a file."
CHANGED_MEANWHILE = (
    "Something was changed meanwhile, so nothing was imported yet. This is what the import would "
    "do now."
)
NOTHING = "Nothing in it differs from what we have."
DIFFERENCES = "What it would change"
DIFFERENCES_CAPTION = "Fields before and after"
PARTNER = "Partner"
EVENT = "Event"
FIELD = "Field"
BEFORE = "Before"
AFTER = "After"
NEW = "new"
NONE = "–"
HEADINGS = "What the headings mean"
HEADINGS_HINT = (
    "Headings that are not ours are proposed for our columns. Your choice is remembered."
)
UNUSABLE = "Rows that cannot be read"
REMARKS = "Remarks"
LEFT_OUT = "Left out"
CONSEQUENCES = "What it does to the queue"
MOST_ROWS = 200
SAME = "Perhaps the same"
SAME_HINT = (
    "A new partner who is known already would be there twice. Write the known name in addresses "
    "into the row, under a heading slug."
)

PAST = "Imports that can be taken back"
PAST_CAPTION = "Imports, the latest first"
TIME = "Time"
WHO = "Who"
SOURCE = "File"
TAKE_BACK = "Take back…"
UNDO = "Take back this import"
UNDO_LEAD = "Fields get their values of before. What somebody changed since then stays as it is."
UNDO_BUTTON = "Take it back"
KEEP = "Leave it"
NOTHING_TO_UNDO = "There is nothing left of it to take back."

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "slug": "name in addresses",
        "name": "name",
        "kind": "kind",
        "list": "list",
        "closeness": "closeness",
        "tier": "tier",
        "why": "why we share them",
        "website": "website",
        "topics": "topics",
        "tag_ok": "may we tag them",
        "status": "legal status",
        "archived": "archived",
        "owner": "who of us keeps in touch",
        "support": "support",
        "goals": "our goals with them",
        "languages": "languages",
        "needs": "what they need",
        "offers": "what they offer",
        "cadence_days": "days between contacts",
        "most_posts": "most posts about them",
        "most_posts_days": "days of most posts",
        "notice_hours": "hours of notice",
        "notes": "a note",
        "skip": "leave it out",
    }
)


def meaning(column: str) -> str:
    """Column of ours in words."""
    return MEANINGS.get(column, f"{column.capitalize()} handle")


def as_read(column: str, *, proposed: bool) -> str:
    """Choice that leaves a heading as it is read."""
    return f"{meaning(column)} (proposed)" if proposed else meaning(column)


BY_ITS_WORDS = "by its words"


def field(name: str) -> str:
    """Field of a partner in words: `X handle`, `note “Phone”`."""
    group, dot, key = name.partition(".")
    if not dot:
        return MEANINGS.get(name, name.replace("_", " "))
    return f"{key.capitalize()} handle" if group == "handles" else f"note “{key}”"


def value(content: object) -> str:
    """Value of a field in words."""
    match content:
        case None | "":
            return NONE
        case bool():
            return "yes" if content else "no"
        case list() | tuple():
            return ", ".join(map(str, content)) or NONE
        case _:
            return str(content)


def perhaps_same(each: LikelyDuplicate) -> str:
    """Sentence about a new partner and its likely duplicate."""
    marks = " and ".join(
        mark if mark in {"name", "website"} else f"{mark.capitalize()} handle" for mark in each.by
    )
    return f"{each.partner} (new) and {each.other} have one {marks}."


def more_rows(count: int) -> str:
    """Rows of a table that are left out."""
    return f"And {plural(count, 'further row')}."


def pair(change: FieldChange) -> tuple[str, str, str]:
    """Field, value before, and value after."""
    return field(change.field), value(change.before), value(change.after)


def verdict(changes: Mapping[Change, int], faulty: int, *, things: str) -> str:
    """Figures of an import; `things`: partner, or event."""
    kinds = {
        Change.NEW: f"{plural(changes.get(Change.NEW, 0), f'new {things}')}",
        Change.UPDATED: f"{changes.get(Change.UPDATED, 0)} changed",
        Change.CANCELLED: f"{changes.get(Change.CANCELLED, 0)} cancelled",
        Change.UNCHANGED: f"{changes.get(Change.UNCHANGED, 0)} as before",
    }
    told = [said for kind, said in kinds.items() if changes.get(kind)]
    told += [f"{plural(faulty, 'row')} cannot be read"] if faulty else []
    return f"{', '.join(told) or 'nothing in it'}."


def imported(done: "PartnerImport") -> list[str]:
    """Partners were imported."""
    told = [f"Imported: {verdict(done.imported.changes, 0, things='partner')}"]
    if done.outdated:
        posts = len({each.delivery for each in done.outdated})
        say = "1 post that waits still says" if posts == 1 else f"{posts} posts that wait still say"
        told.append(f"{say} what was before; look at them in the queue.")
    return told


def imported_events(done: "ImportedEvents") -> list[str]:
    """Events were imported."""
    return [
        f"Imported: {verdict(done.imported.changes, 0, things='event')}",
        *consequences_of(done)[:6],
    ]


def consequences_of(done: "ImportedEvents") -> list[str]:
    """Effects of an import on the queue, in sentences."""
    return consequences(done.consequences)


def consequences(found: "Consequences") -> list[str]:
    """Effects of changed events on the queue, in sentences."""
    told = []
    if found.cancelled:
        told.append(f"{_deliveries(found.cancelled)}: cancelled.")
    if found.renewed:
        told.append(f"{_deliveries(found.renewed)}: made anew. Approvals of what changed are void.")
    if found.set_aside:
        ids = tuple(each.delivery for each in found.set_aside)
        told.append(f"{_deliveries(ids)}: a draft, for a person to look at.")
    held = tuple(each.delivery for each in found.renewals if each.silences)
    if held:
        told.append(f"{_deliveries(held)}: held at the new time, by a silence.")
    if found.drafted:
        told.append(f"{plural(len(found.drafted), 'correction')}: drafted, to be approved.")
    if found.withdrawn:
        told.append(f"{plural(len(found.withdrawn), 'correction')}: withdrawn, being out of date.")
    told += [f"No correction can be drafted on {each.account}." for each in found.uncorrected]
    told += [
        f"{each.event} takes place after all; what was cancelled with it does not come back."
        for each in found.on_again
    ]
    return told


def _deliveries(ids: tuple[int, ...]) -> str:
    some = ", ".join(map(str, ids[:12])) + (f" and {len(ids) - 12} more" if len(ids) > 12 else "")
    return f"Delivery {some}" if len(ids) == 1 else f"Deliveries {some}"


def past(each: PastImport, moments: Moments) -> str:
    """Import in a few words, for its button."""
    return f"{first_words(each.source, 60)}, {moments.near(each.at)}"


def undone(undo: "PartnerUndo") -> list[str]:
    """Results of an import that is taken back, in sentences."""
    told = []
    if undo.restored:
        told.append(f"{plural(len(undo.restored), 'partner')}: as before.")
    if undo.removed:
        told.append(f"{plural(len(undo.removed), 'new partner')}: removed.")
    if undo.archived:
        archived = plural(len(undo.archived), "new partner")
        told.append(f"{archived}: archived, since posts or events name them.")
    if undo.kept:
        told.append(f"{plural(len(undo.kept), 'field')}: changed since, and left as they are.")
    return told
