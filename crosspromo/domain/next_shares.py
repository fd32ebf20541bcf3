"""What shares a partner next: a spotlight only where the queue would take one."""

from datetime import datetime
from enum import StrEnum

from crosspromo.domain.duplicates import DUPLICATE_WINDOW


class NextShare(StrEnum):
    """Way to the next share of a partner."""

    SPOTLIGHT = "spotlight"
    PLANNED = "planned"  # a post about them is queued
    SOMETHING_NEW = "something-new"  # a spotlight may say what an account said lately


def next_share(last_shared_at: datetime | None, now: datetime, *, is_planned: bool) -> NextShare:
    """Way to the next share of a partner; `last_shared_at` None: never, as far as is known.

    A spotlight says the same as the last one, and an account does not say the same twice within
    DUPLICATE_WINDOW. What the last share said is not looked at: doubt asks for something new.
    """
    if is_planned:
        return NextShare.PLANNED
    if last_shared_at is not None and last_shared_at > now - DUPLICATE_WINDOW:
        return NextShare.SOMETHING_NEW
    return NextShare.SPOTLIGHT
