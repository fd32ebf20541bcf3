"""The store: transactions over all tables, each committed whole or rolled back.

A unit is one transaction, with an object for each kind of data in it.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from crosspromo.store.database.engine import database_file, fold_log, transaction

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


class Unit:
    """One transaction. Each property imports a module and creates an object on first use."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_rolled_back = False

    @cached_property
    def partners(self) -> "Partners":
        """Partners: organisations and people whose posts we share."""
        from crosspromo.store.partners import Partners

        return Partners(self._connection)

    @cached_property
    def partner_terms(self) -> "PartnerTerms":
        """History of lists, closenesses and cadences of partners."""
        from crosspromo.store.partner_terms import PartnerTerms

        return PartnerTerms(self._connection)

    @cached_property
    def partner_entries(self) -> "PartnerEntries":
        """Diaries of partners."""
        from crosspromo.store.partner_entries import PartnerEntries

        return PartnerEntries(self._connection)

    @cached_property
    def partner_merging(self) -> "PartnerMerging":
        """Merging of partners, and the slugs of those who were merged."""
        from crosspromo.store.partner_merging import PartnerMerging

        return PartnerMerging(self._connection)

    @cached_property
    def received(self) -> "ReceivedLog":
        """What partners did for us."""
        from crosspromo.store.received import ReceivedLog

        return ReceivedLog(self._connection)

    @cached_property
    def report_mails(self) -> "ReportMails":
        """What was mailed of reports."""
        from crosspromo.store.report_mails import ReportMails

        return ReportMails(self._connection)

    @cached_property
    def report_figures(self) -> "ReportFigures":
        """Figures of networks for reports, as they were known at a time."""
        from crosspromo.store.report_figures import ReportFigures

        return ReportFigures(self._connection)

    @cached_property
    def report_rows(self) -> "ReportRows":
        """Rows of reports, as they were known at a time."""
        from crosspromo.store.report_rows import ReportRows

        return ReportRows(self._connection)

    @cached_property
    def readings(self) -> "Readings":
        """How far figures and mentions of accounts were read."""
        from crosspromo.store.figures import Readings

        return Readings(self._connection)

    @cached_property
    def figures(self) -> "FiguresLog":
        """Figures of posts, and followers of accounts."""
        from crosspromo.store.figures import FiguresLog

        return FiguresLog(self._connection)

    @cached_property
    def mentions(self) -> "Mentions":
        """Mentions of accounts."""
        from crosspromo.store.mentions import Mentions

        return Mentions(self._connection)

    @cached_property
    def contacts(self) -> "Contacts":
        """Last contacts with partners."""
        from crosspromo.store.contacts import Contacts

        return Contacts(self._connection, self.shares)

    @cached_property
    def permissions(self) -> "Permissions":
        """Permissions of partners, and what deliveries need."""
        from crosspromo.store.permissions import Permissions

        return Permissions(self._connection, self.deliveries)

    @cached_property
    def photo_consents(self) -> "PhotoConsents":
        """Consents of people on images."""
        from crosspromo.store.photo_consents import PhotoConsents

        return PhotoConsents(self._connection, self.deliveries)

    @cached_property
    def partner_limits(self) -> "PartnersLimits":
        """Limits agreed with partners."""
        from crosspromo.store.partner_limits import PartnersLimits

        return PartnersLimits(self._connection)

    @cached_property
    def partner_people(self) -> "PartnerPeople":
        """People at partners."""
        from crosspromo.store.partner_people import PartnerPeople

        return PartnerPeople(self._connection)

    @cached_property
    def personal_traces(self) -> "PersonalTraces":
        """Rows that name a person."""
        from crosspromo.store.personal_traces import PersonalTraces

        return PersonalTraces(self._connection)

    @cached_property
    def introductions(self) -> "Introductions":
        """Introductions of partners to each other."""
        from crosspromo.store.introductions import Introductions

        return Introductions(self._connection)

    @cached_property
    def kept_away(self) -> "KeptAwayHashes":
        """Hashes of people who are to be left alone."""
        from crosspromo.store.kept_away import KeptAwayHashes

        return KeptAwayHashes(self._connection)

    @cached_property
    def partner_imports(self) -> "PartnerImportLog":
        """Imports of partners, and what each changed."""
        from crosspromo.store.partner_imports import PartnerImportLog

        return PartnerImportLog(self._connection)

    @cached_property
    def sheet_headings(self) -> "SheetHeadings":
        """Headings of spreadsheets with accepted meanings."""
        from crosspromo.store.partner_imports import SheetHeadings

        return SheetHeadings(self._connection)

    @cached_property
    def sources(self) -> "Sources":
        """Sources: feeds that are read on a schedule."""
        from crosspromo.store.sources import Sources

        return Sources(self._connection)

    @cached_property
    def source_events(self) -> "SourceEvents":
        """Events of calendars that are read on a schedule."""
        from crosspromo.store.source_events import SourceEvents

        return SourceEvents(self._connection)

    @cached_property
    def suggestions(self) -> "Suggestions":
        """Suggestions: items of sources."""
        from crosspromo.store.sources import Suggestions

        return Suggestions(self._connection)

    @cached_property
    def events(self) -> "Events":
        """Events: our own events and partners' events."""
        from crosspromo.store.events import Events

        return Events(self._connection)

    @cached_property
    def planned_lines(self) -> "PlannedLines":
        """What planning placed, and what people skipped."""
        from crosspromo.store.planned_lines import PlannedLines

        return PlannedLines(self._connection)

    @cached_property
    def posts(self) -> "Posts":
        """Posts; each delivery sends one post on one account."""
        from crosspromo.store.queue.deliveries import Posts

        return Posts(self._connection)

    @cached_property
    def ledger(self) -> "Ledger":
        """Ledger rows and their sums."""
        from crosspromo.store.ledger.rows import Ledger

        return Ledger(self._connection, self._hours)

    @cached_property
    def outside_posts(self) -> "OutsidePosts":
        """Outside posts: posts made without crosspromo."""
        from crosspromo.store.ledger.outside_posts import OutsidePosts

        return OutsidePosts(self._connection, self._hours)

    @cached_property
    def opening_balances(self) -> "OpeningBalances":
        """Opening balances: counts from before crosspromo."""
        from crosspromo.store.ledger.opening_balances import OpeningBalances

        return OpeningBalances(self._connection, self._hours)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """Deliveries, queued and settled."""
        from crosspromo.store.queue.deliveries import Deliveries

        return Deliveries(self._connection, self._counts)

    @cached_property
    def campaigns(self) -> "Campaigns":
        """Campaigns, with their posts and events."""
        from crosspromo.store.campaigns import Campaigns

        return Campaigns(self._connection, self.deliveries)

    @cached_property
    def announcements(self) -> "Announcements":
        """Posts about events, sent ones and those that wait."""
        from crosspromo.store.queue.announcements import Announcements

        return Announcements(self._connection)

    @cached_property
    def shares(self) -> "Shares":
        """Posts about partners and events, counted and listed."""
        from crosspromo.store.shares import Shares

        return Shares(self._connection, self.deliveries)

    @cached_property
    def months(self) -> "Months":
        """What went out and what did not, between two times."""
        from crosspromo.store.months import Months

        return Months(self._connection)

    @cached_property
    def attempts(self) -> "Attempts":
        """Attempts of deliveries."""
        from crosspromo.store.queue.attempts import Attempts

        return Attempts(self._connection)

    def attention(self, most: int) -> "Attention":
        """Deliveries that need a person, at most `most` of each kind."""
        from crosspromo.store.queue.attention import Attention

        return Attention(self._connection, self.deliveries, most)

    @property
    def renaming(self) -> "Renaming":
        """Renaming of accounts."""
        from crosspromo.store.renaming import Renaming

        return Renaming(self._connection, self.deliveries, self.policies)

    @cached_property
    def history(self) -> "History":
        """Sent and queued deliveries, for caps, gaps and duplicates."""
        from crosspromo.store.queue.history import History

        return History(self._connection)

    @cached_property
    def transitions(self) -> "Transitions":
        """Transitions of deliveries."""
        from crosspromo.store.queue.transitions import Transitions

        return Transitions(self._connection, self.ledger, self._counts)

    @cached_property
    def holds(self) -> "HeldDeliveries":
        """Held deliveries."""
        from crosspromo.store.queue.due import HeldDeliveries

        return HeldDeliveries(self._connection)

    @cached_property
    def hold_history(self) -> "HoldHistory":
        """Past and present holds."""
        from crosspromo.store.queue.hold_history import HoldHistory

        return HoldHistory(self._connection)

    @cached_property
    def accounts(self) -> "Accounts":
        """Accounts: faults, rests and sessions."""
        from crosspromo.store.accounts import Accounts

        return Accounts(self._connection)

    @cached_property
    def pauses(self) -> "Pauses":
        """Pauses."""
        from crosspromo.store.accounts import Pauses

        return Pauses(self._connection)

    @cached_property
    def policies(self) -> "PolicyHistory":
        """Policies of accounts and the floor, with their history."""
        from crosspromo.store.policies import PolicyHistory

        return PolicyHistory(self._connection)

    @cached_property
    def approvals(self) -> "Approvals":
        """Approvals: signatures under deliveries."""
        from crosspromo.store.approvals import Approvals

        return Approvals(self._connection)

    @cached_property
    def audit(self) -> "Audit":
        """Audit log."""
        from crosspromo.store.audit import Audit

        return Audit(self._connection)

    @cached_property
    def people(self) -> "People":
        """People who may sign in."""
        from crosspromo.store.people import People

        return People(self._connection)

    @cached_property
    def sessions(self) -> "Sessions":
        """Sessions of people."""
        from crosspromo.store.sessions import Sessions

        return Sessions(self._connection)

    @cached_property
    def one_time_links(self) -> "OneTimeLinks":
        """One-time links of people."""
        from crosspromo.store.sessions import OneTimeLinks

        return OneTimeLinks(self._connection)

    @cached_property
    def compose_drafts(self) -> "ComposeDrafts":
        """Drafts of people in the console."""
        from crosspromo.store.compose_drafts import ComposeDrafts

        return ComposeDrafts(self._connection)

    @cached_property
    def sign_off_links(self) -> "SignOffLinks":
        """Links by which partners sign off."""
        from crosspromo.store.sign_off_links import SignOffLinks

        return SignOffLinks(self._connection)

    @cached_property
    def event_corrections(self) -> "EventCorrections":
        """Corrections of what was announced of events."""
        from crosspromo.store.event_corrections import EventCorrections

        return EventCorrections(self._connection)

    @cached_property
    def event_asks(self) -> "EventAsks":
        """What partners are asked before an event."""
        from crosspromo.store.event_asks import EventAsks

        return EventAsks(self._connection)

    @cached_property
    def sign_off_mails(self) -> "SignOffMails":
        """Mails that ask partners for sign-off."""
        from crosspromo.store.sign_off_mails import SignOffMails

        return SignOffMails(self._connection)

    @cached_property
    def trails(self) -> "Trails":
        """Trails: holds of a delivery, and people's acts."""
        from crosspromo.store.queue.trails import Trails

        return Trails(self._connection)

    @cached_property
    def undos(self) -> "Undos":
        """Acts that can be taken back for a while."""
        from crosspromo.store.undos import Undos

        return Undos(self._connection)

    @cached_property
    def forecasts(self) -> "Forecasts":
        """Forecasts of queued deliveries."""
        from crosspromo.store.forecasts import Forecasts

        return Forecasts(self._connection)

    @cached_property
    def calendar(self) -> "Calendar":
        """Deliveries of some days."""
        from crosspromo.store.queue.calendar import Calendar

        return Calendar(self._connection)

    @cached_property
    def identity(self) -> "DatabaseIdentity":
        """Name and beats of the database."""
        from crosspromo.store.database.identity import DatabaseIdentity

        return DatabaseIdentity(self._connection)

    @cached_property
    def workers(self) -> "Workers":
        """Daemons and heartbeats."""
        from crosspromo.store.workers import Workers

        return Workers(self._connection)

    @cached_property
    def sending(self) -> "Sending":
        """Sending facts: daemons, pauses and the outlook of the queue at once."""
        from crosspromo.store.sending import Sending

        return Sending(self._connection, self.pauses, self.workers, self.accounts)

    @cached_property
    def dated_ahead(self) -> "DatedAhead":
        """Times in the future, from a clock that was ahead."""
        from crosspromo.store.dated_ahead import DatedAhead

        return DatedAhead(self._connection)

    @cached_property
    def tellings(self) -> "Tellings":
        """Tellings: what people were told without being asked."""
        from crosspromo.store.tellings import Tellings

        return Tellings(self._connection)

    @cached_property
    def _hours(self) -> "LedgerHours":
        from crosspromo.store.ledger.hours import LedgerHours

        return LedgerHours(self._connection)

    @cached_property
    def _counts(self) -> "DeliveryCounts":
        from crosspromo.store.queue.counts import DeliveryCounts

        return DeliveryCounts(self._connection)

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

    @cached_property
    def pauses(self) -> "Pauses":
        """Pauses."""
        from crosspromo.store.accounts import PausesOfMoment

        return PausesOfMoment(self._connection)

    @cached_property
    def workers(self) -> "Workers":
        """Daemons and heartbeats."""
        from crosspromo.store.workers import WorkersOfMoment

        return WorkersOfMoment(self._connection)

    @cached_property
    def accounts(self) -> "Accounts":
        """Accounts: faults, rests and sessions."""
        from crosspromo.store.accounts import AccountsOfMoment

        return AccountsOfMoment(self._connection)

    @cached_property
    def sending(self) -> "Sending":
        """Sending facts: daemons, pauses and the outlook of the queue at once."""
        from crosspromo.store.sending import SendingOfMoment

        return SendingOfMoment(self._connection, self.pauses, self.workers, self.accounts)


class Store:
    """Opener of transactions. Thread-safe; a process has one store."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
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
        with transaction(self.engine, writes=False) as connection:
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
        with transaction(self.engine, writes=False) as connection:
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """Open a write transaction; writers of one account run one after another."""
        with transaction(self.engine, writes=True) as connection:
            unit = Unit(connection)
            first_act = self._first_act
            if first_act is not None:
                first_act(unit)
            yield unit
            unit.flush()
        if first_act is self._first_act and not unit.is_rolled_back:
            self._first_act = None

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
        """Close all connections."""
        self.engine.dispose()
