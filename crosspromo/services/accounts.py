"""Accounts: choosing them by name, how they stand, and whether their credentials work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import AccountError, ConfigError, InputError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.inputs import NoAccountNamed, NoAccountsYet
from crosspromo.secrets.redaction import Redactor
from crosspromo.settings import Account, Settings

if TYPE_CHECKING:  # choosing accounts by name needs none of it
    from crosspromo.publishing.networks import Connector
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store, Unit

ALL = "all"
"""How every account is chosen; none may have this name."""


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """An account with its rules.

    `fault`: its network refuses it, in the network's words and ours. `pause` lies over it or over
    everything.
    """

    rules: "AccountRules"
    fault: str | None
    pause: Pause | None


@dataclass(frozen=True, slots=True)
class VerifiedAccount:
    """The outcome of signing in: the name that the network knows the account by, or in words why
    there is none.
    """

    account: str
    known_as: str | None
    fault: str | None

    @property
    def works(self) -> bool:
        """Whether its credentials work."""
        return self.fault is None


@dataclass(frozen=True)
class Accounts:
    """The accounts of crosspromo.toml.

    `store` and `rules` raise DatabaseError or ConfigError where they cannot be had. `connector`
    signs in to the account of a name.
    """

    store: "Callable[[], Store]"
    clock: Clock
    settings: Settings
    rules: "Callable[[], Mapping[str, AccountRules]]"
    connector: "Callable[[str], Connector]"
    redactor: Redactor

    def get(self, name: str) -> Account:
        """The settings of the account; NotFoundError where there is none of this name."""
        return self.settings.account(name)

    def chosen(self, text: str) -> tuple[str, ...]:
        """The names in a comma list, each once; for "all" those of every account.

        InputError where it names none, or there is none; NotFoundError where one is not there.
        """
        if text.strip() == ALL:
            if not self.settings.accounts:
                raise InputError(NoAccountsYet())
            return tuple(self.settings.accounts)
        names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
        if not names:
            raise InputError(NoAccountNamed())
        return tuple(self.get(name).name for name in names)

    def list(self) -> Sequence[ListedAccount]:
        """Every account, in the order of crosspromo.toml."""
        with self.store().read() as unit:
            faults = unit.accounts.faults()
            return [
                ListedAccount(rules, faults.get(rules.name), unit.pauses.over(rules.name))
                for rules in self.rules().values()
            ]

    def verify(self, name: str | None, actor: str) -> Sequence[VerifiedAccount]:
        """Sign in to the account, or with None to each, on behalf of a person named `actor`.

        One that was set aside for a fault goes on when it works again. NotFoundError where there is
        no account of this name.
        """
        names = list(self.settings.accounts) if name is None else [self.get(name).name]
        return [self._verified(each, actor) for each in names]

    def _verified(self, name: str, actor: str) -> VerifiedAccount:
        try:
            known_as = self.connector(name).verify()
        except (AccountError, ConfigError) as error:
            return VerifiedAccount(name, None, self.redactor.redact(str(error)))
        with self.store().write() as unit:
            free_account(unit, name, actor, self.clock.now())
        return VerifiedAccount(name, known_as, None)


def free_account(unit: "Unit", name: str, actor: str, now: datetime) -> None:
    """Take note that an account works again, and let the deliveries that waited for it go on."""
    unit.accounts.register([name])
    if unit.accounts.fault(name) is not None:
        unit.accounts.set_fault(name, None, now)
        unit.holds.wake_account(name, "account")
        unit.audit.add(now, actor, "account works again", name, None)
