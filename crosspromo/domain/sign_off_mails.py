"""Mails that ask partners for sign-off: what is to be asked or told, and when.

All posts of a partner that wait are asked for in one mail, once nothing was added for a while.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from crosspromo.domain.claims import is_free
from crosspromo.domain.values import Value

SETTLES = timedelta(minutes=5)
"""Time after the last change of what a partner is asked, before the mail is sent."""


class NotAskedWhy(StrEnum):
    """Why a partner could not be asked by mail."""

    NO_MAIL = "no-mail"
    NO_ADDRESS = "no-address"
    REFUSED = "refused"


def error_of(why: NotAskedWhy, words: str) -> str:
    """Error of a mail that was not sent, as it is stored: why, and words behind a colon."""
    return f"{why.value}:{words}" if words else why.value


def why_not_asked(error: str) -> tuple[NotAskedWhy, str]:
    """Why a mail was not sent, and the words; they may be empty."""
    why, _, words = error.partition(":")
    return NotAskedWhy(why), words


class SignOffMail(Value, frozen=True):
    """What a partner (slug) knows by mail of a post that waits for them.

    `version` and `due` are the words and the times of its waiting deliveries, `seen_at` since when
    they are so. `claimed_by` is the worker that sends a mail about it now, `claimed_at` the time of
    the last try. `told_at` None: the partner was not asked for this version. `error`: why not, as
    `error_of` writes it. Times are aware, in UTC.
    """

    post: int
    partner: str
    version: str
    due: str
    seen_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    told_at: datetime | None = None
    error: str | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the partner is to be asked, or to be told of another time."""
        return self.told_at is None or self.seen_at > self.told_at

    @property
    def only_moved(self) -> bool:
        """Whether the partner knows the words, and not the time."""
        return self.told_at is not None and self.seen_at > self.told_at

    def seen(self, version: str, due: str, now: datetime) -> "SignOffMail":
        """The same as its post is now: another version is asked anew, another time is told."""
        if version != self.version:
            return SignOffMail(self.post, self.partner, version, due, now)
        if due != self.due:
            return replace(self, due=due, seen_at=now)
        return self

    def failed(self, why: NotAskedWhy, words: str, now: datetime) -> "SignOffMail":
        """The same after a mail that was not sent: it is tried again after a while."""
        return replace(self, claimed_by=None, claimed_at=now, error=error_of(why, words))

    def told(self, now: datetime) -> "SignOffMail":
        """The same once the partner was asked or told."""
        return replace(self, claimed_by=None, claimed_at=now, told_at=now, error=None)


def are_ready(mails: Iterable[SignOffMail], now: datetime) -> bool:
    """Whether what is pending for one partner can be sent: nothing was added for SETTLES.

    No claim keeps anybody from it, either.
    """
    pending = [each for each in mails if each.is_pending]
    return bool(pending) and all(
        abs(now - each.seen_at) >= SETTLES and is_free(now, each.claimed_by, each.claimed_at)
        for each in pending
    )
