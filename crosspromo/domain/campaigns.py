"""Campaigns: groups of posts and events with one purpose, such as a drive or a month."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Campaign:
    """Group of posts and events. `added_at` is aware, in UTC.

    Both days belong to it; None: it has no first, or no last. Nothing is sent or held by them.
    """

    slug: str
    name: str
    added_at: datetime
    added_by: str
    first_day: date | None = None
    last_day: date | None = None
    why: str = ""


NO_CAMPAIGN = "none"
"""Word that takes a post or an event out of its campaign; no campaign has it as its slug."""


def chosen_campaign(word: str | None) -> str | None:
    """Slug of the campaign that a person's word means; None: none."""
    slug = (word or "").strip()
    return None if slug.lower() in {"", NO_CAMPAIGN} else slug
