"""Mails of reports: what of each month was mailed to whom.

Each report of a month goes to each address once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import NamedTuple

from crosspromo.domain.claims import is_free

MAILED_AT = time(9)
"""Time of the first day of a month, on the organisation's clock, from which the last is mailed."""


NAMED = ""
"""Month of the row that tells since when the settings name an address; it is no mail."""


class ReportKey(NamedTuple):
    """Report of a month (`2026-10`), or the page of a partner (`partner` is a slug), for one
    address.

    Where a person mails a report and one address is refused, what the others got is kept under the
    day and title of the report (`2026-10-05 Share ratio`) until all have it.
    """

    month: str
    partner: str
    address: str


@dataclass(frozen=True, slots=True)
class ReportMail:
    """What is known of mailing one report to one address. Times are aware, in UTC.

    `since`: when the first mail was claimed, `claimed_at`: when the last was. `claimed_by`: the
    worker that sends it, or sent it; None after a failure. `told_at` None: it is not with the mail
    server yet. `error`: why not.
    """

    key: ReportKey
    since: datetime
    claimed_by: str | None
    claimed_at: datetime
    told_at: datetime | None = None
    error: str | None = None

    def may_be_claimed(self, now: datetime) -> bool:
        """Whether it is to be mailed (again) now."""
        return self.told_at is None and is_free(now, self.claimed_by, self.claimed_at, self.since)

    def claimed(self, worker: str, now: datetime) -> "ReportMail":
        """The same while a worker mails it."""
        return replace(self, claimed_by=worker, claimed_at=now)

    def told(self, now: datetime) -> "ReportMail":
        """The same once the mail server took it."""
        return replace(self, claimed_at=now, told_at=now, error=None)

    def failed(self, words: str, now: datetime) -> "ReportMail":
        """The same after a try that failed."""
        return replace(self, claimed_by=None, claimed_at=now, error=words)
