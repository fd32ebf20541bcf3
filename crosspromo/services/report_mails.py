"""Mailing reports: those of a month once it has ended, each to each address once; or one now.

A mail is claimed in the database before it is sent, so that two daemons send one. A daemon that
dies between the two is taken over, and then a report may come twice: rather that than never.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import ConfigError, CrosspromoError, NotFoundError
from crosspromo.domain.months import Month
from crosspromo.domain.notices import Digest
from crosspromo.domain.report_mails import MAILED_AT, NAMED, ReportKey, ReportMail
from crosspromo.mail.server import MailAddress
from crosspromo.report_settings import MailedReports

if TYPE_CHECKING:
    from crosspromo.reports.page import ReportPage
    from crosspromo.services.channels import Channel
    from crosspromo.services.month_report import ReportOfMonth
    from crosspromo.services.reports import PartnerFigures
    from crosspromo.store.unit import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReportMails:
    """Mails of reports.

    `wanted` are the addresses of the settings. `channel` is mail to one address; None: no mail can
    be sent. `month` and `partner` make the report of a month, and the page of a partner (a slug) as
    of now; `words` makes a mail of a report. `worker` names this process in claims. `redact` hides
    secrets in errors that are stored.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    wanted: MailedReports
    channel: "Callable[[MailAddress], Channel | None]"
    month: Callable[[Month], "ReportPage"]
    partner: Callable[[str], "ReportPage"]
    words: Callable[["ReportPage"], Digest]
    worker: str
    redact: Callable[[str], str]

    def send(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Mail the reports of the last month that nobody has mailed yet. Slow.

        An address gets those of the months that end after the settings named it. What failed of
        earlier months is tried again, and forgotten where nobody wants it any more.
        """
        now = self.clock.now()
        with self.store.read() as unit:
            named, failed = unit.report_mails.named(), unit.report_mails.failed()
        addresses = dict(self._due(now, self._noted(named, now)))
        if not addresses and not failed:
            return
        with self.store.read() as unit:
            known = unit.report_mails.known(addresses)
        open_ = [each for each in addresses if each not in known or known[each].told_at is None]
        later = {each.key: each for each in failed if each.key not in addresses}
        for key in [*later, *open_]:
            if stopping():
                return
            address = addresses.get(key) or self._address(key)
            before = known.get(key) or later.get(key)
            if address is None and before is not None:
                with self.store.write() as unit:
                    unit.report_mails.forget(before)
            elif address is not None and (before is None or before.may_be_claimed(now)):
                self._mail(key, address, before)

    def send_month(self, page: "ReportPage", found: "ReportOfMonth") -> Sequence[str]:
        """Mail the report of a month now, as `send_now` does.

        Where the month has ended and the report is of now, it is not mailed again.
        """
        is_whole = not found.is_current and found.scope.known_at is None
        return self._send_now(page, "", found.month if is_whole else None)

    def send_partner(self, page: "ReportPage", figures: "PartnerFigures") -> Sequence[str]:
        """Mail the page of a partner now, as `send_now` does.

        Where it is of now, it is not mailed again in this month.
        """
        is_of_now = figures.scope.known_at is None
        month = self._this_month().before if is_of_now else None
        return self._send_now(page, figures.partner.slug, month)

    def send_now(self, page: "ReportPage") -> Sequence[str]:
        """Mail a report to its addresses in the settings; returns the addresses.

        ConfigError where nobody is named, MailError where it did not reach one of them: then the
        others have it, and the next try of the day is only for those who have not.
        """
        return self._send_now(page, "", None)

    def _send_now(self, page: "ReportPage", partner: str, month: Month | None) -> Sequence[str]:
        to = self.wanted.partners.get(partner, ()) if partner else self.wanted.monthly
        if not to:
            place = f"[reports.partners] {partner}" if partner else "[reports] monthly"
            raise ConfigError(f"{place}: nobody is named; write addresses in crosspromo.toml")
        day = page.as_of.astimezone(self.zone).date()
        keys = {each: ReportKey(f"{day} {page.title}", partner, each.spec) for each in to}
        with self.store.read() as unit:
            had = unit.report_mails.known(keys.values())
        digest, told, refused = self.words(page), [], []
        for address, key in keys.items():
            if key in had:
                continue
            try:
                self._channel(address).tell(digest)
            except CrosspromoError as error:
                refused.append(f"{address.spec}: {self.redact(str(error))}")
                continue
            told.append(address.spec)
            self._record(key)
            if month is not None:
                self._record(ReportKey(str(month), partner, address.spec))
        if refused:
            from crosspromo.mail.client import MailError  # noqa: PLC0415 (a daemon looks all day)

            has_it = f"mailed to {', '.join(told)}; " if told else ""
            raise MailError(f"{has_it}not mailed to {'; '.join(refused)}")
        with self.store.write() as unit:  # all have it: who sends once more means everybody
            for mail in unit.report_mails.known(keys.values()).values():
                unit.report_mails.forget(mail)
        return told

    def _record(self, key: ReportKey) -> None:
        """Record that a person mailed a report."""
        now = self.clock.now()
        with self.store.write() as unit:
            known = unit.report_mails.known([key]).get(key)
            since = now if known is None else known.since
            unit.report_mails.claim(ReportMail(key, since, self.worker, now, told_at=now), known)

    def _this_month(self) -> Month:
        local = self.clock.now().astimezone(self.zone)
        return Month(local.year, local.month)

    def _wanted(self) -> Iterator[tuple[str, MailAddress]]:
        """Yield each address, with the slug of the partner whose page it gets, or an empty one."""
        for partner, addresses in (("", self.wanted.monthly), *self.wanted.partners.items()):
            for address in addresses:
                yield partner, address

    def _noted(
        self, named: Mapping[ReportKey, ReportMail], now: datetime
    ) -> Mapping[ReportKey, ReportMail]:
        """Note since when the settings name each address; those they do not name are forgotten."""
        wanted = [ReportKey(NAMED, partner, each.spec) for partner, each in self._wanted()]
        if named.keys() == set(wanted):
            return named
        with self.store.write() as unit:
            for key in named.keys() - set(wanted):
                unit.report_mails.forget(named[key])
            for key in wanted:
                if key not in named:
                    mail = ReportMail(key, now, self.worker, now, told_at=now)
                    unit.report_mails.claim(mail, None)
            return unit.report_mails.named()

    def _due(
        self, now: datetime, named: Mapping[ReportKey, ReportMail]
    ) -> Iterator[tuple[ReportKey, MailAddress]]:
        """Yield what is to be mailed of the last month, once its morning has come.

        An address that was named in this month gets nothing before the next.
        """
        local = now.astimezone(self.zone)
        this = Month(local.year, local.month)
        if local.day == 1 and local.time() < MAILED_AT:
            return
        for partner, address in self._wanted():
            since = named[ReportKey(NAMED, partner, address.spec)].since
            if since.astimezone(self.zone).date() < this.first_day:
                yield ReportKey(str(this.before), partner, address.spec), address

    def _address(self, key: ReportKey) -> MailAddress | None:
        """Address of a report as the settings name it; None: they do not name it any more."""
        named = self.wanted.partners.get(key.partner, ()) if key.partner else self.wanted.monthly
        return next((each for each in named if each.spec == key.address), None)

    def _mail(self, key: ReportKey, address: MailAddress, known: ReportMail | None) -> None:
        now = self.clock.now()
        since = now if known is None else known.since
        error = None if known is None else known.error
        mail = ReportMail(key, since, self.worker, now, error=error)
        with self.store.write() as unit:
            if not unit.report_mails.claim(mail, known):
                return
        month = Month.parse(key.month)
        try:
            page = self.partner(key.partner) if key.partner else self.month(month)
            self._channel(address).tell(self.words(page))
        except CrosspromoError as failure:
            words = self.redact(_sentence(failure, key))
            log.warning("the report of %s was not mailed: %s", key.month, words)
            ended = mail.failed(words, self.clock.now())
        else:
            log.info("the report of %s was mailed to %s", key.month, address.spec)
            ended = mail.told(self.clock.now())
        with self.store.write() as unit:
            unit.report_mails.claim(ended, mail)

    def _channel(self, address: MailAddress) -> "Channel":
        found = self.channel(address)
        if found is None:
            raise ConfigError("no mail server is named; write [smtp] server and from")
        return found


def _sentence(failure: CrosspromoError, key: ReportKey) -> str:
    if isinstance(failure, NotFoundError):
        return f'there is no partner "{key.partner}"; mend [reports.partners]'
    return str(failure)
