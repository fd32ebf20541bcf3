"""Partners: organisations and people outside the own group whom we promote."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.errors import InputError
from crosspromo.domain.values import Value, field

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_slug(slug: str) -> str:
    """The slug itself; InputError unless its form is lower-case words joined by hyphens."""
    if SLUG.fullmatch(slug) is None:
        from crosspromo.domain.reasons.inputs import BadSlug  # noqa: PLC0415 (seldom raised)

        raise InputError(BadSlug(slug))
    return slug


class Partner(Value, frozen=True):
    """Partner record, as imported or entered.

    `handles` maps a network to the bare handle there (no `@`, `u/` or address). `tag_ok`: the
    partner agreed to be tagged; otherwise posts only name the partner. `status` is a legal status
    such as `c3`, `527` or `candidate`. `notes` holds spreadsheet columns that crosspromo does not
    know. `archived_at`: since when the partner is no longer offered; None: it is.
    """

    slug: str
    name: str
    kind: str = ""
    list: str = ""
    closeness: str = ""
    tier: str = ""
    why: str = ""
    website: str = ""
    handles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    topics: tuple[str, ...] = ()
    tag_ok: bool = False
    status: str = ""
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    archived_at: datetime | None = None
    owner: str = ""
    support: str = ""
    goals: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    cadence_days: int | None = None
    most_posts: int | None = None
    most_posts_days: int | None = None
    notice_hours: int | None = None


class References(NamedTuple):
    """Number of posts, events, ledger rows and notes that name a partner.

    `noted` counts the entries of the diary, and what was received. `kept_up` counts what people
    added by hand: people at the partner, permissions, introductions and sources.
    """

    posts: int
    events: int
    ledger_rows: int
    noted: int = 0
    kept_up: int = 0
