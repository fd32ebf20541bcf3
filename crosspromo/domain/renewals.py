"""Renewals: what a change of an event makes of a draft or queued delivery about the event.

A text that a template made is made anew. A text that a person wrote is never overwritten: the
delivery becomes a draft, and so does every other delivery that a person has to look at (0038).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.deliveries import Delivery, Fault, Renewal
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.reasons.faults import EventChanged, Part, WhyDraft
from crosspromo.domain.reasons.notes import Silent
from crosspromo.domain.states import State


@dataclass(frozen=True, slots=True)
class Composed:
    """Content that the template makes, with the texts left out, and the cost in US dollars."""

    content: Content
    dropped: tuple[str, ...]
    cost: float | None


@dataclass(frozen=True, slots=True)
class EventChange:
    """Change of an event, as far as it concerns one delivery.

    `old` and `new` are what the template makes of the event before and after, repaired where the
    text of the delivery was; None where it makes nothing. `failure` is why, after the change.
    `credit` is the credit after the change. `due_at` is the time that the delivery keeps or gets;
    None where there is none before `expires_at`. `pinned`: it goes then or never; `by_hand`: a
    person chose that time. `asked`: approvals are asked for the delivery. `repeats`: the delivery
    may have gone out once. `silences` will hold it at `due_at`.
    """

    after: Event
    parts: tuple[Part, ...]
    old: Composed | None
    new: Composed | None
    failure: str
    credit: Credit
    due_at: datetime | None
    expires_at: datetime
    pinned: bool
    by_hand: bool
    asked: bool
    repeats: bool
    silences: tuple[Silent, ...] = ()

    @property
    def is_held_too_long(self) -> bool:
        """Whether a silence holds it until it has expired."""
        return any(silence.until >= self.expires_at for silence in self.silences)


def parts_changed(before: Event, after: Event) -> tuple[Part, ...]:
    """Parts of the event that differ and that a post may tell."""
    pairs = {
        Part.TITLE: (before.title, after.title),
        Part.START: (
            (before.starts_at, before.all_day, before.zone),
            (after.starts_at, after.all_day, after.zone),
        ),
        Part.END: (before.ends_at, after.ends_at),
        Part.PLACE: (before.location, after.location),
        Part.ADDRESS: (before.url, after.url),
        Part.DESCRIPTION: (before.description, after.description),
        Part.HOSTS: ((before.hosting, before.partners), (after.hosting, after.partners)),
    }
    return tuple(part for part, (one, other) in pairs.items() if one != other)


def has_moved(parts: Sequence[Part]) -> bool:
    """Whether the event is at another time."""
    return Part.START in parts or Part.END in parts


def renewal_of(delivery: Delivery, change: EventChange) -> Renewal | None:
    """The delivery after the change; None where the change does not concern the delivery."""
    by_hand = _is_by_hand(delivery, change)
    new = change.new
    if not _is_concerned(delivery, change, by_hand=by_hand):
        return None
    why: WhyDraft | None = None
    if by_hand:
        why = WhyDraft.BY_HAND
    elif new is None:
        why = WhyDraft.NOT_RENEWED
    elif change.repeats and new.content != delivery.content:
        why = WhyDraft.REPEATS
    renewed = new if why is None else None
    if why is None:
        why = _why_looked_at(delivery, change)
    would_say = "" if new is None or renewed is not None else new.content.text
    reason: EventChanged | None = None
    if why is not None:
        reason = EventChanged(change.after.slug, change.parts, why, change.failure, would_say)
    stays_queued = why is None and not change.asked and delivery.state is State.QUEUED
    return Renewal(
        content=delivery.content if renewed is None else renewed.content,
        credit=change.credit,
        due_at=delivery.due_at if change.due_at is None else change.due_at,
        expires_at=change.expires_at,
        cost=delivery.cost if renewed is None else renewed.cost,
        dropped=delivery.dropped if renewed is None else renewed.dropped,
        composed=delivery.composed if renewed is None else renewed.content.wording,
        into=State.QUEUED if stays_queued else State.DRAFT,
        fault=None if reason is None else Fault(reason),
        pinned=change.pinned,
    )


def _is_by_hand(delivery: Delivery, change: EventChange) -> bool:
    """Whether a person wrote the text: neither what the template made then nor what it makes now
    of the event as it was.
    """
    now = None if change.old is None else change.old.content.wording
    return delivery.content.wording not in {delivery.composed, now}


def _is_concerned(delivery: Delivery, change: EventChange, *, by_hand: bool) -> bool:
    if Part.START in change.parts or change.credit is not delivery.credit:
        return True
    if delivery.step is not None and _is_moved(delivery, change):
        return True
    if by_hand and set(change.parts) != {Part.DESCRIPTION}:
        return True  # a person may have told any of it
    if change.new is None:
        return True
    if not by_hand:
        return delivery.content.wording != change.new.content.wording
    return change.old is None or change.old.content.wording != change.new.content.wording


def _is_moved(delivery: Delivery, change: EventChange) -> bool:
    """Whether a step of a ladder has another time: thanks follow the end of the event."""
    return (change.due_at, change.expires_at) != (delivery.due_at, delivery.expires_at)


def _why_looked_at(delivery: Delivery, change: EventChange) -> WhyDraft | None:
    """Why a person has to look at a delivery whose text was made anew; None: nobody has to."""
    if change.due_at is None:
        return WhyDraft.NO_TIME
    if change.is_held_too_long:
        return WhyDraft.SILENT
    if change.by_hand:
        return WhyDraft.PINNED
    if delivery.state is State.DRAFT and delivery.fault is not None:
        return WhyDraft.EARLIER
    return None
