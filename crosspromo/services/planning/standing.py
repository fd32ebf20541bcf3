"""What stands already: sent and queued posts as a plan counts them, by account."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.partner_limits import Shared
from crosspromo.domain.posts import Kind
from crosspromo.planning.values import Fixed, Line, PartnerTerms
from crosspromo.services.planning.items import item_of, waits

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.services.planning.gathering import Counting, Gathered

_NEXT = timedelta(seconds=1)


def fixed_of(
    gathered: "Gathered",
    moved: Collection[int],
    accounts: Collection[str],
    lines: "Mapping[str, Delivery]",
) -> dict[str, list[Fixed]]:
    """Rows of each account, earliest first.

    Self posts that wait, and deliveries (ids) that are `moved`, are left out: they are items.
    `lines` are those of the plan itself that stand, as they would be queued, by key.
    """
    found: dict[str, list[Fixed]] = {name: [] for name in accounts}
    rows = {each.delivery: each for each in gathered.counted if each.delivery is not None}
    sent = {each.id: each for each in gathered.sent}
    told_by = {line.delivery: item_of(line.key) for line in gathered.lines.values()}
    told_by |= {each.id: item_of(key) for key, each in lines.items()}
    waiting = [each for each in gathered.waiting if each.id not in moved and not waits(each)]
    for each in gathered.sent:
        if each.account in found:
            found[each.account].append(_sent(each, rows.get(each.id), gathered.now, told_by))
    for row in gathered.counted:
        if row.delivery not in sent and row.account in found:
            outside = Fixed(row.at, row.others, row.self_, paces=False)
            found[row.account].append(outside)
    told = {(each.account, each.event) for each in gathered.sent if each.kind is Kind.EVENT}
    for each in sorted([*waiting, *lines.values()], key=lambda each: (each.due_at, each.id)):
        if each.account in found:
            found[each.account].append(_queued(each, told, gathered.now, told_by))
    for standing in found.values():
        standing.sort(key=lambda row: row.at)
    return found


def with_lines(terms: Sequence[PartnerTerms], lines: Sequence[Line]) -> tuple[PartnerTerms, ...]:
    """Terms of partners with the lines of a plan among what was shared about them."""
    found: dict[str, list[Shared]] = {}
    for number, line in enumerate(lines, start=1):
        for partner in line.candidate.partners:
            found.setdefault(partner, []).append(Shared(-number, line.at))
    return tuple(
        replace(each, shared=(*each.shared, *found[each.partner]))
        if each.partner in found
        else each
        for each in terms
    )


def _sent(
    delivery: "Delivery", row: "Counting | None", now: datetime, told_by: Mapping[int, str]
) -> Fixed:
    at = row.at if row is not None else delivery.published_at or min(delivery.due_at, now)
    return Fixed(
        at,
        0 if row is None else row.others,
        0 if row is None else row.self_,
        partners=delivery.partners,
        event=delivery.event,
        item=_item(delivery, told_by),
        group=told_by.get(delivery.id),
        cost=delivery.cost or 0.0,
        delivery=delivery.id,
    )


def _queued(
    delivery: "Delivery",
    told: set[tuple[str, str | None]],
    now: datetime,
    told_by: Mapping[int, str],
) -> Fixed:
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
        item=_item(delivery, told_by),
        group=told_by.get(delivery.id),
        cost=delivery.cost or 0.0,
        delivery=delivery.id,
    )


def _item(delivery: "Delivery", told_by: Mapping[int, str]) -> str | None:
    if delivery.step is None:
        return told_by.get(delivery.id)
    return f"step:{delivery.event}:{delivery.step}"
