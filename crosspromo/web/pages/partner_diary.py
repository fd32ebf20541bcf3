"""Diary of a partner: what a person notes, and follow-ups that are done."""

from urllib.parse import quote

from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.people import Role
from crosspromo.domain.typed_days import Toward
from crosspromo.domain.typed_times import parse_day
from crosspromo.web.routes import Answer, Done, act
from crosspromo.web.visit import Visit
from crosspromo.web.words import partner_diary as words

HERE = "/partners"


def note(visit: Visit) -> Answer:
    """Add a note, a contact or a follow-up; without a day it is of today."""
    slug, said = visit.values["partner"], visit.text("words")
    diary = visit.services.partner_diary(visit.me.name)
    typed = visit.text("day").strip()
    is_follow_up = visit.text("kind") == EntryKind.FOLLOW_UP.value
    toward = Toward.COMING if is_follow_up else Toward.PAST
    day = parse_day(typed, visit.now, visit.zone, toward) if typed else diary.today
    if is_follow_up:
        entry = diary.follow_up(slug, said, day)
    else:
        is_contact = visit.text("kind") == EntryKind.CONTACT.value
        kind = EntryKind.CONTACT if is_contact else EntryKind.NOTE
        entry = diary.note(slug, said, day, kind)
    return Done(_path(slug), told=[words.added(entry)])


def done(visit: Visit) -> Answer:
    """Close a follow-up."""
    diary = visit.services.partner_diary(visit.me.name)
    entry = diary.done(int(visit.values["number"]))
    return Done(_path(entry.partner), told=[words.done(entry)])


def _path(slug: str) -> str:
    return f"{HERE}/{quote(slug, safe='')}"


ROUTES = (
    act("/partners/{partner}/diary", note, Role.AUTHOR, section=HERE),
    act("/partners/{partner}/diary/{number:int}/done", done, Role.AUTHOR, section=HERE),
)
