"""Reasons why a permission, or a consent on an image, is not recorded or withdrawn.

Days are local days of the organisation; moments are aware, in UTC.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple


class EvidenceMissing(NamedTuple):
    """Missing words that tell where the agreement can be seen."""


class AgreedLater(NamedTuple):
    """Day of an agreement that is still to come."""

    day: date


class EndsBeforeAgreed(NamedTuple):
    """Last day `until` before the day of the agreement."""

    agreed_on: date
    until: date


class UnknownNetworks(NamedTuple):
    """Networks that nobody knows; `known` are those that may be named."""

    networks: tuple[str, ...]
    known: tuple[str, ...]


class WithdrawnAlready(NamedTuple):
    """Permission or consent (`number`) that was withdrawn before, at `at`."""

    number: int
    at: datetime


PermissionRefusal = (
    EvidenceMissing | AgreedLater | EndsBeforeAgreed | UnknownNetworks | WithdrawnAlready
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        EvidenceMissing: "evidence-missing",
        AgreedLater: "agreed-later",
        EndsBeforeAgreed: "ends-before-agreed",
        UnknownNetworks: "unknown-networks",
        WithdrawnAlready: "withdrawn-already",
    }
)
