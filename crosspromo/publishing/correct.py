"""An event that we shared and that will not take place: a correction, for a person to approve."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Kind
from crosspromo.domain.timing import wall_clock
from crosspromo.publishing.compose import PostRequest
from crosspromo.publishing.enqueue import Draft, enqueue
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.storage import Unit


def correct(
    unit: Unit,
    event: Event,
    *,
    accounts: Mapping[str, AccountRules],
    draft: Callable[[PostRequest, AccountRules], Draft],
    zone: ZoneInfo,
    now: datetime,
) -> tuple[list[int], list[str]]:
    """Draft a correction on every account that announced the cancelled event.

    The ids of the drafts come back, and a sentence for each account on which none could be made (a
    network that forbids the same text on two accounts, say): there a person has to write one.
    """
    when = wall_clock(event.starts_at, zone)
    request = PostRequest(
        kind=Kind.NOTICE,
        author=OURSELVES,
        text=f"Cancelled: {event.title} ({when}). We shared it earlier; it will not take place.",
        title=f"Cancelled: {event.title}",
        reason=f"{event.slug} was cancelled after we had shared it",
        allow_duplicate=f"{event.slug} was cancelled",
    )
    drafted: list[int] = []
    missing: list[str] = []
    for name in unit.deliveries.announced_on(event.slug):
        try:
            drafted += enqueue(unit, request, [draft(request, accounts[name])], now)
        except (QueueingError, KeyError) as error:
            missing.append(f"no correction could be drafted on {name}: {error}")
    return drafted, missing
