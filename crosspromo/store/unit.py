"""The store: transactions over all tables, each committed whole or rolled back.

A unit is one transaction, with an object for each kind of data in it.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from crosspromo.domain.errors import DatabaseError
from crosspromo.store.database.engine import (
    OpenFile,
    database_errors,
    database_file,
    fold_log,
    transaction,
)

if TYPE_CHECKING:
    from crosspromo.store.accounts import Accounts, Pauses
    from crosspromo.store.approvals import Approvals
    from crosspromo.store.audit import Audit
    from crosspromo.store.campaigns import Campaigns
    from crosspromo.store.compose_drafts import ComposeDrafts
    from crosspromo.store.contacts import Contacts
    from crosspromo.store.database.identity import DatabaseIdentity
    from crosspromo.store.database.notices import Notices
    from crosspromo.store.dated_ahead import DatedAhead
    from crosspromo.store.event_asks import EventAsks
    from crosspromo.store.event_corrections import EventCorrections
    from crosspromo.store.events import Events
    from crosspromo.store.excerpt import Reach
    from crosspromo.store.figures import FiguresLog, Readings
    from crosspromo.store.forecasts import Forecasts
    from crosspromo.store.introductions import Introductions
    from crosspromo.store.kept_away import KeptAwayHashes
    from crosspromo.store.ledger.hours import LedgerHours
    from crosspromo.store.ledger.opening_balances import OpeningBalances
    from crosspromo.store.ledger.outside_posts import OutsidePosts
    from crosspromo.store.ledger.rows import Ledger
    from crosspromo.store.mentions import Mentions
    from crosspromo.store.months import Months
    from crosspromo.store.partner_entries import PartnerEntries
    from crosspromo.store.partner_imports import PartnerImportLog, SheetHeadings
    from crosspromo.store.partner_limits import PartnersLimits
    from crosspromo.store.partner_merging import PartnerMerging
    from crosspromo.store.partner_people import PartnerPeople
    from crosspromo.store.partner_terms import PartnerTerms
    from crosspromo.store.partners import Partners
    from crosspromo.store.people import People
    from crosspromo.store.permissions import Permissions
    from crosspromo.store.personal_traces import PersonalTraces
    from crosspromo.store.photo_consents import PhotoConsents
    from crosspromo.store.planned_lines import PlannedLines
    from crosspromo.store.policies import PolicyHistory
    from crosspromo.store.queue.announcements import Announcements
    from crosspromo.store.queue.attempts import Attempts
    from crosspromo.store.queue.attention import Attention
    from crosspromo.store.queue.calendar import Calendar
    from crosspromo.store.queue.counts import DeliveryCounts
    from crosspromo.store.queue.deliveries import Deliveries, Posts
    from crosspromo.store.queue.due import HeldDeliveries
    from crosspromo.store.queue.history import History
    from crosspromo.store.queue.hold_history import HoldHistory
    from crosspromo.store.queue.trails import Trails
    from crosspromo.store.queue.transitions import Transitions
    from crosspromo.store.received import ReceivedLog
    from crosspromo.store.renaming import Renaming
    from crosspromo.store.report_figures import ReportFigures
    from crosspromo.store.report_mails import ReportMails
    from crosspromo.store.report_rows import ReportRows
    from crosspromo.store.sending import Sending
    from crosspromo.store.sessions import OneTimeLinks, Sessions
    from crosspromo.store.shares import Shares
    from crosspromo.store.sign_off_links import SignOffLinks
    from crosspromo.store.sign_off_mails import SignOffMails
    from crosspromo.store.source_events import SourceEvents
    from crosspromo.store.sources import Sources, Suggestions
    from crosspromo.store.tellings import Tellings
    from crosspromo.store.undos import Undos
    from crosspromo.store.workers import Workers


class _Part:
    """Attribute of a unit that is imported and made when it is first asked for.

    What was made is kept in the unit, where Python finds it before this descriptor, which has no
    `__set__`. `path` is a module below crosspromo.store and a class in it; `needs` names the parts
    that the class is given after the connection. (Methods with `cached_property` and an import in
    each would take five times as long, and a delivery asks for a dozen parts.)
    """

    def __init__(self, path: str, needs: Sequence[str]) -> None:
        self._path = path
        self._needs = needs
        self._make: Callable[..., Any] | None = None

    def __set_name__(self, _unit: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: Any, _type: type) -> Any:
        if unit is None:
            return self
        if self._make is None:
            module, name = self._path.split(":")
            self._make = getattr(import_module(f"crosspromo.store.{module}"), name)
        kept = vars(unit)
        needed = [getattr(unit, name) for name in self._needs]
        made = kept[self._name] = self._make(kept["_connection"], *needed)
        return made


def _part(path: str, *needs: str) -> Any:
    """Attribute with the type that its line declares: Any, since mypy cannot read the path."""
    return _Part(path, needs)


class Unit:
    """Transaction, with an object for each kind of data."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_rolled_back = False

    partners: "Partners" = _part("partners:Partners")
    """Partners: organisations and people whose posts we share."""

    partner_terms: "PartnerTerms" = _part("partner_terms:PartnerTerms")
    """History of lists, closenesses and cadences of partners."""

    partner_entries: "PartnerEntries" = _part("partner_entries:PartnerEntries")
    """Diaries of partners."""

    partner_merging: "PartnerMerging" = _part("partner_merging:PartnerMerging")
    """Merging of partners, and the slugs of those who were merged."""

    received: "ReceivedLog" = _part("received:ReceivedLog")
    """What partners did for us."""

    report_mails: "ReportMails" = _part("report_mails:ReportMails")
    """What was mailed of reports."""

    report_figures: "ReportFigures" = _part("report_figures:ReportFigures")
    """Figures of networks for reports, as they were known at a time."""

    report_rows: "ReportRows" = _part("report_rows:ReportRows")
    """Rows of reports, as they were known at a time."""

    readings: "Readings" = _part("figures:Readings")
    """How far figures and mentions of accounts were read."""

    figures: "FiguresLog" = _part("figures:FiguresLog")
    """Figures of posts, and followers of accounts."""

    mentions: "Mentions" = _part("mentions:Mentions")
    """Mentions of accounts."""

    contacts: "Contacts" = _part("contacts:Contacts", "shares")
    """Last contacts with partners."""

    permissions: "Permissions" = _part("permissions:Permissions", "deliveries")
    """Permissions of partners, and what deliveries need."""

    photo_consents: "PhotoConsents" = _part("photo_consents:PhotoConsents", "deliveries")
    """Consents of people on images."""

    partner_limits: "PartnersLimits" = _part("partner_limits:PartnersLimits")
    """Limits agreed with partners."""

    partner_people: "PartnerPeople" = _part("partner_people:PartnerPeople")
    """People at partners."""

    personal_traces: "PersonalTraces" = _part("personal_traces:PersonalTraces")
    """Rows that name a person."""

    introductions: "Introductions" = _part("introductions:Introductions")
    """Introductions of partners to each other."""

    kept_away: "KeptAwayHashes" = _part("kept_away:KeptAwayHashes")
    """Hashes of people who are to be left alone."""

    partner_imports: "PartnerImportLog" = _part("partner_imports:PartnerImportLog")
    """Imports of partners, and what each changed."""

    sheet_headings: "SheetHeadings" = _part("partner_imports:SheetHeadings")
    """Headings of spreadsheets with accepted meanings."""

    sources: "Sources" = _part("sources:Sources")
    """Sources: feeds that are read on a schedule."""

    source_events: "SourceEvents" = _part("source_events:SourceEvents")
    """Events of calendars that are read on a schedule."""

    suggestions: "Suggestions" = _part("sources:Suggestions")
    """Suggestions: items of sources."""

    events: "Events" = _part("events:Events")
    """Events: our own events and partners' events."""

    planned_lines: "PlannedLines" = _part("planned_lines:PlannedLines")
    """What planning placed, and what people skipped."""

    posts: "Posts" = _part("queue.deliveries:Posts")
    """Posts; each delivery sends one post on one account."""

    ledger: "Ledger" = _part("ledger.rows:Ledger", "_hours")
    """Ledger rows and their sums."""

    outside_posts: "OutsidePosts" = _part("ledger.outside_posts:OutsidePosts", "_hours")
    """Outside posts: posts made without crosspromo."""

    opening_balances: "OpeningBalances" = _part("ledger.opening_balances:OpeningBalances", "_hours")
    """Opening balances: counts from before crosspromo."""

    deliveries: "Deliveries" = _part("queue.deliveries:Deliveries", "_counts")
    """Deliveries, queued and settled."""

    campaigns: "Campaigns" = _part("campaigns:Campaigns", "deliveries")
    """Campaigns, with their posts and events."""

    announcements: "Announcements" = _part("queue.announcements:Announcements")
    """Posts about events, sent ones and those that wait."""

    shares: "Shares" = _part("shares:Shares", "deliveries")
    """Posts about partners and events, counted and listed."""

    months: "Months" = _part("months:Months")
    """What went out and what did not, between two times."""

    attempts: "Attempts" = _part("queue.attempts:Attempts")
    """Attempts of deliveries."""

    def attention(self, most: int) -> "Attention":
        """Deliveries that need a person, at most `most` of each kind."""
        from crosspromo.store.queue.attention import Attention

        return Attention(self._connection, self.deliveries, most)

    @property
    def renaming(self) -> "Renaming":
        """Renaming of accounts."""
        from crosspromo.store.renaming import Renaming

        return Renaming(self._connection, self.deliveries, self.policies)

    history: "History" = _part("queue.history:History")
    """Sent and queued deliveries, for caps, gaps and duplicates."""

    transitions: "Transitions" = _part("queue.transitions:Transitions", "ledger", "_counts")
    """Transitions of deliveries."""

    holds: "HeldDeliveries" = _part("queue.due:HeldDeliveries")
    """Held deliveries."""

    hold_history: "HoldHistory" = _part("queue.hold_history:HoldHistory")
    """Past and present holds."""

    accounts: "Accounts" = _part("accounts:Accounts")
    """Accounts: faults, rests and sessions."""

    pauses: "Pauses" = _part("accounts:Pauses")
    """Pauses."""

    policies: "PolicyHistory" = _part("policies:PolicyHistory")
    """Policies of accounts and the floor, with their history."""

    approvals: "Approvals" = _part("approvals:Approvals")
    """Approvals: signatures under deliveries."""

    audit: "Audit" = _part("audit:Audit")
    """Audit log."""

    people: "People" = _part("people:People")
    """People who may sign in."""

    sessions: "Sessions" = _part("sessions:Sessions")
    """Sessions of people."""

    one_time_links: "OneTimeLinks" = _part("sessions:OneTimeLinks")
    """One-time links of people."""

    compose_drafts: "ComposeDrafts" = _part("compose_drafts:ComposeDrafts")
    """Drafts of people in the console."""

    sign_off_links: "SignOffLinks" = _part("sign_off_links:SignOffLinks")
    """Links by which partners sign off."""

    event_corrections: "EventCorrections" = _part("event_corrections:EventCorrections")
    """Corrections of what was announced of events."""

    event_asks: "EventAsks" = _part("event_asks:EventAsks")
    """What partners are asked before an event."""

    sign_off_mails: "SignOffMails" = _part("sign_off_mails:SignOffMails")
    """Mails that ask partners for sign-off."""

    trails: "Trails" = _part("queue.trails:Trails")
    """Trails: holds of a delivery, and people's acts."""

    undos: "Undos" = _part("undos:Undos")
    """Acts that can be taken back for a while."""

    forecasts: "Forecasts" = _part("forecasts:Forecasts")
    """Forecasts of queued deliveries."""

    calendar: "Calendar" = _part("queue.calendar:Calendar")
    """Deliveries of some days."""

    identity: "DatabaseIdentity" = _part("database.identity:DatabaseIdentity")
    """Name and beats of the database."""

    workers: "Workers" = _part("workers:Workers")
    """Daemons and heartbeats."""

    sending: "Sending" = _part("sending:Sending", "pauses", "workers", "accounts")
    """Sending facts: daemons, pauses and the outlook of the queue at once."""

    dated_ahead: "DatedAhead" = _part("dated_ahead:DatedAhead")
    """Times in the future, from a clock that was ahead."""

    tellings: "Tellings" = _part("tellings:Tellings")
    """Tellings: what people were told without being asked."""

    _hours: "LedgerHours" = _part("ledger.hours:LedgerHours")

    _counts: "DeliveryCounts" = _part("queue.counts:DeliveryCounts")

    def excerpt(self, reach: "Reach") -> "Store":
        """Copy in memory of the rows on which the coming weeks depend; the caller closes it."""
        from crosspromo.store.excerpt import excerpt

        return excerpt(self._connection, reach)

    def add_to_excerpt(self, copy: "Store", reach: "Reach", new_ids: Sequence[int]) -> None:
        """Add new or changed open deliveries to a copy made with this reach before."""
        from crosspromo.store.excerpt import add_new

        add_new(self._connection, copy, reach, new_ids)

    def faults_of_file(self) -> list[str]:
        """Faults that SQLite finds in its file; empty if there are none, and on PostgreSQL."""
        if self._connection.dialect.name != "sqlite":
            return []
        found = self._connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        broken = self._connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        faults = [str(line) for line in found if line != "ok"]
        return faults + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in broken]

    def flush(self) -> None:
        """Write changed sums and counts, as the last writes before the commit."""
        for totals in self._used_totals():
            totals.flush()

    def roll_back(self) -> None:
        """Roll back all earlier writes of the transaction, for a dry run."""
        transaction = self._connection.get_transaction()
        if transaction is not None:
            transaction.rollback()
        for totals in self._used_totals():
            totals.discard()
        self.is_rolled_back = True

    def _used_totals(self) -> "list[LedgerHours | DeliveryCounts]":
        """Hourly sums and delivery counts that the transaction uses."""
        used = vars(self)
        totals: list[LedgerHours | DeliveryCounts] = []
        if "_hours" in used:
            totals.append(self._hours)
        if "_counts" in used:
            totals.append(self._counts)
        return totals


class Moment(Unit):
    """Read transaction that several services share: small tables are read once."""

    pauses: "Pauses" = _part("accounts:PausesOfMoment")
    """Pauses."""

    workers: "Workers" = _part("workers:WorkersOfMoment")
    """Daemons and heartbeats."""

    accounts: "Accounts" = _part("accounts:AccountsOfMoment")
    """Accounts: faults, rests and sessions."""

    sending: "Sending" = _part("sending:SendingOfMoment", "pauses", "workers", "accounts")
    """Sending facts: daemons, pauses and the outlook of the queue at once."""


class Store:
    """Opener of transactions. Thread-safe; a process has one store.

    A SQLite file that is gone or replaced is used no more, nor the other in its place: the first
    would keep nothing, and the second is not what the process began with. DatabaseError then.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._opened: OpenFile | None = None
        """File that was there before the first connection; None while there is none."""
        self._note_file()
        self._first_act: Callable[[Unit], None] | None = None
        self._of_thread = threading.local()

    def before_next_write(self, act: Callable[[Unit], None]) -> None:
        """Have `act` done at the begin of the next write transaction, and with it committed.

        After a rollback it is done in the one after that.
        """
        self._first_act = act

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Have all reads of this thread within the block see one moment of the database."""
        self._require_own_file()
        with transaction(self.engine, writes=False) as connection:
            self._note_file()
            self._of_thread.moment = Moment(connection)
            try:
                yield
            finally:
                del self._of_thread.moment

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """Open a read-only transaction: one consistent view of the database.

        Within `moment` it is the one that is open.
        """
        moment: Moment | None = getattr(self._of_thread, "moment", None)
        if moment is not None:
            yield moment
            return
        with self._transaction(writes=False) as connection:
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open a write transaction; writers of one account run one after another."""
        with self._transaction(writes=True) as connection:
            unit = Unit(connection)
            first_act = self._first_act
            if first_act is not None:
                first_act(unit)
            yield unit
            unit.flush()
        if first_act is self._first_act and not unit.is_rolled_back:
            self._first_act = None

    @contextmanager
    def one_connection(self) -> Iterator[None]:
        """Have the transactions of this thread within the block share a connection to the file.

        Not a transaction within another. To take a connection from the pool and give it back takes
        as long as a statement or two. A server's can be lost, and is looked at each time.
        """
        if self.file is None or vars(self._of_thread).get("shared") is not None:
            yield
            return
        self._require_own_file()
        with database_errors(self.engine):
            connection = self.engine.connect()
        with connection:
            self._of_thread.shared = connection
            try:
                yield
            finally:
                self._of_thread.shared = None

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        self._require_own_file()
        kept = vars(self._of_thread)
        shared: Connection | None = kept.get("shared")
        kept["shared"] = None  # a transaction within this one has a connection of its own
        try:
            with transaction(self.engine, writes=writes, on=shared) as connection:
                self._note_file()
                yield connection
        finally:
            kept["shared"] = shared

    def _note_file(self) -> None:
        """Note the file before a connection opens it; where there is none, once one has made it.

        Noted later, it could be another one than the connection has open.
        """
        if self._opened is None and (self.file is None or self.file.exists()):
            self._opened = OpenFile(self.file)

    def _require_own_file(self) -> None:
        self._note_file()
        if self.is_lost:
            raise DatabaseError(self.loss)

    @property
    def is_lost(self) -> bool:
        """Whether the database file that was used is gone, or replaced by another."""
        return self._opened is not None and self._opened.is_lost

    @property
    def loss(self) -> str:
        """What became of the lost file, as a sentence; empty if it is not lost."""
        return "" if self._opened is None else self._opened.loss

    @property
    def has_one_writer(self) -> bool:
        """Whether write transactions run one after another, whatever they write (SQLite)."""
        return self.engine.dialect.name == "sqlite"

    @property
    def folders(self) -> list[Path]:
        """Folder of the database file; empty where a server keeps the database."""
        file = self.engine.url.database
        return [Path(file).parent] if self.engine.dialect.name == "sqlite" and file else []

    def notices(self) -> "Notices":
        """Notices, from now on, of deliveries that become due sooner; the caller closes them."""
        from crosspromo.store.database.notices import open_notices

        return open_notices(self.engine)

    @property
    def file(self) -> Path | None:
        """File of a SQLite database; None on PostgreSQL."""
        return database_file(self.engine)

    def fold_log(self) -> None:
        """Write SQLite's log into the database file, so that this file alone is whole.

        Nothing happens on PostgreSQL, nor while somebody else reads or writes.
        """
        fold_log(self.engine)

    def close(self) -> None:
        """Close all connections; the next transaction opens the file that is there then."""
        self.engine.dispose()
        self._opened = None
