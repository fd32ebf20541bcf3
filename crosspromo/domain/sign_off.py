"""Sign-off by link: a partner without an account answers for one post, on all its accounts.

A link is bound to what its post says (`version_of`): an answer holds for exactly that version.
Time and account names are no part of a version, as with approvals.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from crosspromo.domain.approval import BY_LINK
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.invisible import fit_to_post, without_invisible
from crosspromo.domain.posts import Content
from crosspromo.domain.states import State
from crosspromo.domain.values import Value

ENDS_BEFORE = timedelta(hours=1)
"""Time before the earliest due time of a post at which its links end."""

LASTS = timedelta(days=90)
"""Longest life of a link, also of a post that waits to be allowed and has no time of its own."""

LONGEST_WORDS = 2_000
"""Most characters of what a partner says."""

_WAITING = frozenset({State.DRAFT, State.QUEUED})


class Answer(StrEnum):
    """Partner's answer to the question whether a post may go out."""

    YES = "yes"
    CHANGE = "change"
    NO = "no"


class Said(NamedTuple):
    """What a delivery said, as one text for comparisons, and its due time (aware, in UTC).

    `fingerprint` is over everything that is sent. The id stands in it in place of the account's
    name, so that an account may be renamed.
    """

    delivery: int
    account: str
    words: str
    fingerprint: str
    due_at: datetime


class Changed(NamedTuple):
    """Difference of a delivery from what it said; None before: it is new."""

    accounts: tuple[str, ...]
    before: str | None
    after: str


class SignOffLink(Value, frozen=True):
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

    def is_about(self, said: Iterable[Said]) -> bool:
        """Whether these deliveries say what was asked or answered; others may have gone since."""
        known = {each.delivery: each.fingerprint for each in self.said}
        return all(known.get(each.delivery) == each.fingerprint for each in said)

    def says(self, answer: Answer, words: str, version: str) -> bool:
        """Whether exactly this was answered already."""
        return (self.answer, self.words, self.version) == (answer, words, version)


def waiting(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Deliveries that have not been sent and still may be."""
    return tuple(each for each in deliveries if each.state in _WAITING)


def said_by(deliveries: Iterable[Delivery]) -> tuple[Said, ...]:
    """What the waiting deliveries say."""
    return tuple(
        Said(
            each.id,
            each.account,
            words_of(each.content),
            each.content.fingerprint(str(each.id)),
            each.due_at,
        )
        for each in waiting(deliveries)
    )


def version_of(said: Iterable[Said]) -> str:
    """64 hex digits over everything that the deliveries will send."""
    parts = sorted(f"{each.delivery}:{each.fingerprint}" for each in said)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


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
    """Differences of words from an earlier asking; the same one on several accounts is told once.

    What is no longer planned is no difference: it needs no new answer.
    """
    old = {each.delivery: each.words for each in before}
    found: dict[tuple[str | None, str], list[str]] = {}
    for each in after:
        was = old.get(each.delivery)
        if was != each.words:
            found.setdefault((was, each.words), []).append(each.account)
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
