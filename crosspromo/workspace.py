"""Composition root: builds store, connectors and services from a workspace and its settings."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from crosspromo.disks import Stamp, stamp_of
from crosspromo.domain.clock import Clock, SystemClock
from crosspromo.domain.errors import ConfigError, DatabaseError, InputError, NotFoundError
from crosspromo.domain.reasons.not_found import NoWorkspace
from crosspromo.readable_settings import readable_part
from crosspromo.resources import SHIPPED
from crosspromo.secrets.redaction import Redactor
from crosspromo.settings import FILE_NAME, Account, Settings, account_keys, load

if TYPE_CHECKING:
    from crosspromo.assembly import Services
    from crosspromo.connectors.registry import Registry
    from crosspromo.domain.database_identity import Oddity
    from crosspromo.domain.mourning import Silence
    from crosspromo.domain.observances import Observance, Unreadable
    from crosspromo.intake.pictures import ImageFolder
    from crosspromo.publishing.dispatch import Dispatcher
    from crosspromo.publishing.networks import Capabilities, Connector, Network
    from crosspromo.publishing.reconcile import Reconciler
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.rendering.templates import Templates
    from crosspromo.secrets.sessions import SessionCipher
    from crosspromo.services.database_watch import DatabaseWatch
    from crosspromo.services.play.freshness import Freshness
    from crosspromo.store.unit import Store
    from crosspromo.worker_locks import WorkerLock

VARIABLE = "CROSSPROMO_WORKSPACE"
STATE_FOLDER = ".crosspromo"
"""Folder for the state of this machine: worker locks, the key that encrypts sessions, marks."""

TEMPLATES_FOLDER = "templates"

_DATABASE_PLACE = f"{FILE_NAME}, [database] url"

MARKS = "databases.json"
"""File in the state folder with the high-water marks of the databases."""


def find(start: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Folder of the workspace: $CROSSPROMO_WORKSPACE, else the nearest with a crosspromo.toml.

    The search starts at `start` and goes upward. Raises InputError where no folder is found.
    """
    named = environment.get(VARIABLE)
    if named:
        return Path(named)
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise InputError(NoWorkspace())


class Workspace:
    """Workspace folder with its settings, database, templates and accounts.

    Each part is built on first use.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        clock: Clock | None = None,
        registry: "Registry | None" = None,
        settings_stamp: Stamp | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.settings = settings
        self.settings_stamp = settings_stamp
        """Stamp of the settings file from before it was read; None: it was not read here."""
        self.clock: Clock = clock or SystemClock()
        self._registry = registry
        self.redactor = Redactor()
        self._connectors: dict[str, Connector] = {}
        self.oddity: Oddity | None = None
        """What was found odd about the database when `store` was opened; None before that."""
        self._shares_database = False
        self.freshness: Freshness | None = None
        """Freshness of the stored forecasts, in a process that shows many pages; else None."""
        self.settings_fault: ConfigError | None = None
        """Why crosspromo.toml cannot be used; the settings are then what of it can be read."""

    @classmethod
    def open(cls, folder: Path, *, clock: Clock | None = None) -> Self:
        """Open the workspace in `folder`.

        Raises NotFoundError where the folder has no crosspromo.toml, ConfigError where that file
        cannot be used.
        """
        file = folder / FILE_NAME
        if not file.is_file():
            raise NotFoundError(NoWorkspace(str(folder)))
        stamp = stamp_of(file)
        return cls(folder, load(file), clock=clock, settings_stamp=stamp)

    @classmethod
    def open_despite_faults(cls, folder: Path) -> Self:
        """Open the workspace in `folder` also where its crosspromo.toml cannot be used.

        `settings_fault` says why; accounts and rules are not known then. ConfigError where the file
        does not even tell which database is used.
        """
        try:
            return cls.open(folder)
        except ConfigError as error:
            settings = readable_part(folder / FILE_NAME)
            if settings is None:
                raise ConfigError(
                    f"{error}. It cannot be read which database is used, either, so correct the "
                    "file. To stop every post until then, end the daemon"
                ) from error
            workspace = cls(folder, settings)
            workspace.settings_fault = error
            return workspace

    def successor(self) -> "Workspace":
        """Workspace with the settings file of now, on the same database, for a running daemon.

        ConfigError where the file cannot be used, or names another database: deliveries of this one
        may be half sent. Closing the successor leaves the database open.
        """
        file = self.folder / FILE_NAME
        stamp = stamp_of(file)
        successor = Workspace(
            self.folder,
            load(file),
            clock=self.clock,
            registry=self.registry,
            settings_stamp=stamp,
        )
        successor.redactor = self.redactor
        if successor.database_address != self.database_address:
            raise ConfigError(
                f"{_DATABASE_PLACE}: a running daemon keeps its database; end the daemon, and "
                "start it anew"
            )
        successor._shares_database = True
        successor.bare_store = self.bare_store
        successor.store = self.store
        return successor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connectors and, unless it belongs to a predecessor, the database."""
        self.close_connectors()
        if "bare_store" in self.__dict__ and not self._shares_database:
            self.bare_store.close()

    def close_connectors(self) -> None:
        """Close all connectors; one that is asked for later is built anew."""
        for connector in self._connectors.values():
            connector.close()
        self._connectors.clear()

    @cached_property
    def observances(self) -> "Mapping[str, Observance]":
        """Observances by slug, shipped ones and the workspace's own.

        ConfigError where a file cannot be used, or the settings keep an unknown observance.
        """
        from crosspromo.observance_file import check_kept, read_observances

        known = read_observances(self.folder)
        check_kept(self.settings.kept_observances, known)
        return known

    @cached_property
    def registry(self) -> "Registry":
        """Registry of the installed networks."""
        from crosspromo.connectors.registry import Registry

        return self._registry or Registry()

    @cached_property
    def bare_store(self) -> "Store":
        """Store without a check of the database version, for upgrades and checks."""
        return self._store_at(self.database_address)

    @cached_property
    def database_address(self) -> str:
        """URL of the database, with what was behind a reference when it was first looked up."""
        return self._address(self.settings.database_url, _DATABASE_PLACE)

    @cached_property
    def store(self) -> "Store":
        """Store; DatabaseError where the database is missing or of another version.

        Everything is paused if the database was copied, replaced, or has gone back in time. The
        first write transaction records the policies of the settings, if they have changed.
        """
        from crosspromo.store.database.engine import require_current

        self._require_file()
        require_current(self.bare_store.engine)
        self.oddity = self.database_watch.look()
        self.record_policies()
        return self.bare_store

    def _require_file(self) -> None:
        """DatabaseError if a SQLite database that this workspace has had is gone."""
        file = self.bare_store.file
        if file is not None and not file.exists() and self.database_watch.marks.read():
            raise DatabaseError(
                f"the database {file} is gone, with everything in the queue; put it back, or "
                "restore a backup"
            )

    def record_policies(self) -> None:
        """Have the next write transaction record the policies of the settings, if they changed."""
        if self.settings_fault is not None:  # its policies are not known
            return
        settings = self.settings
        self.services.policy_records(self.bare_store).record_at_first_write(
            settings.policies, settings.floor_terms
        )

    @property
    def database_watch(self) -> "DatabaseWatch":
        """Watch over the identity of the database."""
        from crosspromo.services.database_watch import DatabaseWatch
        from crosspromo.store.database.identity import MarkFile

        return DatabaseWatch(self.bare_store, MarkFile(self.state_folder / MARKS), self.clock)

    @property
    def account_names(self) -> Sequence[str]:
        """Accounts in crosspromo.toml; those in the database where that file cannot be used."""
        if self.settings_fault is None:
            return tuple(self.settings.accounts)
        with self.store.read() as unit:
            return unit.accounts.names()

    def open_store(self, url: str, place: str) -> "Store":
        """Store at a URL or a reference to one (`env:NAME`); errors name `place` as its source."""
        return self._store_at(self._address(url, place))

    def _address(self, url: str, place: str) -> str:
        from crosspromo.secrets.references import database_url

        return database_url(url, place, self.folder, self.redactor)

    def _store_at(self, address: str) -> "Store":
        from crosspromo.store.database.engine import open_engine
        from crosspromo.store.unit import Store

        return Store(open_engine(address, self.folder))

    @property
    def template_folder(self) -> Path:
        """Folder of the workspace's own templates, which may not exist."""
        return self.folder / TEMPLATES_FOLDER

    @cached_property
    def templates(self) -> "Templates":
        """Templates of the workspace, with crosspromo's own as fallback."""
        from crosspromo.rendering.templates import Templates

        folders = (self.template_folder, SHIPPED / TEMPLATES_FOLDER)
        organisation = self.settings.organisation
        return Templates(folders, organisation.name, organisation.zone)

    def forget_templates(self) -> None:
        """Have the templates read anew when they are used next."""
        self.__dict__.pop("templates", None)

    @cached_property
    def rules(self) -> "Mapping[str, AccountRules]":
        """Rules by account name; ConfigError where an account names an unknown network."""
        return MappingProxyType(
            {name: self._rules_of(account) for name, account in self.settings.accounts.items()}
        )

    @property
    def organisation_rules(self) -> "OrganisationRules":
        """Rules of the organisation over all accounts together."""
        from crosspromo.publishing.rules import OrganisationRules

        settings = self.settings
        return OrganisationRules(
            floor=settings.floor,
            window=settings.window,
            zone=settings.organisation.zone,
            status=settings.organisation.status,
            blackouts=self.silences,
            own_group=settings.organisation.own_group,
        )

    @cached_property
    def silences(self) -> "tuple[Silence, ...]":
        """Days of silence of the settings, and the days of mourning that they keep.

        Those of a kept observance that cannot be read, or that no file has, are unknown, and any
        day may be one of them.
        """
        kept = self.settings.kept_observances
        if not kept:
            return self.settings.blackouts
        from crosspromo.domain.mourning import Mourning
        from crosspromo.observance_file import FILE_NAME

        known, _ = self._usable_observances
        unknown = [
            each.slug or f"a day in {FILE_NAME}"
            for each in self.unreadable_observances
            if each.may_mourn
        ]
        mourning = Mourning.kept((known[slug] for slug in kept if slug in known), unknown)
        return (*self.settings.blackouts, *([] if mourning.is_empty else [mourning]))

    @property
    def unreadable_observances(self) -> "Sequence[Unreadable]":
        """Kept observances whose days are unknown."""
        if not self.settings.kept_observances:
            return ()
        _, unreadable = self._usable_observances
        return unreadable

    @cached_property
    def _usable_observances(self) -> "tuple[Mapping[str, Observance], Sequence[Unreadable]]":
        from crosspromo.observance_file import usable_observances

        return usable_observances(self.folder, self.settings.kept_observances)

    @cached_property
    def settings_version(self) -> str:
        """Digest of all rules by which the gate decides."""
        from crosspromo.services.settings_version import settings_version

        settings, organisation = self.settings, self.settings.organisation
        return settings_version(
            settings.accounts, settings, self.silences, organisation.zone, organisation.status
        )

    def pictures(self, *, keep: bool = True) -> "ImageFolder":
        """Image store for posts; with `keep` False nothing is written (dry run)."""
        from crosspromo.intake.pictures import ImageFolder

        return ImageFolder(self.folder, keep=keep)

    @property
    def session_cipher(self) -> "SessionCipher":
        """Cipher for the sessions of accounts."""
        from crosspromo.secrets.sessions import SessionCipher

        reference = self.settings.session_key
        return SessionCipher(self.state_folder, workspace=self.folder, reference=reference)

    @property
    def state_folder(self) -> Path:
        """Folder of worker locks and keys."""
        return self.folder / STATE_FOLDER

    @cached_property
    def services(self) -> "Services":
        """Use cases of this workspace."""
        from crosspromo.assembly import Services

        return Services(self)

    def connector(self, name: str) -> "Connector":
        """Connector of the account, built on first use; heavy libraries load here."""
        connector = self._connectors.get(name)
        if connector is None:
            connector = self._connectors[name] = self.own_connector(name)
        return connector

    def own_connector(self, name: str) -> "Connector":
        """New connector of the account, for another thread than that which sends.

        The caller closes it.
        """
        from crosspromo.secrets.redacting_connector import RedactingConnector

        return RedactingConnector(self._connect(self.settings.account(name)), self.redactor)

    def dispatcher(self, worker: str) -> "Dispatcher":
        """Dispatcher, which claims and sends due deliveries in the name of `worker`."""
        from crosspromo.publishing.dispatch import Dispatcher

        return Dispatcher(
            store=self.store,
            connector=self.connector,
            accounts=self.rules,
            organisation=self.organisation_rules,
            clock=self.clock,
            worker=worker,
        )

    def reconciler(self, worker_lock: "WorkerLock") -> "Reconciler":
        """Reconciler, which settles sends whose answer was lost."""
        from crosspromo.publishing.reconcile import Reconciler

        return Reconciler(
            store=self.store,
            connector=self.connector,
            accounts=self.rules,
            clock=self.clock,
            is_dead=worker_lock.is_dead,
            worker=worker_lock.worker,
            zone=self.settings.organisation.zone,
        )

    def worker_lock(self) -> "WorkerLock":
        """Worker lock of this process; a process that enters it is a live worker."""
        from crosspromo.worker_locks import WorkerLock

        return WorkerLock(self.state_folder / "workers")

    def _rules_of(self, account: Account) -> "AccountRules":
        from crosspromo.publishing.rules import AccountRules

        network = self._network_of(account)
        capabilities = self._capabilities(account, network)
        return AccountRules(
            name=account.name,
            network=account.network,
            text_network=account.text_network,
            capabilities=capabilities,
            policy=account.policy,
            timeout=account.timeout,
            look_up_after=account.look_up_after,
            accounts_sharing_duplicate_rule=(
                self._others_on(account) if capabilities.unique_across_accounts else ()
            ),
        )

    def _others_on(self, account: Account) -> tuple[str, ...]:
        """Names of the other accounts with the same text network."""
        return tuple(
            other.name
            for other in self.settings.accounts.values()
            if other.text_network == account.text_network and other.name != account.name
        )

    def _network_of(self, account: Account) -> "Network":
        """Network of the account.

        ConfigError where the network is unknown, does not have a key of the account, or cannot
        imitate.
        """
        place = f"[accounts.{account.name}]"
        try:
            network = self.registry.get(account.network)
        except ConfigError as error:
            raise ConfigError(f"{place}: {error}") from None
        for key in account.options:
            if key not in network.options:
                known = sorted(account_keys() | set(network.options))
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
                raise ConfigError(f"{place}: {account.network} has no key {key}; {hint}")
        if account.imitates is not None and not network.imitates:
            raise ConfigError(f"{place}: only manual and sandbox accounts can imitate a network")
        return network

    def _capabilities(self, account: Account, network: "Network") -> "Capabilities":
        if account.imitates is None:
            cards = network.capabilities.makes_cards and account.options.get("cards") != "off"
            return replace(network.capabilities, makes_cards=cards)
        imitated = self.registry.get(account.imitates).capabilities
        return replace(
            network.capabilities,
            text=imitated.text,
            images=imitated.images,
            reposts=imitated.reposts,
            quotes=imitated.quotes,
            threads=imitated.threads,
            unique_across_accounts=imitated.unique_across_accounts,
        )

    def _connect(self, account: Account) -> "Connector":
        from crosspromo.publishing.networks import AccountSetup
        from crosspromo.secrets.references import resolve
        from crosspromo.secrets.sessions import EncryptedSessions

        network = self._network_of(account)
        credentials = resolve(
            account, self.folder, self.redactor, frozenset(network.public_credentials)
        )
        given = frozenset(credentials)
        if not any(given == frozenset(wanted) for wanted in network.credentials):
            choices = " or ".join(", ".join(wanted) for wanted in network.credentials)
            raise ConfigError(
                f"[accounts.{account.name}] credentials: {account.network} needs {choices}"
            )
        sessions = EncryptedSessions(self.store, self.session_cipher, self.redactor, account.name)
        return network.connect(
            AccountSetup(
                name=account.name,
                credentials=credentials,
                options=account.options,
                server=account.server,
                timeout=account.timeout,
                workspace=self.folder,
                sessions=sessions,
                imitates=account.imitates,
                zone=self.settings.organisation.zone,
            )
        )
