"""Kinds of change to a saved record."""

from enum import StrEnum


class Change(StrEnum):
    """Effect of saving a record."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
