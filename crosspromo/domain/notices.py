"""Notices to people: what newly needs a person, and how far telling it has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

SOONEST_RETRY = timedelta(minutes=1)
LATEST_RETRY = timedelta(hours=1)
"""Bounds of the wait after a telling that failed."""

TAKEN_OVER_AFTER = timedelta(minutes=5)
"""Age of a claim whose daemon has said nothing since: another daemon may tell in its place.

It is well past the time that all channels together may take.
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """A matter that needs a person, in words.

    `key` is the same as long as the matter lasts, and another for the next matter:
    `failed:12:1`. What stands before its first colon is the code of the matter. `mend` says what a
    person can do. `silent_channel`: the channel that the matter is about, and that cannot tell it.
    """

    key: str
    since: datetime
    sentence: str
    mend: str | None = None
    silent_channel: str | None = None

    @property
    def code(self) -> str:
        """Code of the matter."""
        return self.key.partition(":")[0]


class Attachment(NamedTuple):
    """Page of HTML that goes with a mail, and its file name."""

    name: str
    html: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One message about one or more notices, or a report. A webhook takes no attachment."""

    subject: str
    text: str
    attached: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What is known of telling one matter by one channel.

    `since`: when the channel's first telling was claimed. `claimed_at`: when the last was.
    `claimed_by`: the worker that tells it, or told it; None after a failure. `told_at` None: not
    told yet. `error`: why not.
    """

    channel: str
    key: str
    since: datetime
    claimed_by: str | None
    claimed_at: datetime
    told_at: datetime | None = None
    error: str | None = None

    def may_be_claimed(self, now: datetime) -> bool:
        """Whether it is to be told (again) now.

        After a failure the wait is as long as all tries took so far, so that it doubles. A claim
        without an end is taken over.
        """
        if self.told_at is not None:
            return False
        passed = abs(now - self.claimed_at)  # a claim from the future: the clock was set back
        if self.claimed_by is not None:
            return passed >= TAKEN_OVER_AFTER
        return passed >= min(max(self.claimed_at - self.since, SOONEST_RETRY), LATEST_RETRY)


def failures(tellings: Iterable[Telling]) -> Mapping[tuple[str, str], Sequence[Telling]]:
    """Failed tellings by channel and error."""
    found: dict[tuple[str, str], list[Telling]] = {}
    for telling in tellings:
        if telling.error is not None:
            found.setdefault((telling.channel, telling.error), []).append(telling)
    return found
