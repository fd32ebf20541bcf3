"""Words for the people at a partner, and for the diary, on the page of the partner."""

from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole

PEOPLE = "People"
NO_PEOPLE = "Nobody there is known yet."
DIARY = "Diary"
NOTHING_NOTED = "Nothing is noted yet."
ADD = "Add"
DONE = "Done"
KEPT = "Kept"
NOT_KEPT = "Not kept"
WORDS = "What"
DAY = "Day"
DAY_HINT = "today, fri, dec 3; empty: today"
KIND = "Kind"
OURS, THEIRS = "our-promise", "their-promise"
KINDS = (
    (EntryKind.NOTE.value, "Note"),
    (EntryKind.CONTACT.value, "We were in touch"),
    (EntryKind.FOLLOW_UP.value, "Follow-up, due that day"),
    (OURS, "Our promise, by that day"),
    (THEIRS, "Their promise, by that day"),
)
CUT = "Only the latest entries are shown here."

_ROLES = {
    PartnerRole.KEY_CONTACT: "key contact",
    PartnerRole.DESIGNATE: "stands in",
    PartnerRole.SIGN_OFF: "signs off",
    PartnerRole.SPEAKER: "speaks",
}


def of_person(person: PartnerPerson) -> str:
    """Roles, mail address and phone of a person at a partner."""
    roles = [_ROLES[each] for each in person.roles]
    return ", ".join(each for each in (*roles, person.mail, person.phone) if each)


def of_entry(entry: Entry) -> str:
    """What the entry is, and whether it is open."""
    match entry.kind:
        case EntryKind.FOLLOW_UP:
            return "Follow-up" if entry.closed_at is None else "Follow-up, done"
        case EntryKind.PROMISE:
            whose = "Their promise" if entry.side is Side.THEM else "Our promise"
            return whose + {None: "", True: ", kept", False: ", not kept"}[entry.kept]
        case EntryKind.BLACKOUT:
            return f"Nothing about them until {entry.last_day}"
        case EntryKind.CONTACT:
            return "In touch"
        case _:
            return entry.kind.value.capitalize()


def is_to_do(entry: Entry) -> bool:
    """Whether a button closes the entry."""
    return entry.kind is EntryKind.FOLLOW_UP and entry.closed_at is None


def is_open_promise(entry: Entry) -> bool:
    """Whether a button says if the promise was kept."""
    return entry.kind is EntryKind.PROMISE and entry.closed_at is None


def added(entry: Entry) -> str:
    """An entry was added."""
    return f"{of_entry(entry)} of {entry.day} added."


def done(entry: Entry) -> str:
    """A follow-up was closed."""
    return f"The follow-up of {entry.day} is done."


def settled(entry: Entry) -> str:
    """A promise was kept, or not."""
    return f"{of_entry(entry)}, of {entry.day}: noted."
