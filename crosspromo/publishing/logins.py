"""Logins: what connectors know of the account that they sign in to, and its rule.

Two accounts of crosspromo.toml with one login on one network would send every post twice, so an
account is known by what its network calls it, and the second of them is set aside.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

from crosspromo.publishing.networks import Clocked, Identified

CLOCK_STEP: Final = timedelta(seconds=5)
"""Least change of a clock's offset that is worth a write."""


class LoginAccounts(Protocol):
    """The part of the store that this rule needs."""

    def with_identity(self, identity: str) -> Mapping[str, str | None]: ...
    def set_identity(self, name: str, identity: str) -> None: ...
    def set_clock_offset(self, name: str, seconds: float) -> None: ...


class LoginUnit(Protocol):
    """A transaction that records logins."""

    @property
    def accounts(self) -> "LockingLoginAccounts": ...


class LockingLoginAccounts(LoginAccounts, Protocol):
    def lock_organisation(self) -> None: ...


def double_login(
    unit: LoginUnit, name: str, connector: object, networks: Mapping[str, str]
) -> str | None:
    """Sentence why the account must be set aside; None where no other account has its login.

    The account's identity is recorded. `networks` maps each account of crosspromo.toml to its
    network. An account that is set aside itself stands in nobody's way.
    """
    identity = connector.identity if isinstance(connector, Identified) else None
    if identity is None:
        return None
    known = unit.accounts.with_identity(identity)
    if name not in known:
        unit.accounts.lock_organisation()  # of two workers that record one login, one waits
        known = unit.accounts.with_identity(identity)
        unit.accounts.set_identity(name, identity)
    others = [
        other
        for other, fault in known.items()
        if other != name and fault is None and networks.get(other) == networks[name]
    ]
    return double_login_sentence(name, min(others), networks[name]) if others else None


def double_login_sentence(name: str, other: str, network: str) -> str:
    """Sentence about two accounts with one login."""
    return (
        f"{name} and {other} are the same account on {network}, so each post would go out twice; "
        f"give {name} a login of its own, or take one of them out of crosspromo.toml"
    )


def note_clock(
    accounts: LoginAccounts, name: str, connector: object, noted: dict[str, timedelta]
) -> None:
    """Record the offset that the connector learned, if it differs from the one in `noted`.

    `noted` has the offsets by account that this process has recorded, so that few writes are made.
    """
    offset = connector.clock_offset if isinstance(connector, Clocked) else None
    if offset is None:
        return
    before = noted.get(name)
    if before is None or abs(offset - before) >= CLOCK_STEP:
        accounts.set_clock_offset(name, offset.total_seconds())
        noted[name] = offset
