"""Words about permissions on the page of a partner."""

from collections.abc import Sequence
from typing import NamedTuple

from crosspromo.domain.permissions import IMPORTED, Permission
from crosspromo.phrasing.permissions import TO_DO

TITLE = "Permissions"
CHANGE = "Change…"
NONE = "They have not agreed to anything yet. They are named, not tagged."
EVERYWHERE = "everywhere"
FROM_A_LIST = "a yes in a list or in the record"


class Row(NamedTuple):
    """Permission for people: what it allows, and how it stands."""

    what: str
    how: str
    stands: bool


def rows(permissions: Sequence[Permission]) -> list[Row]:
    """Permissions as rows, those that stand first."""
    return [row for row, _ in paired(permissions)]


def paired(permissions: Sequence[Permission]) -> list[tuple[Row, Permission]]:
    """Permissions as rows, each with its permission, those that stand first."""
    ordered = sorted(permissions, key=lambda each: (not each.stands, each.number))
    return [(Row(_what(each), _how(each), each.stands), each) for each in ordered]


def _what(permission: Permission) -> str:
    where = ", ".join(permission.networks) or EVERYWHERE
    until = "" if permission.until is None else f", until {permission.until}"
    return f"Agreed {TO_DO[permission.scope]}, {where}{until}"


def _how(permission: Permission) -> str:
    if not permission.stands:
        return f"Withdrawn by {permission.withdrawn_by}: {permission.withdrawn_why}"
    if permission.evidence == IMPORTED and not permission.agreed_by:
        return f"Evidence: {FROM_A_LIST}"
    day = "" if permission.agreed_on is None else f" on {permission.agreed_on}"
    return f"{permission.agreed_by}{day}. Evidence: {permission.evidence}"
