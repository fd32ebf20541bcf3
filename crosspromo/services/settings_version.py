"""Version of settings: a digest of all rules by which the gate decides."""

import hashlib
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec.json import encode

from crosspromo.publishing.rules import AccountRules, OrganisationRules


def settings_version(accounts: Mapping[str, AccountRules], organisation: OrganisationRules) -> str:
    """Digest of the rules, the same in every process that reads the same settings."""
    rules = [
        (
            name,
            account.network,
            account.policy,
            account.accounts_sharing_duplicate_rule,
            account.capabilities.by_hand,
        )
        for name, account in sorted(accounts.items())
    ]
    text = encode((rules, organisation), enc_hook=_plain, order="deterministic")
    return hashlib.sha256(text).hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, ZoneInfo):
        return value.key
    return repr(value)
