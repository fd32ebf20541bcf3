"""Messages about what newly needs a person."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from crosspromo.domain.notices import Digest, Notice
from crosspromo.domain.timing import wall_clock

MOST_LISTED = 50
"""Notices that one message lists; of the others it gives the number."""


def of_notices(notices: Sequence[Notice], organisation: str, zone: ZoneInfo) -> Digest:
    """Digest of the notices, the oldest first, times in `zone`."""
    count = len(notices)
    what = "1 matter needs a person" if count == 1 else f"{count} matters need a person"
    in_order = sorted(notices, key=lambda notice: (notice.since, notice.key))
    lines = [_of_notice(notice, zone) for notice in in_order[:MOST_LISTED]]
    if count > MOST_LISTED:
        lines.append(f"... and {count - MOST_LISTED} more")
    return Digest(f"{organisation}: {what}", "\n\n".join(lines) + "\n")


def of_trial(organisation: str) -> Digest:
    """Digest that tries a channel out."""
    return Digest(
        f"{organisation}: a test of crosspromo",
        "This is a test. When something newly needs a person, you are told here.\n",
    )


def _of_notice(notice: Notice, zone: ZoneInfo) -> str:
    since = wall_clock(notice.since, zone)
    told = notice.sentence if since in notice.sentence else f"{notice.sentence} (since {since})"
    return f"- {told}" if notice.mend is None else f"- {told}\n  {notice.mend}"
