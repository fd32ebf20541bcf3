"""Accounts by name."""

from collections.abc import Mapping
from typing import TypeVar

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.reasons.not_found import NoSuchAccount

T = TypeVar("T")


def account_named(name: str, accounts: Mapping[str, T]) -> T:
    """What is known of the account of this name; NotFoundError names those there are."""
    try:
        return accounts[name]
    except KeyError:
        raise NotFoundError(NoSuchAccount(name, tuple(accounts))) from None
