"""What stands already: sent and queued posts as a plan counts them, by account."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.posts import Kind
from crosspromo.planning.values import Fixed, Line
from crosspromo.services.planning.items import waits

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.services.planning.gathering import Counting, Gathered

_NEXT = timedelta(seconds=1)


def fixed_of(
    gathered: "Gathered", moved: Collection[int], accounts: Collection[str]
) -> dict[str, list[Fixed]]:
    """Rows of each account, earliest first.

    Self posts that wait, and deliveries (ids) that are `moved`, are left out: they are items.
    """
    found: dict[str, list[Fixed]] = {name: [] for name in accounts}
    rows = {each.delivery: each for each in gathered.counted if each.delivery is not None}
    sent = {each.id: each for each in gathered.sent}
    for each in gathered.sent:
        if each.account in found:
            found[each.account].append(_sent(each, rows.get(each.id), gathered.now))
    for row in gathered.counted:
        if row.delivery not in sent and row.account in found:
            outside = Fixed(row.at, row.others, row.self_, paces=False)
            found[row.account].append(outside)
    told = {(each.account, each.event) for each in gathered.sent if each.kind is Kind.EVENT}
    for each in sorted(gathered.waiting, key=lambda each: (each.due_at, each.id)):
        if each.account in found and each.id not in moved and not waits(each):
            found[each.account].append(_queued(each, told, gathered.now))
    for standing in found.values():
        standing.sort(key=lambda row: row.at)
    return found


def as_fixed(line: Line) -> Fixed:
    """Line of a plan, as it stands for what is planned beside it."""
    candidate = line.candidate
    return Fixed(
        line.at,
        int(line.credit.counts_others),
        int(line.credit.counts_self),
        queued=True,
        partners=candidate.partners,
        event=candidate.event,
        item=candidate.item or candidate.key,
        group=candidate.group,
        cost=candidate.costs.get(line.account, 0.0),
        delivery=candidate.delivery,
    )


def _sent(delivery: "Delivery", row: "Counting | None", now: datetime) -> Fixed:
    at = row.at if row is not None else delivery.published_at or min(delivery.due_at, now)
    return Fixed(
        at,
        0 if row is None else row.others,
        0 if row is None else row.self_,
        partners=delivery.partners,
        event=delivery.event,
        item=_item(delivery),
        cost=delivery.cost or 0.0,
        delivery=delivery.id,
    )


def _queued(delivery: "Delivery", told: set[tuple[str, str | None]], now: datetime) -> Fixed:
    """Queued delivery; a later post about the same event counts as padding."""
    credit = delivery.credit
    if delivery.kind is Kind.EVENT:
        about = (delivery.account, delivery.event)
        credit = credit.as_padding if about in told else credit
        told.add(about)
    hold = delivery.hold
    at = delivery.due_at if hold is None or hold.until is None else hold.until
    return Fixed(
        max(at, now + _NEXT),
        int(credit.counts_others),
        int(credit.counts_self),
        queued=True,
        wished=credit.counts_self and delivery.pinned,
        partners=delivery.partners,
        event=delivery.event,
        item=_item(delivery),
        cost=delivery.cost or 0.0,
        delivery=delivery.id,
    )


def _item(delivery: "Delivery") -> str | None:
    if delivery.step is None:
        return None
    return f"step:{delivery.event}:{delivery.step}"
