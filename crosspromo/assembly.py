"""The services of a workspace, each built with what it needs when it is asked for.

A service of acts takes the name of the person who acts, as `actor`: it stands in the audit log. The
others are properties.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a service is imported when it is asked for, so that commands answer at once
    from crosspromo.services.accounts import Accounts
    from crosspromo.services.act_on_delivery import DeliveryActs
    from crosspromo.services.audit_log import AuditLog
    from crosspromo.services.change_event import Events
    from crosspromo.services.count_outside import OutsideCounts
    from crosspromo.services.database import Databases
    from crosspromo.services.delivery_view import DeliveryViews
    from crosspromo.services.event_view import EventViews
    from crosspromo.services.examine import Examination
    from crosspromo.services.explanation import Explanations
    from crosspromo.services.ledger_view import LedgerView
    from crosspromo.services.networks import Networks
    from crosspromo.services.partners import Partners
    from crosspromo.services.pauses import Pauses
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.services.ratio_report import RatioReports
    from crosspromo.services.status import Statuses
    from crosspromo.services.templates import TemplateChecks
    from crosspromo.worker_locks import WorkerLock
    from crosspromo.workspace import Workspace

# ruff: noqa: PLC0415 (see above)


class Services:
    """Every use case of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    @property
    def accounts(self) -> "Accounts":
        """Accounts: choosing, listing and verifying them."""
        from crosspromo.services.accounts import Accounts

        workspace = self._workspace
        return Accounts(
            store=lambda: workspace.store,
            clock=workspace.clock,
            settings=workspace.settings,
            rules=lambda: workspace.rules,
            connector=workspace.connector,
            redactor=workspace.redactor,
        )

    @property
    def queue_post(self) -> "PostQueue":
        """From a request to deliveries in the queue."""
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
        )

    def act_on_delivery(self, actor: str) -> "DeliveryActs":
        """Acts of a person on deliveries."""
        from crosspromo.services.act_on_delivery import DeliveryActs

        workspace = self._workspace
        return DeliveryActs(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            connector=workspace.connector,
            actor=actor,
        )

    def pauses(self, actor: str) -> "Pauses":
        """Pausing and resuming accounts, or everything."""
        from crosspromo.services.pauses import Pauses

        workspace = self._workspace
        return Pauses(
            store=workspace.store,
            clock=workspace.clock,
            policies=workspace.settings.policies,
            actor=actor,
        )

    @property
    def deliveries(self) -> "DeliveryViews":
        """Deliveries as people see them."""
        from crosspromo.services.delivery_view import DeliveryViews

        workspace = self._workspace
        return DeliveryViews(
            store=workspace.store,
            policies=workspace.settings.policies,
            rules=lambda: workspace.rules,
        )

    @property
    def explanation(self) -> "Explanations":
        """Why a delivery is held, or was allowed."""
        from crosspromo.services.explanation import Explanations

        workspace = self._workspace
        return Explanations(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
            own_group=workspace.settings.organisation.own_group,
        )

    def status(self, worker_lock: "WorkerLock") -> "Statuses":
        """Whether all is well, as seen from this process."""
        from crosspromo.services.status import Statuses

        workspace = self._workspace
        return Statuses(store=workspace.store, clock=workspace.clock, is_dead=worker_lock.is_dead)

    def change_event(self, actor: str) -> "Events":
        """Adding, importing and cancelling events, and what that does to the queue."""
        from crosspromo.services.change_event import Events

        workspace = self._workspace
        return Events(
            store=workspace.store,
            clock=workspace.clock,
            organisation=workspace.settings.organisation,
            rules=lambda: workspace.rules,
            renderer=lambda: workspace.templates,
            actor=actor,
        )

    @property
    def events(self) -> "EventViews":
        """Events as people see them."""
        from crosspromo.services.event_view import EventViews

        return EventViews(store=self._workspace.store, clock=self._workspace.clock)

    @property
    def partners(self) -> "Partners":
        """Partners: adding, changing, importing, exporting."""
        from crosspromo.services.partners import Partners

        return Partners(store=self._workspace.store)

    def count_outside(self, actor: str) -> "OutsideCounts":
        """Posts that were made without crosspromo, and opening balances."""
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
        """All that counts."""
        from crosspromo.services.ledger_view import LedgerView

        return LedgerView(store=self._workspace.store, settings=self._workspace.settings)

    @property
    def audit_log(self) -> "AuditLog":
        """What people did."""
        from crosspromo.services.audit_log import AuditLog

        return AuditLog(store=self._workspace.store)

    @property
    def ratio_reports(self) -> "RatioReports":
        """What was shared, and where we stand."""
        from crosspromo.services.ratio_report import RatioReports

        workspace = self._workspace
        return RatioReports(
            store=workspace.store,
            clock=workspace.clock,
            rules=workspace.rules,
            organisation=workspace.organisation_rules,
        )

    @property
    def templates(self) -> "TemplateChecks":
        """Which template serves which post, and whether it works."""
        from crosspromo.services.templates import TemplateChecks

        workspace = self._workspace
        return TemplateChecks(templates=workspace.templates, rules=workspace.rules)

    @property
    def networks(self) -> "Networks":
        """The networks that are installed."""
        from crosspromo.services.networks import Networks

        return Networks(registry=self._workspace.registry)

    @property
    def database(self) -> "Databases":
        """Upgrading, checking, backing up and moving the database."""
        from crosspromo.services.database import Databases

        workspace = self._workspace
        return Databases(
            store=lambda: workspace.store,
            bare_store=lambda: workspace.bare_store,
            open_store=workspace.open_store,
            clock=workspace.clock,
            is_dead=workspace.worker_lock().is_dead,
        )

    @property
    def examination(self) -> "Examination":
        """Everything that can be checked without asking a network."""
        from crosspromo.services.examine import Examination

        workspace = self._workspace
        return Examination(
            folder=workspace.folder,
            settings=workspace.settings,
            store=lambda: workspace.store,
            clock=workspace.clock,
            registry=workspace.registry,
            redactor=workspace.redactor,
            connector=workspace.connector,
            check_session_key=workspace.session_cipher.check,
            templates=lambda: self.templates,
            pictures=workspace.pictures,
        )
