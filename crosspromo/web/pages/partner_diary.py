"""Diary of a partner: what a person notes, follow-ups that are done, and promises kept or not."""

from urllib.parse import quote

from crosspromo.domain.partner_entries import EntryKind, Side
from crosspromo.domain.people import Role
from crosspromo.domain.typed_days import Toward
from crosspromo.domain.typed_times import parse_day
from crosspromo.web.routes import Answer, Done, act
from crosspromo.web.visit import Visit
from crosspromo.web.words import partner_diary as words

HERE = "/partners"


PROMISES = {words.OURS: Side.US, words.THEIRS: Side.THEM}


def note(visit: Visit) -> Answer:
    """Add a note, a contact, a follow-up or a promise; without a day it is of today."""
    slug, said, kind = visit.values["partner"], visit.text("words"), visit.text("kind")
    diary = visit.services.partner_diary(visit.me.name)
    typed = visit.text("day").strip()
    is_follow_up = kind == EntryKind.FOLLOW_UP.value
    toward = Toward.COMING if is_follow_up or kind in PROMISES else Toward.PAST
    day = parse_day(typed, visit.now, visit.zone, toward) if typed else diary.today
    if is_follow_up:
        entry = diary.follow_up(slug, said, day)
    elif kind in PROMISES:
        entry = diary.promise(slug, said, day, PROMISES[kind])
    else:
        is_contact = kind == EntryKind.CONTACT.value
        entry = diary.note(slug, said, day, EntryKind.CONTACT if is_contact else EntryKind.NOTE)
    return Done(_path(slug), told=[words.added(entry)])


def done(visit: Visit) -> Answer:
    """Close a follow-up."""
    diary = visit.services.partner_diary(visit.me.name)
    entry = diary.done(int(visit.values["number"]))
    return Done(_path(entry.partner), told=[words.done(entry)])


def kept(visit: Visit) -> Answer:
    """Note that a promise was kept."""
    return _settled(visit, kept=True)


def not_kept(visit: Visit) -> Answer:
    """Note that a promise was not kept."""
    return _settled(visit, kept=False)


def _settled(visit: Visit, *, kept: bool) -> Answer:
    diary = visit.services.partner_diary(visit.me.name)
    entry = diary.settle(int(visit.values["number"]), kept=kept)
    return Done(_path(entry.partner), told=[words.settled(entry)])


def _path(slug: str) -> str:
    return f"{HERE}/{quote(slug, safe='')}"


ROUTES = (
    act("/partners/{partner}/diary", note, Role.AUTHOR, section=HERE),
    act("/partners/{partner}/diary/{number:int}/done", done, Role.AUTHOR, section=HERE),
    act("/partners/{partner}/diary/{number:int}/kept", kept, Role.AUTHOR, section=HERE),
    act("/partners/{partner}/diary/{number:int}/not-kept", not_kept, Role.AUTHOR, section=HERE),
)
