"""Sign-off by link: a partner without an account answers for one post, on all its accounts.

A link is bound to what its post says (`version_of`): an answer holds for exactly that version.
Time and account names are no part of a version, as with approvals.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.invisible import fit_to_post, without_invisible
from crosspromo.domain.posts import Content
from crosspromo.domain.states import State

ENDS_BEFORE = timedelta(hours=1)
"""Time before the earliest due time of a post at which its links end."""

LASTS = timedelta(days=90)
"""Longest life of a link, also of a post that waits to be allowed and has no time of its own."""

LONGEST_WORDS = 2_000
"""Most characters of what a partner says."""

BY_LINK = "by link"
"""Words after a partner's name in the audit log: `River Keepers, by link`."""

_WAITING = frozenset({State.DRAFT, State.QUEUED})


class Answer(StrEnum):
    """Partner's answer to the question whether a post may go out."""

    YES = "yes"
    CHANGE = "change"
    NO = "no"


class Said(NamedTuple):
    """What a delivery said, as one text for comparisons, and its due time (aware, in UTC)."""

    delivery: int
    account: str
    words: str
    due_at: datetime


class Changed(NamedTuple):
    """Difference of a delivery from what it said; None before: it is new, after: it is gone."""

    accounts: tuple[str, ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SignOffLink:
    """Link for a partner (slug) and a post, without its token. Times are aware, in UTC.

    `version` and `said` are those of the making or, once there is an answer, of the answer.
    `words` are the partner's, private to staff.
    """

    id: int
    post: int
    partner: str
    version: str
    said: tuple[Said, ...]
    made_at: datetime
    made_by: str
    called_back_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    words: str = ""

    def says(self, answer: Answer, words: str, version: str) -> bool:
        """Whether exactly this was answered already."""
        return (self.answer, self.words, self.version) == (answer, words, version)


def waiting(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Deliveries that have not been sent and still may be."""
    return tuple(each for each in deliveries if each.state in _WAITING)


def version_of(deliveries: Iterable[Delivery]) -> str:
    """64 hex digits over everything that the waiting deliveries will send.

    The id stands in place of the account's name, so that an account may be renamed.
    """
    parts = [f"{each.id}:{each.content.fingerprint(str(each.id))}" for each in waiting(deliveries)]
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def said_by(deliveries: Iterable[Delivery]) -> tuple[Said, ...]:
    """What the waiting deliveries say."""
    return tuple(
        Said(each.id, each.account, words_of(each.content), each.due_at)
        for each in waiting(deliveries)
    )


def words_of(content: Content) -> str:
    """Everything of a content that readers meet, as one text for comparisons."""
    parts = [content.title or "", *content.posts]
    if content.link and content.link not in content.text:
        parts.append(content.link)
    if content.reshare_of and content.reshare_of not in content.text:
        parts.append(content.reshare_of)
    for image in content.images:
        name = PurePosixPath(image.path).name
        parts.append(f"{image.alt} ({name[:8]})")
    return "\n\n".join(each for each in parts if each)


def changes(before: Sequence[Said], after: Sequence[Said]) -> list[Changed]:
    """Differences of words between two askings; the same difference on several accounts is one."""
    old, new = ({each.delivery: each for each in some} for some in (before, after))
    found: dict[tuple[str | None, str | None], list[str]] = {}
    for number in dict.fromkeys([*old, *new]):
        was, now = old.get(number), new.get(number)
        difference = (was.words if was else None, now.words if now else None)
        if difference[0] != difference[1]:
            account = now.account if now else was.account if was else ""
            found.setdefault(difference, []).append(account)
    return [Changed(tuple(accounts), *pair) for pair, accounts in found.items()]


def has_moved(before: Sequence[Said], after: Sequence[Said]) -> bool:
    """Whether a delivery has another time than it had."""
    old = {each.delivery: each.due_at for each in before}
    return any(old.get(each.delivery, each.due_at) != each.due_at for each in after)


def ends_at(deliveries: Iterable[Delivery], made_at: datetime) -> datetime:
    """End of a link: an hour before the earliest due time, as it is now, and LASTS at the latest.

    A delivery that waits to be allowed has no time of its own, and does not end it.
    """
    due = [each.due_at for each in waiting(deliveries) if not each.waits_to_be_allowed]
    return min([made_at + LASTS, *(each - ENDS_BEFORE for each in due)])


def clean_words(words: str) -> str:
    """Partner's words within bounds, without characters that have no place in a text."""
    return fit_to_post(words)[0][:LONGEST_WORDS].strip()


def known_as(name: str) -> str:
    """Name of a partner who acts by link, for the audit log."""
    return f"{without_invisible(name)}, {BY_LINK}"
