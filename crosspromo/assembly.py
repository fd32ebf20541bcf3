"""Services of a workspace, each built on request from its dependencies.

Services that act take the acting person's name as `actor`, for the audit log. The others are
properties.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # services are imported on request: commands start faster
    from collections.abc import Callable, Sequence

    from crosspromo.domain.months import Month
    from crosspromo.domain.notices import Digest, Notice
    from crosspromo.domain.people import OneTimeLink, Person
    from crosspromo.mail.server import MailAddress
    from crosspromo.reports.page import ReportPage
    from crosspromo.services.account_figures import AccountFigures
    from crosspromo.services.accounts import AccountService
    from crosspromo.services.act_on_delivery import DeliveryActs
    from crosspromo.services.act_on_posts import PostActs
    from crosspromo.services.archive_partners import PartnerArchive
    from crosspromo.services.attention import Attention
    from crosspromo.services.audit_log import AuditLog
    from crosspromo.services.back_up import Backups
    from crosspromo.services.calendar import Calendars
    from crosspromo.services.calendar_addresses import CalendarAddresses
    from crosspromo.services.calendar_files import CalendarFiles
    from crosspromo.services.campaigns import CampaignService, CampaignViews
    from crosspromo.services.change_event import EventService
    from crosspromo.services.channels import Channel
    from crosspromo.services.compose import ComposeService
    from crosspromo.services.count_outside import OutsideCounts
    from crosspromo.services.database import Databases
    from crosspromo.services.delivery_view import DeliveryViews
    from crosspromo.services.editorial_calendar import EditorialCalendars
    from crosspromo.services.erase_people import PersonalData
    from crosspromo.services.event_asks import AskedInPerson, EventAsks
    from crosspromo.services.event_review import EventReview
    from crosspromo.services.event_view import EventViews
    from crosspromo.services.examine import Examination
    from crosspromo.services.explanation import Explanations
    from crosspromo.services.finding import Finder
    from crosspromo.services.health import Health, Pulse
    from crosspromo.services.import_calendar import CalendarImports
    from crosspromo.services.import_partners import PartnerImports
    from crosspromo.services.introductions import IntroductionService
    from crosspromo.services.kept_away import KeptAway
    from crosspromo.services.ladders import Ladders
    from crosspromo.services.ledger_view import LedgerView
    from crosspromo.services.look_for import Search
    from crosspromo.services.merge_partners import PartnerMerge
    from crosspromo.services.month_report import MonthReports
    from crosspromo.services.networks import Networks
    from crosspromo.services.notify import Notifier
    from crosspromo.services.observances import ObservanceService
    from crosspromo.services.partner_choice import PartnerChoice
    from crosspromo.services.partner_details import PartnerRecords
    from crosspromo.services.partner_diary import PartnerDiary
    from crosspromo.services.partner_people import PartnerPeopleService
    from crosspromo.services.partner_view import PartnerViews
    from crosspromo.services.partners import PartnerService
    from crosspromo.services.partners_due import DuePartners
    from crosspromo.services.pauses import PauseService
    from crosspromo.services.people import PeopleService
    from crosspromo.services.permissions import PermissionService
    from crosspromo.services.photo_consents import PhotoConsentService
    from crosspromo.services.planning.plans import PlanService
    from crosspromo.services.planning.weekly import WeeklyPlanning
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.services.play.rehearsal import Rehearsals
    from crosspromo.services.play.trying import Foresight
    from crosspromo.services.policy_history import PolicyRecords
    from crosspromo.services.post_view import PostViews
    from crosspromo.services.queue_ladder import LadderQueue
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.services.read_back import ReadingBack
    from crosspromo.services.receive import Receiving
    from crosspromo.services.report_mails import ReportMails
    from crosspromo.services.reports import Reports
    from crosspromo.services.restore import Restores
    from crosspromo.services.sandbox_pages import SandboxPages
    from crosspromo.services.sending_state import SendingStates
    from crosspromo.services.sign_in import SignIn
    from crosspromo.services.sign_off import SignOffs
    from crosspromo.services.sign_off_links import SignOffLinks
    from crosspromo.services.sign_off_mails import SignOffMails
    from crosspromo.services.source_adding import SourceAdding
    from crosspromo.services.source_discovery import SourceDiscovery
    from crosspromo.services.sources import SourceService
    from crosspromo.services.sources_due import DueSources
    from crosspromo.services.status import Statuses
    from crosspromo.services.suggestions import SuggestionService
    from crosspromo.services.templates import TemplateChecks
    from crosspromo.services.today import TodayService
    from crosspromo.services.tries import Tries
    from crosspromo.services.undo import UndoService
    from crosspromo.store.unit import Store
    from crosspromo.worker_locks import WorkerLock
    from crosspromo.workspace import Workspace

# ruff: noqa: PLC0415 (see above)


class Services:
    """Every use case of a workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    @property
    def accounts(self) -> "AccountService":
        """Account selection, listing and sign-in checks."""
        from crosspromo.services.accounts import AccountService

        workspace = self._workspace
        return AccountService(
            store=lambda: workspace.store,
            clock=workspace.clock,
            settings=workspace.settings,
            rules=lambda: workspace.rules,
            connector=workspace.connector,
            redactor=workspace.redactor,
        )

    @property
    def queue_post(self) -> "PostQueue":
        """Queueing of posts."""
        from crosspromo.services.queue_post import PostQueue

        workspace = self._workspace
        return PostQueue(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            own_group=workspace.settings.organisation.own_group,
            renderer=workspace.templates,
            pictures=workspace.pictures,
            connector=workspace.connector,
            forecasting=self.forecasting,
        )

    @property
    def ladders(self) -> "Ladders":
        """Ladders of announcements, presets and the workspace's own."""
        from crosspromo.services.ladders import Ladders

        workspace = self._workspace
        return Ladders(workspace.settings.ladders, workspace.templates)

    @property
    def queue_ladder(self) -> "LadderQueue":
        """Queueing of ladders."""
        from crosspromo.services.queue_ladder import LadderQueue

        return LadderQueue(self.queue_post, self.ladders.named)

    def compose(self, person: "Person") -> "ComposeService":
        """Drafts of a person in the console."""
        from crosspromo.services.compose import ComposeService

        workspace = self._workspace
        return ComposeService(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            person=person,
            queue_post=self.queue_post,
            views=self.deliveries,
            foresight=self.foresight,
            pictures=workspace.pictures(),
        )

    def act_on_delivery(self, actor: str, *, signed_in: bool = False) -> "DeliveryActs":
        """People's acts on deliveries; `signed_in` False: the actor's name is taken on trust."""
        from crosspromo.services.act_on_delivery import DeliveryActs

        workspace = self._workspace
        return DeliveryActs(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            connector=workspace.connector,
            actor=actor,
            organisation=workspace.organisation_rules,
            renderer=lambda: workspace.templates,
            signed_in=signed_in,
        )

    def act_on_posts(self, actor: str, *, signed_in: bool = False) -> "PostActs":
        """People's acts on several deliveries, and on all deliveries of a post."""
        from crosspromo.services.act_on_posts import PostActs

        return PostActs(
            store=self._workspace.store,
            acts=self.act_on_delivery(actor, signed_in=signed_in),
            pictures=self._workspace.pictures,
        )

    def undo(self, actor: str) -> "UndoService":
        """Undo of a person's latest act on deliveries."""
        from crosspromo.services.undo import UndoService

        workspace = self._workspace
        return UndoService(
            store=workspace.store,
            clock=workspace.clock,
            policies=workspace.settings.policies,
            zone=workspace.settings.organisation.zone,
            actor=actor,
        )

    def pauses(self, actor: str) -> "PauseService":
        """Pauses over one account, or over everything."""
        from crosspromo.services.pauses import PauseService

        workspace = self._workspace
        return PauseService(
            store=workspace.store,
            clock=workspace.clock,
            accounts=workspace.account_names,
            policies=workspace.settings.policies,
            actor=actor,
            paused_just_now=workspace.oddity is not None,
        )

    @property
    def deliveries(self) -> "DeliveryViews":
        """Deliveries for people."""
        from crosspromo.services.delivery_view import DeliveryViews

        workspace = self._workspace
        return DeliveryViews(
            store=workspace.store,
            policies=workspace.settings.policies,
            rules=lambda: workspace.rules,
            pictures=workspace.pictures,
            own_group=workspace.settings.organisation.own_group,
            connector=workspace.connector,
            forecasting=self.forecasting,
        )

    @property
    def forecasting(self) -> "Forecasting":
        """Forecasts of queued deliveries."""
        from crosspromo.services.play.forecasting import Forecasting

        workspace = self._workspace
        return Forecasting(
            store=workspace.store,
            clock=workspace.clock,
            policies=workspace.settings.policies,
            window=workspace.settings.window,
            settings_version=workspace.settings_version,
            rules=lambda: workspace.rules,
            organisation=lambda: workspace.organisation_rules,
            freshness=workspace.freshness,
        )

    @property
    def foresight(self) -> "Foresight":
        """What should become of posts and moves that are only tried."""
        from crosspromo.services.play.trying import Foresight

        return Foresight(self._workspace.store, self.forecasting)

    @property
    def calendar(self) -> "Calendars":
        """Deliveries of days, weeks and months."""
        from crosspromo.services.calendar import Calendars

        workspace = self._workspace
        return Calendars(
            store=workspace.store,
            zone=workspace.settings.organisation.zone,
            policies=workspace.settings.policies,
            forecasting=self.forecasting,
        )

    @property
    def explanation(self) -> "Explanations":
        """Explanations of holds and sends."""
        from crosspromo.services.explanation import Explanations

        workspace = self._workspace
        return Explanations(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            own_group=workspace.settings.organisation.own_group,
            forecasting=self.forecasting,
        )

    def status(self, worker_lock: "WorkerLock") -> "Statuses":
        """Workspace status, as seen from this process."""
        from crosspromo.services.status import Statuses

        workspace = self._workspace
        return Statuses(
            store=workspace.store,
            clock=workspace.clock,
            is_dead=worker_lock.is_dead,
            attention=self.attention(worker_lock),
            views=self.deliveries,
        )

    @property
    def sending_states(self) -> "SendingStates":
        """Whether posts go out now."""
        from crosspromo.services.sending_state import SendingStates

        workspace = self._workspace
        return SendingStates(
            store=workspace.store,
            clock=workspace.clock,
            is_dead=workspace.worker_lock().is_dead,
        )

    @property
    def today(self) -> "TodayService":
        """What needs a person, and what goes next."""
        from crosspromo.services.today import TodayService

        workspace = self._workspace
        return TodayService(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            attention=self.attention(workspace.worker_lock()),
            views=self.deliveries,
            sending=self.sending_states,
            rules=tuple(workspace.rules.values()),
            organisation=workspace.organisation_rules,
        )

    @property
    def posts(self) -> "PostViews":
        """Posts for people, with all their deliveries."""
        from crosspromo.services.post_view import PostViews

        return PostViews(
            store=self._workspace.store,
            rules=self._workspace.rules,
            views=self.deliveries,
            explanations=self.explanation,
            clock=self._workspace.clock,
        )

    def attention(self, worker_lock: "WorkerLock") -> "Attention":
        """Everything that needs a person, as seen from this process."""
        from crosspromo.services.attention import Attention

        workspace = self._workspace
        fault = workspace.settings_fault
        return Attention(
            store=workspace.store,
            clock=workspace.clock,
            accounts=workspace.account_names,
            folders=(workspace.folder, *workspace.store.folders),
            is_dead=worker_lock.is_dead,
            settings_fault=None if fault is None else str(fault),
            policies=workspace.settings.policies,
            unreadable=() if fault is not None else workspace.unreadable_observances,
        )

    def change_event(self, actor: str) -> "EventService":
        """Event changes, with effects on the queue."""
        from crosspromo.services.change_event import EventService

        workspace = self._workspace
        return EventService(
            store=workspace.store,
            clock=workspace.clock,
            organisation=workspace.settings.organisation,
            rules=lambda: workspace.rules,
            renderer=lambda: workspace.templates,
            actor=actor,
            blackouts=workspace.organisation_rules.blackouts,
            pictures=workspace.pictures,
            ladders=workspace.settings.ladders,
        )

    @property
    def editorial_calendar(self) -> "EditorialCalendars":
        """The queue as a workbook."""
        from crosspromo.services.editorial_calendar import EditorialCalendars

        workspace = self._workspace
        return EditorialCalendars(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            policies=workspace.settings.policies,
        )

    def calendar_imports(self, actor: str, *, signed_in: bool = False) -> "CalendarImports":
        """Imports of editorial calendars."""
        from crosspromo.services.import_calendar import CalendarImports

        workspace = self._workspace
        return CalendarImports(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            policies=workspace.settings.policies,
            acts=self.act_on_delivery(actor, signed_in=signed_in),
            queue=self.queue_post,
        )

    @property
    def calendar_files(self) -> "CalendarFiles":
        """Calendar files for other programs."""
        from crosspromo.services.calendar_files import CalendarFiles

        workspace = self._workspace
        return CalendarFiles(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            organisation=workspace.settings.organisation.name,
            due=self.due_partners,
        )

    @property
    def campaigns(self) -> "CampaignViews":
        """Campaigns for people."""
        from crosspromo.services.campaigns import CampaignViews

        return CampaignViews(store=self._workspace.store)

    def change_campaigns(self, actor: str) -> "CampaignService":
        """Adding of campaigns."""
        from crosspromo.services.campaigns import CampaignService

        workspace = self._workspace
        return CampaignService(store=workspace.store, clock=workspace.clock, actor=actor)

    @property
    def events(self) -> "EventViews":
        """Events for people."""
        from crosspromo.services.event_view import EventViews

        return EventViews(store=self._workspace.store, clock=self._workspace.clock)

    @property
    def partners(self) -> "PartnerService":
        """Partner changes and export."""
        from crosspromo.services.partners import PartnerService

        return PartnerService(
            store=self._workspace.store,
            clock=self._workspace.clock,
            kept_away=self._kept_away,
        )

    @property
    def partner_views(self) -> "PartnerViews":
        """Partners for people, with the shares that we gave."""
        from crosspromo.services.partner_view import PartnerViews

        return PartnerViews(store=self._workspace.store, clock=self._workspace.clock)

    @property
    def due_partners(self) -> "DuePartners":
        """What is due with partners: cadences, follow-ups, promises."""
        from crosspromo.services.partners_due import DuePartners

        workspace = self._workspace
        return DuePartners(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
        )

    @property
    def partner_records(self) -> "PartnerRecords":
        """All that is known of single partners."""
        from crosspromo.services.partner_details import PartnerRecords

        workspace = self._workspace
        return PartnerRecords(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
        )

    def partner_diary(self, actor: str) -> "PartnerDiary":
        """Diaries of partners."""
        from crosspromo.services.partner_diary import PartnerDiary

        workspace = self._workspace
        return PartnerDiary(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            actor=actor,
        )

    def receiving(self, actor: str) -> "Receiving":
        """What partners did for us."""
        from crosspromo.services.receive import Receiving

        workspace = self._workspace
        return Receiving(
            store=workspace.store,
            clock=workspace.clock,
            settings=workspace.settings,
            actor=actor,
        )

    @property
    def observances(self) -> "ObservanceService":
        """Observances that are coming, with partners for them."""
        from crosspromo.services.observances import ObservanceService

        workspace = self._workspace
        return ObservanceService(
            partners=self.partner_views,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            known=lambda: workspace.observances,
            kept=workspace.settings.kept_observances,
        )

    @property
    def sources(self) -> "SourceService":
        """Sources: feeds that are read on a schedule."""
        from crosspromo.domain.approval import OURSELVES
        from crosspromo.http.pages import Pages, anywhere
        from crosspromo.services.calendar_sources import CalendarEditions
        from crosspromo.services.sources import USER_AGENT, SourceService

        workspace = self._workspace
        settings = workspace.settings
        allows = anywhere if settings.sources.allow_private else None
        return SourceService(
            store=workspace.store,
            clock=workspace.clock,
            every=settings.sources.every,
            us=(settings.organisation.name,),
            pages=lambda: Pages(allows=allows, user_agent=USER_AGENT),
            calendars=CalendarEditions(
                zone=settings.organisation.zone, events=lambda: self.change_event(OURSELVES)
            ),
            our_sites=settings.sources.our_sites,
        )

    @property
    def due_sources(self) -> "DueSources":
        """Sources that are due; what reads them is imported where one is."""
        from crosspromo.services.sources_due import DueSources

        workspace = self._workspace
        return DueSources(
            store=workspace.store, clock=workspace.clock, sources=lambda: self.sources
        )

    @property
    def reading_back(self) -> "ReadingBack":
        """Reading of figures and mentions from networks."""
        from crosspromo.services.read_back import ReadingBack

        workspace = self._workspace
        settings = workspace.settings
        return ReadingBack(
            store=workspace.store,
            clock=workspace.clock,
            zone=settings.organisation.zone,
            accounts=settings.accounts,
            rules=lambda: workspace.rules,
            connector=workspace.own_connector,
            mentions_kept=settings.mentions_kept,
            redact=workspace.redactor.redact,
        )

    @property
    def account_figures(self) -> "AccountFigures":
        """Figures and mentions of accounts, as they were read."""
        from crosspromo.services.account_figures import AccountFigures

        workspace = self._workspace
        return AccountFigures(
            store=workspace.store,
            settings=workspace.settings,
            rules=lambda: workspace.rules,
            reading=self.reading_back,
        )

    @property
    def source_adding(self) -> "SourceAdding":
        """Adding of sources that a person names."""
        from crosspromo.services.source_adding import SourceAdding

        return SourceAdding(self.sources)

    @property
    def source_discovery(self) -> "SourceDiscovery":
        """Feeds and calendars on the websites of partners."""
        from crosspromo.domain.approval import OURSELVES
        from crosspromo.http.pages import Pages, anywhere
        from crosspromo.services.calendar_sources import CalendarEditions
        from crosspromo.services.source_discovery import SourceDiscovery
        from crosspromo.services.sources import USER_AGENT

        workspace = self._workspace
        settings = workspace.settings
        allows = anywhere if settings.sources.allow_private else None
        return SourceDiscovery(
            workspace.store,
            workspace.clock,
            lambda: Pages(allows=allows, user_agent=USER_AGENT),
            CalendarEditions(settings.organisation.zone, lambda: self.change_event(OURSELVES)),
        )

    @property
    def calendar_addresses(self) -> "CalendarAddresses":
        """Calendars that are fetched once."""
        from crosspromo.http.pages import Pages, anywhere
        from crosspromo.services.calendar_addresses import CalendarAddresses
        from crosspromo.services.sources import USER_AGENT

        allows = anywhere if self._workspace.settings.sources.allow_private else None
        return CalendarAddresses(lambda: Pages(allows=allows, user_agent=USER_AGENT))

    @property
    def event_review(self) -> "EventReview":
        """Events of calendars that wait for a person."""
        from crosspromo.services.event_review import EventReview

        workspace = self._workspace
        return EventReview(store=workspace.store, clock=workspace.clock, events=self.change_event)

    @property
    def suggestions(self) -> "SuggestionService":
        """Suggestions: what sources brought."""
        from crosspromo.services.suggestions import SuggestionService

        workspace = self._workspace
        return SuggestionService(
            store=workspace.store,
            clock=workspace.clock,
            queue_post=lambda: self.queue_post,
            rules=lambda: workspace.rules,
        )

    @property
    def finder(self) -> "Finder":
        """Posts, partners and events by words."""
        from crosspromo.services.finding import Finder

        return Finder(store=self._workspace.store, clock=self._workspace.clock)

    @property
    def month_reports(self) -> "MonthReports":
        """Reports by month."""
        from crosspromo.services.month_report import MonthReports

        workspace = self._workspace
        return MonthReports(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
        )

    @property
    def reports(self) -> "Reports":
        """Reports of a window of time."""
        from crosspromo.services.reports import Reports

        workspace = self._workspace
        return Reports(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            name=workspace.settings.organisation.name,
        )

    def partner_imports(self, actor: str) -> "PartnerImports":
        """Imports of partners, and their undoing."""
        from crosspromo.services.import_partners import PartnerImports

        workspace = self._workspace
        return PartnerImports(
            store=workspace.store, clock=workspace.clock, actor=actor, kept_away=self._kept_away
        )

    def partner_people(self, actor: str) -> "PartnerPeopleService":
        """People at partners."""
        from crosspromo.services.partner_people import PartnerPeopleService

        workspace = self._workspace
        return PartnerPeopleService(
            store=workspace.store,
            clock=workspace.clock,
            kept_away=self._kept_away,
            actor=actor,
        )

    def introductions(self, actor: str) -> "IntroductionService":
        """Introductions of partners to each other."""
        from crosspromo.services.introductions import IntroductionService

        workspace = self._workspace
        return IntroductionService(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            actor=actor,
        )

    def personal_data(self, actor: str) -> "PersonalData":
        """What is held of people."""
        from crosspromo.services.erase_people import PersonalData

        workspace = self._workspace
        return PersonalData(
            store=workspace.store,
            clock=workspace.clock,
            key=workspace.session_cipher.key,
            kept_away=self._kept_away,
            zone=workspace.settings.organisation.zone,
            rules=workspace.rules,
            actor=actor,
        )

    @property
    def _kept_away(self) -> "KeptAway":
        """People who are to be left alone."""
        from crosspromo.services.kept_away import KeptAway

        return KeptAway(self._workspace.session_cipher.key)

    def partner_archive(self, actor: str) -> "PartnerArchive":
        """Archiving and removing of partners."""
        from crosspromo.services.archive_partners import PartnerArchive

        workspace = self._workspace
        return PartnerArchive(
            store=workspace.store,
            clock=workspace.clock,
            actor=actor,
            in_settings=self._partners_in_settings,
        )

    def partner_merge(self, actor: str) -> "PartnerMerge":
        """Merging of partners."""
        from crosspromo.services.merge_partners import PartnerMerge

        workspace = self._workspace
        return PartnerMerge(
            store=workspace.store,
            clock=workspace.clock,
            actor=actor,
            in_settings=self._partners_in_settings,
            own_group=workspace.settings.organisation.own_group,
        )

    @property
    def _partners_in_settings(self) -> "frozenset[str]":
        settings = self._workspace.settings
        in_blackouts = {each.partner for each in settings.blackouts if each.partner is not None}
        return frozenset(settings.organisation.own_group | in_blackouts)

    def permissions(self, actor: str) -> "PermissionService":
        """Permissions of partners."""
        from crosspromo.services.permissions import PermissionService

        workspace = self._workspace
        return PermissionService(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            rules=workspace.rules,
            actor=actor,
        )

    def photo_consents(self, actor: str) -> "PhotoConsentService":
        """Consents of people on images."""
        from crosspromo.services.photo_consents import PhotoConsentService

        workspace = self._workspace
        return PhotoConsentService(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            rules=workspace.rules,
            source=lambda path: workspace.pictures(keep=False).source(path),
            actor=actor,
        )

    @property
    def partner_choice(self) -> "PartnerChoice":
        """Choice of partners by slug, topic or list."""
        from crosspromo.services.partner_choice import PartnerChoice

        return PartnerChoice(store=self._workspace.store)

    def count_outside(self, actor: str) -> "OutsideCounts":
        """Outside posts (made without crosspromo), and opening balances."""
        from crosspromo.services.count_outside import OutsideCounts

        workspace = self._workspace
        return OutsideCounts(
            store=workspace.store,
            clock=workspace.clock,
            settings=workspace.settings,
            actor=actor,
        )

    @property
    def ledger(self) -> "LedgerView":
        """Ledger rows for people."""
        from crosspromo.services.ledger_view import LedgerView

        return LedgerView(store=self._workspace.store, settings=self._workspace.settings)

    @property
    def audit_log(self) -> "AuditLog":
        """Audit log with people's acts."""
        from crosspromo.services.audit_log import AuditLog

        return AuditLog(store=self._workspace.store)

    def people(self, actor: str) -> "PeopleService":
        """People who may sign in to the console."""
        from crosspromo.services.people import PeopleService

        workspace = self._workspace
        return PeopleService(
            store=workspace.store, clock=workspace.clock, actor=actor, mail=self._mail_link
        )

    def _mail_link(self, link: "OneTimeLink") -> bool:
        from crosspromo.mail.server import MailAddress
        from crosspromo.phrasing.people import of_link
        from crosspromo.services.channels import mail_channel

        workspace, settings = self._workspace, self._workspace.settings
        console, organisation = settings.serve.public_url, settings.organisation
        if link.person.mail is None or console is None:
            return False
        to = MailAddress.parse(link.person.mail)
        channel = mail_channel(settings, to, workspace.folder, workspace.redactor, workspace.clock)
        if channel is None:
            return False
        channel.tell(of_link(link, console, organisation.name, organisation.zone))
        return True

    def sign_in(self, tries: "Tries") -> "SignIn":
        """Sign-in of people, with the failed tries of this process."""
        from crosspromo.services.second_steps import SecondSteps
        from crosspromo.services.sign_in import SignIn

        workspace = self._workspace
        cipher = workspace.session_cipher
        organisation = workspace.settings.organisation.name
        return SignIn(
            store=workspace.store,
            clock=workspace.clock,
            second_steps=SecondSteps(cipher.encrypt, cipher.decrypt, organisation),
            tries=tries,
        )

    def sign_off_links(self, actor: str) -> "SignOffLinks":
        """Links by which partners sign off, for staff."""
        from crosspromo.services.sign_off_links import SignOffLinks

        workspace = self._workspace
        return SignOffLinks(
            store=workspace.store,
            clock=workspace.clock,
            policies=workspace.settings.policies,
            actor=actor,
        )

    def sign_offs(self, tries: "Tries") -> "SignOffs":
        """Answers of partners by link, with the failed tries of this process."""
        from crosspromo.services.sign_off import SignOffs

        workspace = self._workspace
        return SignOffs(
            store=workspace.store,
            clock=workspace.clock,
            tries=tries,
            policies=workspace.settings.policies,
            rules=workspace.rules,
            views=self.deliveries,
            acts=self.act_on_delivery,
            pictures=workspace.pictures,
        )

    @property
    def rehearsals(self) -> "Rehearsals":
        """Rehearsals of the coming weeks."""
        from crosspromo.services.play.rehearsal import Rehearsals

        workspace = self._workspace
        return Rehearsals(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            queue=self.queue_post,
        )

    @property
    def plans(self) -> "PlanService":
        """Plans: what to post in the coming weeks."""
        from crosspromo.services.planning.plans import PlanService

        workspace = self._workspace
        kept = workspace.settings.kept_observances
        return PlanService(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            observances=lambda: [
                each for each in workspace.observances.values() if each.slug in kept
            ],
            queue=self.queue_post,
            forecasting=self.forecasting,
            weeks=workspace.settings.plan.weeks,
        )

    @property
    def weekly_planning(self) -> "WeeklyPlanning":
        """Planning by the daemon."""
        from crosspromo.services.planning.weekly import WeeklyPlanning

        workspace = self._workspace
        return WeeklyPlanning(
            store=workspace.store,
            clock=workspace.clock,
            zone=workspace.settings.organisation.zone,
            plans=lambda: self.plans,
            weekly=workspace.settings.plan.weekly,
        )

    @property
    def sandbox_pages(self) -> "SandboxPages":
        """Index of the sandbox pages."""
        from crosspromo.services.sandbox_pages import SandboxPages

        workspace = self._workspace
        return SandboxPages(
            store=workspace.store,
            folder=workspace.folder / "sandbox",
            accounts=workspace.settings.accounts,
            organisation=workspace.settings.organisation,
        )

    @property
    def templates(self) -> "TemplateChecks":
        """Template choices and checks."""
        from crosspromo.services.templates import TemplateChecks

        workspace = self._workspace
        return TemplateChecks(templates=workspace.templates, rules=workspace.rules)

    @property
    def networks(self) -> "Networks":
        """Installed networks."""
        from crosspromo.services.networks import Networks

        return Networks(registry=self._workspace.registry)

    def policy_records(self, store: "Store") -> "PolicyRecords":
        """Records of policies in this store."""
        from crosspromo.services.policy_history import PolicyRecords

        return PolicyRecords(store=store, clock=self._workspace.clock)

    def notifier(self, notices: "Callable[[], Sequence[Notice]]", worker: str) -> "Notifier":
        """Telling of what newly needs a person, in the name of this worker."""
        from crosspromo.phrasing.digests import of_notices
        from crosspromo.services.notify import Notifier

        workspace = self._workspace
        settings = workspace.settings
        organisation = settings.organisation
        return Notifier(
            store=workspace.bare_store,
            clock=workspace.clock,
            channels=self._channels(),
            notices=notices,
            digest=lambda found: of_notices(found, organisation.name, organisation.zone),
            worker=worker,
            redact=workspace.redactor.redact,
            zone=organisation.zone,
            quiet=settings.notify.quiet,
        )

    def sign_off_mails(self, worker: str) -> "SignOffMails":
        """Asking of partners for sign-off by mail, in the name of this worker."""
        from crosspromo.domain.approval import OURSELVES
        from crosspromo.mail.server import MailAddress
        from crosspromo.phrasing.sign_off_mails import of_asked
        from crosspromo.services.channels import mail_channel
        from crosspromo.services.sign_off_mails import SignOffMails

        workspace = self._workspace
        settings = workspace.settings
        organisation, console = settings.organisation, settings.serve.public_url

        def channel(address: str) -> "Channel | None":
            to = MailAddress.parse(address)
            where = workspace.folder, workspace.redactor, workspace.clock
            return None if console is None else mail_channel(settings, to, *where)

        return SignOffMails(
            store=workspace.store,
            clock=workspace.clock,
            policies=settings.policies,
            links=self.sign_off_links(OURSELVES),
            channel=channel,
            words=lambda name, asked: of_asked(
                name, asked, organisation.name, console or "", organisation.zone
            ),
            worker=worker,
            redact=workspace.redactor.redact,
        )

    def event_asks(self, worker: str) -> "EventAsks":
        """Asking of partners for help with events by mail, in the name of this worker."""
        from crosspromo.mail.server import MailAddress
        from crosspromo.phrasing.event_asks import of_ask
        from crosspromo.services.channels import mail_channel
        from crosspromo.services.event_asks import EventAsks

        workspace = self._workspace
        settings = workspace.settings

        def channel(address: str) -> "Channel | None":
            to = MailAddress.parse(address)
            return mail_channel(settings, to, workspace.folder, workspace.redactor, workspace.clock)

        return EventAsks(
            store=workspace.store,
            clock=workspace.clock,
            kept_away=self._kept_away,
            channel=channel,
            words=lambda mail: of_ask(mail, settings.organisation.name),
            worker=worker,
            redact=workspace.redactor.redact,
        )

    def asked_in_person(self, actor: str) -> "AskedInPerson":
        """Noting that partners were asked in person, in the name of a person."""
        from crosspromo.services.event_asks import AskedInPerson

        return AskedInPerson(self._workspace.store, self._workspace.clock, actor)

    def report_mails(self, worker: str) -> "ReportMails":
        """Mails of reports, in the name of this worker.

        What makes and words reports is imported when there is one to mail: a daemon looks all day.
        """
        from crosspromo.services.report_mails import ReportMails

        workspace = self._workspace
        settings, organisation = workspace.settings, workspace.settings.organisation

        def channel(address: "MailAddress") -> "Channel | None":
            from crosspromo.services.channels import mail_channel

            where = workspace.folder, workspace.redactor, workspace.clock
            return mail_channel(settings, address, *where)

        def month(of: "Month") -> "ReportPage":
            from crosspromo.phrasing.reports import month

            return month.page(self.month_reports.of(of))

        def partner(slug: str) -> "ReportPage":
            from crosspromo.phrasing.reports import partner

            return partner.page(self.reports.partner(slug))

        def words(page: "ReportPage") -> "Digest":
            from crosspromo.report_faces.mail import mail_of

            return mail_of(page, organisation.zone, organisation=organisation.name)

        return ReportMails(
            store=workspace.store,
            clock=workspace.clock,
            zone=organisation.zone,
            wanted=settings.reports,
            channel=channel,
            month=month,
            partner=partner,
            words=words,
            worker=worker,
            redact=workspace.redactor.redact,
        )

    def health(self, pulse: "Pulse", notifier: "Callable[[], Notifier]") -> "Health":
        """Health of this process, whose work gives the pulse; `notifier` by the settings of now."""
        from importlib.metadata import version

        from crosspromo.services.health import Health

        workspace = self._workspace
        return Health(
            store=workspace.store,
            clock=workspace.clock,
            pulse=pulse,
            notices=lambda: notifier().notices(),
            notifier=notifier,
            version=version("crosspromo"),
        )

    @property
    def database(self) -> "Databases":
        """Database upgrades, checks, backups and copies."""
        from crosspromo.services.database import Databases

        workspace = self._workspace
        return Databases(
            store=lambda: workspace.store,
            bare_store=lambda: workspace.bare_store,
            open_store=workspace.open_store,
            clock=workspace.clock,
            is_dead=workspace.worker_lock().is_dead,
            watch=lambda: workspace.database_watch,
        )

    @property
    def backups(self) -> "Backups":
        """Backups of the database or the whole workspace."""
        from crosspromo.services.back_up import Backups

        workspace = self._workspace
        return Backups(
            folder=workspace.folder,
            state_folder=workspace.state_folder,
            databases=self.database,
            session_key=workspace.session_cipher.key,
        )

    @property
    def restores(self) -> "Restores":
        """Restores of backups."""
        from crosspromo.services.restore import Restores

        workspace = self._workspace
        return Restores(
            folder=workspace.folder,
            state_folder=workspace.state_folder,
            databases=self.database,
            settings=workspace.settings,
            cipher=workspace.session_cipher,
        )

    @property
    def search(self) -> "Search":
        """Search on the networks for queued deliveries."""
        from crosspromo.services.look_for import Search

        workspace = self._workspace
        return Search(
            store=workspace.store,
            clock=workspace.clock,
            policies=workspace.settings.policies,
            connector=workspace.connector,
        )

    @property
    def examination(self) -> "Examination":
        """Examination without requests to networks."""
        from crosspromo.services.examine import Examination

        workspace = self._workspace
        return Examination(
            folder=workspace.folder,
            state_folder=workspace.state_folder,
            settings=workspace.settings,
            store=lambda: workspace.store,
            clock=workspace.clock,
            registry=workspace.registry,
            redactor=workspace.redactor,
            connector=workspace.connector,
            check_session_key=workspace.session_cipher.check,
            check_observances=lambda: workspace.observances,
            check_ladders=self.ladders.check,
            templates=lambda: self.templates,
            pictures=workspace.pictures,
            database_file=lambda: workspace.bare_store.file,
            channels=self._channels(),
        )

    def _channels(self) -> "Sequence[Channel]":
        """Channels by which people are told."""
        from crosspromo.services.channels import channels

        workspace = self._workspace
        return channels(workspace.settings, workspace.folder, workspace.redactor, workspace.clock)
