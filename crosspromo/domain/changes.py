"""What saving a record did to it."""

from enum import StrEnum


class Change(StrEnum):
    """What saving a record did."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
