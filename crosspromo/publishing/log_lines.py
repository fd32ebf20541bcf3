"""Lines of the log: one for each change of a delivery's state, and two for each outage.

They are written after the commit of the transaction that made the change, so that the log says
nothing that did not happen. No text of a post is in them.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

log = logging.getLogger(__name__)


class LogLine(NamedTuple):
    """Change of one delivery: what it became, why, and when it is looked at next (aware).

    `code` is that of the reason, `words` are the network's or ours. `is_news` False: the delivery
    was judged again and nothing changed; the line is for those who ask for everything.
    """

    delivery: int
    account: str
    became: str
    code: str | None = None
    words: str | None = None
    until: datetime | None = None
    is_news: bool = True

    def write(self) -> None:
        """Write the line. Its values are also fields of the record, for logs in JSON."""
        level = logging.INFO if self.is_news else logging.DEBUG
        if not log.isEnabledFor(level):
            return
        fields = {
            "delivery": self.delivery,
            "account": self.account,
            "state": self.became,
            "code": self.code,
            "until": self.until,
        }
        log.log(level, "%s", self, extra={"fields": fields})

    def __str__(self) -> str:
        code = "" if self.code is None else f" ({self.code})"
        words = f": {self.words}" if self.words else ""
        then = "" if self.until is None else f"; next look at {in_utc(self.until)}"
        return f"delivery {self.delivery} on {self.account}: {self.became}{code}{words}{then}"


@dataclass
class Outages:
    """Accounts on which nothing can be sent now, each with the time since when (aware).

    It lives as long as the process: after a restart an outage that lasts begins anew.
    """

    since: dict[str, datetime] = field(default_factory=dict)

    def failed(self, account: str, words: str, now: datetime) -> None:
        """Note a try that did not get through; a warning where it is the first."""
        if account not in self.since:
            self.since[account] = now
            log.warning(
                "%s: an outage begins, nothing can be sent there: %s",
                account,
                words,
                extra={"fields": {"account": account, "outage": "begins"}},
            )

    def answered(self, account: str, now: datetime) -> None:
        """Note that the network answered; a warning where that ends an outage."""
        since = self.since.pop(account, None)
        if since is not None:
            log.warning(
                "%s: the outage since %s is over, after %s",
                account,
                in_utc(since),
                _length(since, now),
                extra={"fields": {"account": account, "outage": "ends"}},
            )


def account_fault(account: str, words: str) -> None:
    """Write that the account is set aside until a person has looked."""
    log.warning(
        "%s needs attention, nothing is sent there: %s",
        account,
        words,
        extra={"fields": {"account": account, "code": "account"}},
    )


def in_utc(moment: datetime) -> str:
    """Moment as `2026-04-22T14:00:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _length(since: datetime, now: datetime) -> str:
    minutes, seconds = divmod(max(int((now - since).total_seconds()), 0), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
