"""Ladders of the bird walk, as they are queued on accounts, for tests."""

from collections.abc import Sequence
from datetime import datetime, time

from newsroom import SLUG, Newsroom

from crosspromo.domain.deliveries import Delivery, NewDelivery
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import PRESETS, expires_at, step_days
from crosspromo.domain.posts import Content, Credit, Kind, Making
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, at_wall_clock
from crosspromo.store.unit import Unit

LIVE = (State.DRAFT, State.QUEUED, State.PUBLISHED)
STANDARD = PRESETS["standard"]
NAMES = tuple(step.name for step in STANDARD.steps)


def the_walk(room: Newsroom) -> Event:
    with room.store.read() as unit:
        return unit.events.get(SLUG)


def queue_series(room: Newsroom, *accounts: str) -> None:
    """Queue what is missing of the standard ladder: steps at 09:00, that of the day pinned."""
    event, now = the_walk(room), room.clock.now()
    with room.store.write() as unit:
        for account in accounts:
            have = {
                each.step
                for each in unit.deliveries.some()
                if each.account == account and each.state in LIVE
            }
            days = {each.due_at.date() for each in steps(unit, account, LIVE)}
            for step, day, pinned_at in (
                (each.step, each.day, each.at) for each in step_days(STANDARD, event, now)
            ):
                due_at = pinned_at or at_wall_clock(day, time(9), UTC_ZONE)
                if step.name in have or due_at <= now or due_at.date() in days:
                    continue
                add_step(
                    unit, event, account, step.name, due_at, now=now, pinned=pinned_at is not None
                )


def add_step(
    unit: Unit,
    event: Event,
    account: str,
    step: str,
    due_at: datetime,
    *,
    now: datetime,
    pinned: bool,
) -> int:
    content = Content(text=f"{step} on {account}")
    post = unit.posts.add(
        kind=Kind.EVENT,
        partners=event.partners,
        event=event.slug,
        template=f"event/{step}",
        reason=None,
        author="ana",
        now=now,
        making=Making(template=f"event/{step}"),
        step=step,
    )
    unit.accounts.register([account])
    return unit.deliveries.add(
        NewDelivery(
            post=post,
            account=account,
            network="x",
            state=State.DRAFT if step in {"thanks", "recap"} else State.QUEUED,
            credit=Credit.SELF,
            content=content,
            due_at=due_at,
            pinned=pinned,
            expires_at=expires_at(step, event),
            cost=None,
            composed=content.wording,
        )
    )


def steps(unit: Unit, account: str, states: Sequence[State]) -> list[Delivery]:
    found = unit.deliveries.some()
    return [
        each
        for each in found
        if each.account == account and each.state in states and each.step in NAMES
    ]
