"""Settings changes: the keys of crosspromo.toml that differ, and the accounts they concern."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from crosspromo.domain.policy import Policy
from crosspromo.settings import Account, Organisation, Settings

_KEYS: Mapping[str, str] = MappingProxyType({"target": "ratio", "zone": "timezone"})
"""Keys of the file, where the field that holds the value is called otherwise."""

_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "database_url": "[database] url",
        "floor": "[floor] ratio",
        "window": "[defaults] window",
        "blackouts": "[blackouts]",
        "kept_observances": "[observances] keep",
        "session_key": "[security] session_key",
        "smtp": "[smtp]",
        "notify": "[notify]",
        "serve": "[serve]",
    }
)
"""Places in the file by field of the settings; accounts and the organisation have keys instead."""

_OF_EVERY_ACCOUNT = frozenset({"organisation", "floor", "window", "blackouts", "kept_observances"})
"""Fields by which the gate judges the deliveries of every account."""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Difference between two settings: places in the file, and accounts judged by other rules.

    `accounts` None: all of them.
    """

    places: Sequence[str]
    accounts: frozenset[str] | None = frozenset()


def change_between(before: Settings, after: Settings) -> SettingsChange:
    """What differs between two settings, in the order of the file."""
    organisation = _differing(before.organisation, after.organisation)
    whole = [field for field in _PLACES if getattr(before, field) != getattr(after, field)]
    accounts = {
        name: place
        for name in dict.fromkeys([*before.accounts, *after.accounts])
        if (place := _of_account(name, before, after)) is not None
    }
    places = [
        *([f"[organisation] {', '.join(organisation)}"] if organisation else []),
        *(_PLACES[field] for field in whole),
        *accounts.values(),
    ]
    concerns_all = organisation or _OF_EVERY_ACCOUNT.intersection(whole)
    return SettingsChange(places, None if concerns_all else frozenset(accounts))


def _of_account(name: str, before: Settings, after: Settings) -> str | None:
    """Place of what differs in an account; None where nothing does."""
    place = f"[accounts.{name}]"
    old, new = before.accounts.get(name), after.accounts.get(name)
    if old is None:
        return f"{place} (new)"
    if new is None:
        return f"{place} (removed)"
    keys = _differing(old, new)
    return f"{place} {', '.join(keys)}" if keys else None


def _differing(old: Account | Organisation | Policy, new: Any) -> list[str]:
    """Keys whose values differ; those of a policy and of options are named themselves."""
    return list(_each_difference(old, new))


def _each_difference(old: Account | Organisation | Policy, new: Any) -> Iterator[str]:
    for field in fields(old):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if was == is_:
            continue
        if isinstance(was, Policy):
            yield from _each_difference(was, is_)
        elif field.name == "options":
            yield from sorted(
                key for key in was.keys() | is_.keys() if was.get(key) != is_.get(key)
            )
        else:
            yield _KEYS.get(field.name, field.name)
