"""Sentences of notes on a delivery, and the mends that a person is offered."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.notes import (
    Burst,
    DayFull,
    DelaysAnother,
    HashtagInOneCase,
    HostArchived,
    InBlackout,
    InQuietHours,
    Note,
    OnDayOfMourning,
    PartnerIsMerged,
    RelationUntold,
    RunOfEmoji,
    SharedWithoutAlt,
    SignsTakenOut,
    StyledLetters,
    TextInImage,
    TitleNotShown,
    WaitsForGap,
    WeekFull,
)
from crosspromo.domain.timing import DAYS, wall_clock
from crosspromo.phrasing import accessibility
from crosspromo.phrasing.holds import of_limit
from crosspromo.phrasing.mends import (
    CancelAndQueueAnew,
    ChangeField,
    DescribeImage,
    Field,
    Mend,
    RepairText,
)
from crosspromo.phrasing.words import length, taken_out


def of_note(note: Note, account: str, zone: ZoneInfo) -> str:
    """Sentence of a note on a delivery of the account, without a full stop, times in `zone`."""
    return f"{account}: {_clause(note, zone)}"


def mend_of(note: Note) -> Mend | None:
    """Mend of a note: another time for its delivery, or a repair of it.

    None for a burst, whose sentence has it, for signs that are gone already, and where there is no
    delivery to be repaired.
    """
    match note:
        case Burst() | TitleNotShown() | HostArchived() | PartnerIsMerged() | SignsTakenOut():
            return None
        case HashtagInOneCase() | RunOfEmoji() | StyledLetters() | RelationUntold():
            return None if note.delivery is None else RepairText(note.delivery)
        case TextInImage():
            return None if note.delivery is None else DescribeImage(note.delivery, note.number)
        case SharedWithoutAlt():
            return None if note.delivery is None else CancelAndQueueAnew(note.delivery)
        case _:
            return ChangeField(Field.AT)


def _clause(note: Note, zone: ZoneInfo) -> str:
    match note:
        case WaitsForGap(other, at, sent, least, until, to_slot):
            went = "was sent" if sent else "is due"
            return (
                f"delivery {other} {went} at {wall_clock(at, zone)} and min_gap is "
                f"{length(least)}, so this one will be held {_until(until, zone, to_slot=to_slot)}"
            )
        case DelaysAnother(other, at, least, until, to_slot):
            return (
                f"delivery {other} is due at {wall_clock(at, zone)} and min_gap is "
                f"{length(least)}, so that one will be held {_until(until, zone, to_slot=to_slot)}"
            )
        case DayFull(day, most, until):
            return (
                f"{_other_posts(most)} on {DAYS[day.weekday()].capitalize()} {day} and "
                f"max_per_day is {most}, so the last of that day will be held "
                f"{_until(until, zone)}"
            )
        case WeekFull(at, most):
            return (
                f"{_other_posts(most)} in the seven days before {wall_clock(at, zone)} and "
                f"max_per_week is {most}, so this one will be held for a while"
            )
        case InQuietHours(hours, until):
            return f"it is quiet from {hours}, so this one will be held {_until(until, zone)}"
        case InBlackout(blackout, until):
            silence = of_limit(blackout, zone)
            return f"{silence}, so this one will be held {_until(until, zone)}"
        case OnDayOfMourning(mourning, until):
            kept = of_limit(mourning, zone)
            return f"{kept}; this one will be held {_until(until, zone)}"
        case Burst(size, at, more):
            when = "" if at is None else f", at {wall_clock(at, zone)}"
            posts = f"{size} posts or more" if more else plural(size, "post")
            return (
                f"{posts} would go at once{when}; to spread them, give the account slots or "
                "min_gap in crosspromo.toml"
            )
        case TitleNotShown() | HostArchived() | PartnerIsMerged() | SignsTakenOut():
            return _of_content(note)
        case _:
            return accessibility.clause(note)


def _of_content(note: TitleNotShown | HostArchived | PartnerIsMerged | SignsTakenOut) -> str:
    match note:
        case TitleNotShown():
            return "posts have no titles there, so the title is left out"
        case HostArchived(partner):
            return (
                f"{partner}, who holds the event, too, is archived; the post names it all the same"
            )
        case PartnerIsMerged(partner, into):
            return f"{partner} is now part of {into}, so the post is about {into}"
        case SignsTakenOut(signs):
            return taken_out(signs)


def _other_posts(count: int) -> str:
    return f"there {'is' if count == 1 else 'are'} {plural(count, 'other post')}"


def _until(moment: datetime, zone: ZoneInfo, *, to_slot: bool = False) -> str:
    """Earliest end of a hold; a held delivery then takes the next free slot, or its turn."""
    then = "and then wait for a free slot" if to_slot else "at least"
    return f"until {wall_clock(moment, zone)} {then}"
