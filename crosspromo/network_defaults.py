"""Default promise of an account, by network (docs/explanation/ratio.md)."""

from collections.abc import Mapping
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
