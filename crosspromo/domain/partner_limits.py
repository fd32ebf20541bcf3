"""Limits agreed with a partner: most posts within some days, hours of notice, days of silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.pacing import Wait
from crosspromo.domain.reasons import holds

DEFAULT_DAYS = 30
"""Days within which the most posts of a partner count, where the record names none."""


@dataclass(frozen=True, slots=True)
class PartnerLimits:
    """Limits of the partner with this slug.

    `most` posts within `days`, and `notice` between queueing and sending; None: no such limit.
    `blackouts` are the partner's days of silence that are not over.
    """

    partner: str
    name: str
    most: int | None = None
    days: int = DEFAULT_DAYS
    notice: timedelta | None = None
    blackouts: tuple[Blackout, ...] = ()


class Shared(NamedTuple):
    """Post about a partner that was sent, or may have been, and the time of its last send."""

    post: int
    at: datetime


def limit_wait(limits: PartnerLimits, sent: Sequence[Shared], post: int) -> Wait | None:
    """Wait until fewer posts than agreed lie in the window; `sent` are those within it.

    A post on several accounts is one post: `post` waits for no earlier delivery of itself.
    """
    if limits.most is None or any(each.post == post for each in sent):
        return None
    times = sorted(each.at for each in sent)
    if len(times) < limits.most:
        return None
    window = timedelta(days=limits.days)
    until = times[len(times) - limits.most] + window
    return Wait(holds.PartnerLimitReached(limits.name, limits.most, limits.days), until)


def notice_wait(limits: PartnerLimits, queued_at: datetime, now: datetime) -> Wait | None:
    """Wait until the partner has had the agreed notice since the post was queued."""
    if limits.notice is None or now >= queued_at + limits.notice:
        return None
    hours = int(limits.notice / timedelta(hours=1))
    return Wait(holds.PartnerNoticeRuns(limits.name, hours), queued_at + limits.notice)
