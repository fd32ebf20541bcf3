"""Account rules and organisation rules, as the publishing core needs them."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.mourning import Silence
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.networks import Capabilities


@dataclass(frozen=True, slots=True)
class AccountRules:
    """Rules and limits of one account. `look_up_after` counts from the attempt.

    `text_network` is the network whose templates and handles apply: the account's own, or the one
    that a manual or sandbox account imitates; `capabilities` are those of that network there.
    `accounts_sharing_duplicate_rule` names the other accounts on which the network forbids a text
    in nearly the same words. `timeout` bounds one network call.
    """

    name: str
    network: str
    text_network: str
    capabilities: Capabilities
    policy: Policy
    timeout: timedelta
    look_up_after: tuple[timedelta, ...]
    accounts_sharing_duplicate_rule: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationRules:
    """Rules over all accounts: the floor (None: turned off) and the window it is counted in.

    `zone` is the time zone in which people read times. `status` is our own legal status, None where
    none applies. `blackouts` are days of silence, and the days of mourning that are kept.
    `own_group` are slugs of partners that count as us.
    """

    floor: Target | None
    window: Window
    zone: ZoneInfo = UTC_ZONE
    status: str | None = None
    blackouts: tuple[Silence, ...] = ()
    own_group: frozenset[str] = frozenset()
