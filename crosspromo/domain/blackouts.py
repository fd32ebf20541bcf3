"""Blackouts: days without any posts, or without posts about one partner."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.pacing import Wait, start_of
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import holds
from crosspromo.domain.tones import Tone
from crosspromo.domain.values import Value

DAY = timedelta(days=1)
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200


class Blackout(Value, frozen=True):
    """Local days from `first` to `last`, both included; `partner` is a slug (None: all posts)."""

    first: date
    last: date
    reason: str | None = None
    partner: str | None = None

    @classmethod
    def parse(cls, text: str, *, reason: str | None = None, partner: str | None = None) -> Self:
        """Parse `2026-05-01` or `2026-05-03..2026-05-09`; UsageError for other text."""
        days = re.fullmatch(r"\s*([0-9-]+)\s*(?:\.\.\s*([0-9-]+)\s*)?", text)
        try:
            first = date.fromisoformat(days[1] if days else "")
            last = date.fromisoformat(days[2]) if days and days[2] else first
        except ValueError:
            raise UsageError(
                f'"{text}" is not a day; write 2026-05-01, or 2026-05-03..2026-05-09'
            ) from None
        if first.year < EARLIEST_YEAR or last.year > LATEST_YEAR:
            raise UsageError(
                f'"{text}" is outside the years {EARLIEST_YEAR} to {LATEST_YEAR}; write a near day'
            )
        if last < first:
            raise UsageError(f'"{text}" ends before it begins')
        return cls(first, last, reason, partner)

    def concerns(self, partners: Iterable[str], credit: Credit, tone: Tone) -> bool:  # noqa: ARG002 (as of mourning)
        """Whether the blackout covers all posts or posts about one of these partners (slugs).

        Credit and tone of the post do not matter to it.
        """
        return self.partner is None or self.partner in partners

    def wait(self, zone: ZoneInfo, now: datetime) -> Wait | None:
        """Wait until the blackout's end, if `now` lies on one of its days; else None.

        The end is local midnight after the last day.
        """
        if not self.first <= now.astimezone(zone).date() <= self.last:
            return None
        reason = holds.Blackout(self.first, self.last, self.partner, self.reason)
        return Wait(reason, start_of(self.last + DAY, zone))
