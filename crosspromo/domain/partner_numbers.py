"""Numbers in a partner's record: how high each may be, and which go together.

They hold for whatever a person types and for whatever a file brings.
"""

from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.partners import Partner

HIGHEST: Mapping[str, int] = MappingProxyType(
    {
        "cadence_days": 3_650,
        "most_posts": 1_000,
        "most_posts_days": 365,
        "notice_hours": 8_760,
    }
)
"""Highest number by field; the lowest is 1."""


def lacking_half(partner: Partner) -> str | None:
    """Half that the limit on posts lacks, as the name of its field; None where it lacks none."""
    if (partner.most_posts is None) == (partner.most_posts_days is None):
        return None
    return "most_posts" if partner.most_posts is None else "most_posts_days"
