"""Terms on which we keep up with a partner, and since when: list, closeness and cadence."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.values import Value

if TYPE_CHECKING:
    from crosspromo.domain.partners import Partner


class Term(Value, frozen=True):
    """Value that a field of a partner had from `since` until `until`; None: it has it now.

    `field` is a key of `terms_of`. Times are aware, in UTC. For a time without a term the partner
    had none, or it is not known: terms are recorded since version 0017 of the database.
    """

    field: str
    value: str
    since: datetime
    until: datetime | None = None


def terms_of(partner: "Partner") -> Mapping[str, str]:
    """Values of the fields of which a history is kept; an empty text where there is none."""
    days = partner.cadence_days
    return {
        "list": partner.list,
        "closeness": partner.closeness,
        "cadence": "" if days is None else str(days),
    }
