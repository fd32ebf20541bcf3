"""All reasons for refusing a person's act, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from crosspromo.domain.reasons import (
    database,
    inputs,
    ledger,
    not_found,
    partners,
    people,
    permissions,
    queueing,
    sheets,
    sources,
    state,
)

Refusal = (
    not_found.NotFound
    | inputs.InputRefusal
    | state.StateRefusal
    | queueing.QueueingRefusal
    | database.DatabaseRefusal
    | ledger.LedgerRefusal
    | people.PeopleRefusal
    | partners.PartnerRefusal
    | sheets.SheetRefusal
    | permissions.PermissionRefusal
    | sources.SourceRefusal
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        **not_found.CODES,
        **inputs.CODES,
        **state.CODES,
        **queueing.CODES,
        **database.CODES,
        **ledger.CODES,
        **people.CODES,
        **partners.CODES,
        **sheets.CODES,
        **permissions.CODES,
        **sources.CODES,
    }
)


def code_of(reason: Refusal) -> str:
    """Refusal code."""
    return CODES[type(reason)]
