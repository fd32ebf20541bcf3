"""Accounts of crosspromo.toml: selection by name, faults and pauses, and checks of credentials."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import (
    AccountError,
    ConfigError,
    InputError,
    NotFoundError,
    StateError,
)
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.inputs import (
    NoAccountNamed,
    NoAccountsYet,
    RenameAbroad,
    RenameTaken,
)
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.domain.reasons.state import AccountIsSending
from crosspromo.domain.requests import given_name
from crosspromo.secrets.redaction import Redactor
from crosspromo.settings import Account, Settings

if TYPE_CHECKING:  # selection by name needs none of these modules
    from crosspromo.publishing.networks import Connector
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store, Unit

ALL = "all"
"""Word that selects every account; no account may have this name."""


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One account for `account list`: rules, fault, and pause.

    `fault`: the network refuses the account; the network's words and ours. `pause`: the pause over
    the account or over everything. None: no fault, no pause.
    """

    rules: "AccountRules"
    fault: str | None
    pause: Pause | None


@dataclass(frozen=True, slots=True)
class VerifiedAccount:
    """Sign-in result for one account.

    `known_as` is the name by which the network knows the account, `fault` the failure in words
    without secrets. Exactly one of both is None.
    """

    account: str
    known_as: str | None
    fault: str | None

    @property
    def works(self) -> bool:
        """Whether the account's credentials work."""
        return self.fault is None


@dataclass(frozen=True)
class AccountService:
    """Accounts of crosspromo.toml.

    `store` and `rules` raise DatabaseError or ConfigError if the store or the rules are
    unavailable. `connector` takes the name of an account and returns its connector.
    """

    store: "Callable[[], Store]"
    clock: Clock
    settings: Settings
    rules: "Callable[[], Mapping[str, AccountRules]]"
    connector: "Callable[[str], Connector]"
    redactor: Redactor

    def get(self, name: str) -> Account:
        """Settings of the account `name`; NotFoundError for an unknown name."""
        return self.settings.account(name)

    def chosen(self, text: str | None) -> tuple[str, ...]:
        """Account names from a comma-separated list, without repetition; "all" selects every
        account; None selects the accounts that crosspromo.toml names as `to` under [defaults].

        InputError if the list has no names or crosspromo.toml has no accounts; NotFoundError for an
        unknown name.
        """
        if text is None:
            text = self.settings.to or ""
        if text.strip() == ALL:
            if not self.settings.accounts:
                raise InputError(NoAccountsYet())
            return tuple(self.settings.accounts)
        names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
        if not names:
            raise InputError(NoAccountNamed())
        return tuple(self.get(name).name for name in names)

    def list(self) -> Sequence[ListedAccount]:
        """Every account with its fault and pause, in crosspromo.toml's order."""
        with self.store().read() as unit:
            faults = unit.accounts.faults()
            over = {pause.account: pause for pause in unit.pauses.all()}
            return [
                ListedAccount(rules, faults.get(rules.name), over.get(None) or over.get(rules.name))
                for rules in self.rules().values()
            ]

    def verify(self, name: str | None, actor: str) -> Sequence[VerifiedAccount]:
        """Sign in to one account or, if `name` is None, to each account; `actor` names the person.

        An account that was set aside for a fault, or rests because its network said so, goes on
        when its credentials work. An account with the login of another one is set aside.
        NotFoundError for an unknown name.
        """
        names = list(self.settings.accounts) if name is None else [self.get(name).name]
        return [self._verified(each, actor) for each in names]

    def rename(self, old: str, new: str, actor: str) -> int:
        """Move everything of the account `old` to the name `new`; returns how many deliveries.

        NotFoundError where the database does not know `old`, or crosspromo.toml has no account
        `new`. InputError where posts stand under `new` already, or `new` is on another network than
        waiting deliveries. StateError while something is being sent on the account.
        """
        account, name = self.get(new), given_name(actor)
        with self.store().write() as unit:
            unit.accounts.lock(old)
            if old not in unit.accounts.states([old]):
                raise NotFoundError(NoSuchAccount(old, tuple(self.settings.accounts)))
            if unit.deliveries.is_busy(old):
                raise StateError(AccountIsSending(old))
            if old == new or unit.renaming.has_history(new):
                raise InputError(RenameTaken(new))
            for network in unit.renaming.networks_of(old) - {account.network}:
                raise InputError(RenameAbroad(new, account.network, network))
            moved = unit.renaming.move(old, new)
            unit.audit.add(self.clock.now(), name, "rename account", f"{old} to {new}", None)
        return moved

    def _verified(self, name: str, actor: str) -> VerifiedAccount:
        from crosspromo.publishing.logins import double_login, note_clock  # noqa: PLC0415 (heavy imports wait)

        connector: Connector | None = None
        known_as, refused = None, None
        try:
            connector = self.connector(name)
            known_as = connector.verify()
        except (AccountError, ConfigError) as error:
            refused = self.redactor.redact(str(error))
        networks = {each: account.network for each, account in self.settings.accounts.items()}
        now = self.clock.now()
        with self.store().write() as unit:
            unit.accounts.register([name])
            note_clock(unit.accounts, name, connector, {})
            if refused is not None:
                return VerifiedAccount(name, None, refused)
            double = double_login(unit, name, connector, networks)
            if double is not None:
                unit.accounts.set_fault(name, double, now)
                return VerifiedAccount(name, None, double)
            free_account(unit, name, actor, now)
        return VerifiedAccount(name, known_as, None)


def free_account(unit: "Unit", name: str, actor: str, now: datetime) -> None:
    """Clear an account's fault and rest after a successful sign-in, and wake its deliveries.

    The recovery from a fault is written to the audit log.
    """
    unit.accounts.register([name])
    unit.holds.end_rest(name, now)
    if unit.accounts.fault(name) is not None:
        unit.accounts.set_fault(name, None, now)
        unit.holds.wake_account(name, "account", now)
        unit.audit.add(now, actor, "account works again", name, None)
