"""Events and the posts about them: which steps went out, wait, were missed or were not queued."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crosspromo.domain.events import Event
from crosspromo.domain.report_rows import StepRow

NO_STEP = ""
"""Step of posts that belong to no ladder."""


class StepState(StrEnum):
    """What became of a step, on the accounts together."""

    SENT = "sent"
    PARTLY = "partly sent"
    QUEUED = "queued"
    MISSED = "missed"
    NOT_QUEUED = "not queued"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class EventFigure:
    """Event with the state of each step, by its name."""

    slug: str
    title: str
    starts_at: datetime
    cancelled: bool
    steps: Mapping[str, StepState]


@dataclass(frozen=True, slots=True)
class EventCoverage:
    """Steps in order, and the events with what became of each."""

    steps: Sequence[str]
    events: Sequence[EventFigure]


def coverage(events: Iterable[Event], rows: Iterable[StepRow], as_of: datetime) -> EventCoverage:
    """Coverage of events, the earliest start first.

    The steps are those that any of them has, in the order in which they come before and after an
    event. A step that others have and one has not is not queued, or not needed once that event was
    cancelled.
    """
    known = {each.slug: each for each in events}
    leads: dict[str, timedelta] = {}
    by_event: dict[str, dict[str, list[StepRow]]] = {}
    for row in rows:
        if row.event in known:
            by_event.setdefault(row.event, {}).setdefault(row.step, []).append(row)
            lead = row.due_at - known[row.event].starts_at
            leads[row.step] = min(lead, leads.get(row.step, lead))
    order = sorted(leads, key=lambda step: (step == NO_STEP, leads[step], step))
    found = [
        EventFigure(
            each.slug,
            each.title,
            each.starts_at,
            each.cancelled,
            {
                step: _state(by_event.get(each.slug, {}).get(step, ()), each, as_of)
                for step in order
            },
        )
        for each in known.values()
    ]
    return EventCoverage(order, sorted(found, key=lambda each: (each.starts_at, each.slug)))


def _state(rows: Sequence[StepRow], event: Event, as_of: datetime) -> StepState:
    if not rows:
        return StepState.NOT_NEEDED if event.cancelled else StepState.NOT_QUEUED
    sent = sum(row.sent_at is not None and row.sent_at <= as_of for row in rows)
    ended = sum(row.ended for row in rows)
    if sent:
        return StepState.SENT if sent + ended == len(rows) and not ended else StepState.PARTLY
    if ended == len(rows):
        return StepState.NOT_NEEDED if event.cancelled else StepState.MISSED
    return StepState.QUEUED
