"""Version of settings: a digest of all rules by which the gate decides."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from msgspec.json import encode

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Target, Window

if TYPE_CHECKING:
    from crosspromo.domain.mourning import Silence


class AccountSettings(Protocol):
    """Settings, or rules, of an account."""

    @property
    def network(self) -> str: ...
    @property
    def text_network(self) -> str: ...
    @property
    def policy(self) -> Policy: ...


class GateSettings(Protocol):
    """Settings, or rules, over all accounts."""

    @property
    def floor(self) -> Target | None: ...
    @property
    def window(self) -> Window: ...


def settings_version(
    accounts: Mapping[str, AccountSettings],
    organisation: GateSettings,
    silences: "Sequence[Silence]",
    zone: ZoneInfo,
    status: str | None,
) -> str:
    """Digest of the rules, the same in every process that reads the same settings.

    `silences` are blackouts and kept days of mourning, `status` is our own legal status.
    """
    rules = [
        (name, account.network, account.text_network, account.policy)
        for name, account in sorted(accounts.items())
    ]
    whole = (
        organisation.floor,
        organisation.window,
        [_written(each) for each in silences],
        zone.key,
        status,
    )
    text = encode((rules, whole), order="deterministic")
    return hashlib.sha256(text).hexdigest()[:32]


def _written(silence: "Silence") -> object:
    return silence if isinstance(silence, Blackout) else silence.rules
