"""Presets of an account by its network: its promise (docs/explanation/ratio.md), gap and cap.

They hold where crosspromo.toml is silent. The reasons for gaps and caps are in docs/decisions/0027.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.policy import DEFAULT_RATIO
from crosspromo.domain.ratio import Target


class Promise(NamedTuple):
    """Ratio target, or quota of partner posts per seven days; at most one of the two."""

    target: Target | None = None
    quota: int | None = None


ANY_NETWORK = Promise(target=DEFAULT_RATIO)

PROMISES: Mapping[str, Promise] = MappingProxyType(
    {
        "x": Promise(target=Target(3, 1)),
        "reddit": Promise(target=Target(9, 1)),
        "facebook": Promise(quota=2),
    }
)
"""Promises of networks whose practice differs from ANY_NETWORK."""


class Limits(NamedTuple):
    """Least time between two posts, and most posts in a calendar day; None: no limit."""

    min_gap: timedelta | None = None
    max_per_day: int | None = None


ANY_LIMITS = Limits(timedelta(minutes=10), 25)

LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "x": ANY_LIMITS,
        "bluesky": ANY_LIMITS,
        "reddit": Limits(timedelta(minutes=15), 10),
        "sandbox": Limits(),
        "manual": Limits(),
    }
)
"""Limits by network; those of other networks are ANY_LIMITS.

Sandbox and manual accounts have none, whatever they imitate. Nobody reads a sandbox, and people try
things out there; what is handed over to a person goes out at the person's own pace.
"""
