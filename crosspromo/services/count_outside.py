"""Outside posts (made without crosspromo) and opening balances: entry into the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.changes import Change
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import ImportFailedError, InputError, RowError
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outside import Objection, OutsidePost
from crosspromo.domain.reasons.inputs import FutureMoment
from crosspromo.domain.requests import given_name
from crosspromo.services.imports import Imported

if TYPE_CHECKING:
    from crosspromo.intake.reading import Reading
    from crosspromo.settings import Settings
    from crosspromo.store.ledger.outside_posts import RecordedPost
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True)
class OutsideCounts:
    """Enters reports of a person named `actor` into the ledger and the audit log."""

    store: "Store"
    clock: Clock
    settings: "Settings"
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def import_(
        self, data: bytes, source: str, *, partial: bool = False, dry_run: bool = False
    ) -> Imported:
        """Enter the outside posts of a CSV file into the ledger; `source` is the file's name.

        A known post counts once. A correction may lower headroom, never raise it. ImportFailedError
        if a row is unusable, unless `partial`. `dry_run`: write nothing.
        """
        with self.store.read() as unit:
            reading = self._read(unit, data, source)
        with self.store.write() as unit:
            outcomes = self._record(unit, reading)
            errors = sorted([*reading.errors, *_refused(reading, outcomes)], key=lambda e: e.row)
            if errors and not partial:
                raise ImportFailedError(source, errors)
            if dry_run:
                unit.roll_back()
        recorded = [each for each in outcomes if not isinstance(each, Objection)]
        return Imported(Counter(each.change for each in recorded), tuple(errors))

    def open(
        self, account: str, others: int, self_: int, reason: str, at: datetime | None = None
    ) -> OpeningBalance:
        """Enter an opening balance: posts of an account before crosspromo, up to the time `at`.

        `at` is aware; None: now. NotFoundError for an unknown account; InputError for a blank
        reason, a count of nothing, a time in the future, or posts that would count twice.
        """
        now = self.clock.now()
        moment = now if at is None else at
        if moment > now:
            raise InputError(FutureMoment(moment))
        name = self.settings.account(account).name
        balance = OpeningBalance(name, moment, others, self_, reason)
        with self.store.write() as unit:
            _lock(unit, [name])
            unit.opening_balances.add(balance, now)
            subject = f"{name}: {balance.in_words}"
            unit.audit.add(now, self.actor, "open the ledger", subject, reason)
            if others:
                unit.holds.wake_held_by_ratio(name)
        return balance

    def _read(self, unit: "Unit", data: bytes, source: str) -> "Reading[OutsidePost]":
        from crosspromo.intake.outside_posts import (  # noqa: PLC0415 (balances do not need it)
            Known,
            read_outside_posts,
        )

        organisation = self.settings.organisation
        known = Known(
            accounts=tuple(self.settings.accounts),
            partners=frozenset(partner.slug for partner in unit.partners.all()),
            own_group=organisation.own_group,
            zone=organisation.zone,
            now=self.clock.now(),
        )
        return read_outside_posts(data, source, known)

    def _record(
        self, unit: "Unit", reading: "Reading[OutsidePost]"
    ) -> "Sequence[RecordedPost | Objection]":
        """Enter the posts, log the changes, and wake deliveries that wait for partner posts."""
        accounts = sorted({post.account for post in reading.items})
        _lock(unit, accounts)
        outcomes = unit.outside_posts.record(reading.items, self.clock.now())
        taken = [
            (post, outcome)
            for post, outcome in zip(reading.items, outcomes, strict=True)
            if not isinstance(outcome, Objection)
        ]
        self._log_changes(unit, taken)
        for account in accounts:
            came = [
                post
                for post, outcome in taken
                if post.account == account and outcome.change is Change.NEW
            ]
            self._log_import(unit, account, len(came), reading.source)
            if any(post.counts.others for post in came):
                unit.holds.wake_held_by_ratio(account)
        return outcomes

    def _log_changes(
        self, unit: "Unit", taken: "Iterable[tuple[OutsidePost, RecordedPost]]"
    ) -> None:
        for post, outcome in taken:
            if outcome.was is not None:
                change = f"{outcome.was} to {post.credit}: {post.label}"
                subject = f"outside post on {post.account}"
                unit.audit.add(self.clock.now(), self.actor, "reclassify", subject, change)

    def _log_import(self, unit: "Unit", account: str, new: int, source: str) -> None:
        if new:
            now, reason = self.clock.now(), f"{new} new, from {source}"
            unit.audit.add(now, self.actor, "import outside posts", account, reason)


def _lock(unit: "Unit", accounts: Iterable[str]) -> None:
    """Lock these accounts against the gate until the transaction ends."""
    unit.accounts.register(accounts)
    for account in accounts:
        unit.accounts.lock(account)


def _refused(
    reading: "Reading[OutsidePost]", outcomes: "Iterable[RecordedPost | Objection]"
) -> Iterator[RowError]:
    for row, outcome in zip(reading.rows, outcomes, strict=True):
        if isinstance(outcome, Objection):
            yield RowError(row, outcome.column, outcome.reason)
