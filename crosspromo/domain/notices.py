"""Notices to people: what newly needs a person, and how far telling it has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crosspromo.domain.claims import is_free


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
        """Whether it is to be told (again) now."""
        return self.told_at is None and is_free(now, self.claimed_by, self.claimed_at, self.since)


def failures(tellings: Iterable[Telling]) -> Mapping[tuple[str, str], Sequence[Telling]]:
    """Failed tellings by channel and error."""
    found: dict[tuple[str, str], list[Telling]] = {}
    for telling in tellings:
        if telling.error is not None:
            found.setdefault((telling.channel, telling.error), []).append(telling)
    return found
