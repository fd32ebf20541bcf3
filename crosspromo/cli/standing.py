"""Notices of what needs a person, with the command that mends each."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.cli.mending import instruction
from crosspromo.domain.matters import Matter, NotTold
from crosspromo.domain.notices import Notice
from crosspromo.phrasing.matters import mend_of, of_matter


def notices(matters: Iterable[Matter], now: datetime, zone: ZoneInfo) -> list[Notice]:
    """Notices of these matters; those about notices themselves are left out."""
    return [
        Notice(matter.key, matter.since or now, of_matter(matter, zone), _command(matter))
        for matter in matters
        if not isinstance(matter.detail, NotTold)
    ]


def _command(matter: Matter) -> str | None:
    mend = mend_of(matter)
    return None if mend is None else instruction(mend)
