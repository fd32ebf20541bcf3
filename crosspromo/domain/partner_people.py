"""People at partners: whom we talk to, who speaks for the partner, and who signs off.

A partner is asked for sign-off while somebody there has that role. A cell `sign_off` of a
spreadsheet means the same: it names that person, or just says yes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.approval import SIGN_OFF, name_key
from crosspromo.domain.partners import Partner
from crosspromo.domain.values import Value

SOMEBODY = "sign-off"
"""Name of a person of whom we only know that the partner wants to sign off."""

LONGEST_DETAIL = 2_000
"""Most characters of a note about a person."""

_NOT_ASKED = frozenset({"", "no", "n", "false", "0"})
_JUST_YES = frozenset({"yes", "y", "true", "1", "x"})
_WORD = r"[^\W\d_]+(?:['\u2019.-][^\W\d_]*)*"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{1,3}}")


class PartnerRole(StrEnum):
    """What a person does for the partner: talks with us, stands in, approves posts, or speaks at
    events.
    """

    KEY_CONTACT = "key-contact"
    DESIGNATE = "designate"
    SIGN_OFF = "sign-off"
    SPEAKER = "speaker"


class PartnerPerson(Value, frozen=True):
    """Person at the partner with this slug. Times are aware, in UTC.

    `mail` and `phone` are None where they are not known. `ended_at`: since when the person is not
    there any more; None: still there.
    """

    number: int
    partner: str
    name: str
    roles: tuple[PartnerRole, ...]
    added_at: datetime
    added_by: str
    mail: str | None = None
    phone: str | None = None
    note: str = ""
    ended_at: datetime | None = None

    @property
    def signs_off(self) -> bool:
        """Whether posts about the partner wait for this person."""
        return self.ended_at is None and PartnerRole.SIGN_OFF in self.roles


def asks_to_sign_off(answer: str) -> bool:
    """Whether a cell `sign_off` asks for sign-off: anything but a plain *no* or an empty text."""
    return name_key(answer) not in _NOT_ASKED


def named_in(answer: str) -> Sequence[tuple[str, str]]:
    """Name and note of each person whom a cell `sign_off` means.

    A cell that is no name means SOMEBODY, with its text as note; a plain yes has none.
    """
    if not asks_to_sign_off(answer):
        return ()
    parts = [" ".join(part.split()) for part in answer.split(";") if part.strip()]
    if parts and all(_is_name(part) for part in parts):
        return tuple(dict.fromkeys((part, "") for part in parts))
    text = " ".join(answer.split())[:LONGEST_DETAIL]
    return ((SOMEBODY, "" if name_key(text) in _JUST_YES else text),)


def answer_of(people: Iterable[PartnerPerson]) -> str:
    """Cell `sign_off` for the people at a partner; empty: nobody there signs off."""
    return "; ".join(
        (each.note or "yes") if each.name == SOMEBODY else each.name
        for each in people
        if each.signs_off
    )


def with_answer(partner: Partner, answer: str) -> Partner:
    """Partner as a spreadsheet has them: with the cell `sign_off` as a note, unless empty."""
    notes = dict(without_answer(partner).notes)
    if answer:
        notes[SIGN_OFF] = answer
    return replace(partner, notes=MappingProxyType(notes))


def without_answer(partner: Partner) -> Partner:
    """Partner as we keep them: the people there say who signs off, and no note does."""
    kept = {key: value for key, value in partner.notes.items() if name_key(key) != SIGN_OFF}
    return replace(partner, notes=MappingProxyType(kept))


def answer_in(notes: Mapping[str, str]) -> str | None:
    """Text of the note `sign_off`, however it is spelt; None: there is none."""
    return next((value for key, value in notes.items() if name_key(key) == SIGN_OFF), None)


def said_anew(notes: Mapping[str, str], known: str) -> Mapping[str, str]:
    """Notes of a spreadsheet's row with its answer under `sign_off`.

    A plain *no* becomes the empty text, which clears. A plain *yes* leaves `known`, the answer that
    stands, unless nobody signs off.
    """
    answer = answer_in(notes)
    if answer is None:
        return notes
    others = {key: value for key, value in notes.items() if name_key(key) != SIGN_OFF}
    if not asks_to_sign_off(answer):
        answer = ""
    elif name_key(answer) in _JUST_YES:
        answer = known or "yes"
    else:
        answer = " ".join(answer.split())
    return MappingProxyType({**others, SIGN_OFF: answer})


def _is_name(text: str) -> bool:
    """Whether a text looks like a person's name: two to four words with capitals."""
    return _NAME.fullmatch(text) is not None and all(word[0].isupper() for word in text.split())
