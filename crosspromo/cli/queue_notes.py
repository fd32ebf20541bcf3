"""Sentences below a list of deliveries: each is said once, for all deliveries that share it.

What words them is imported where there is something to say: of most lists there is not.
"""

# ruff: noqa: PLC0415 (see above)

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from crosspromo.domain.approval import listed
from crosspromo.domain.pauses import Pause
from crosspromo.domain.states import State
from crosspromo.services.delivery_view import DeliveryView, Listing

FEW = 12
"""Deliveries that a sentence and its command name by id."""

PLACE = "\0"
"""Place of the ids in a command, in a sentence that several deliveries share."""


ANEW = "That time has come, so the next run judges it anew."
"""Said of a hold that is no longer sure: its reason is as of the last look."""


def say_notes(listing: Listing, zone: ZoneInfo, now: datetime) -> None:
    """Print pauses, missing approvals of drafts, holds and faults, and addresses of sent posts."""
    notes = _of_pauses(listing.pauses, zone)
    notes += _shared(listing.views, zone, now)
    notes += [f"{d.id} is at {d.url}" for d in (view.delivery for view in listing.views) if d.url]
    if notes:
        click.echo("\n" + "\n".join(notes))


def _of_pauses(pauses: Sequence[Pause], zone: ZoneInfo) -> list[str]:
    if not pauses:
        return []
    from crosspromo.cli import telling

    return [telling.of_pause(pause, zone) for pause in pauses]


def _shared(views: Iterable[DeliveryView], zone: ZoneInfo, now: datetime) -> Iterator[str]:
    groups: dict[tuple[str, str], list[int]] = {}
    for view in views:
        note = _note(view, zone, now)
        if note is not None:
            one, several = (_with_place(said, view.delivery.id) for said in note)
            groups.setdefault((one, several), []).append(view.delivery.id)
    for (one, several), ids in groups.items():
        said = one if len(ids) == 1 else several
        yield f"{_named(ids)} {said.replace(PLACE, _typed(ids))}"


def _note(view: DeliveryView, zone: ZoneInfo, now: datetime) -> tuple[str, str] | None:
    """Note on a delivery, in the singular and for several deliveries with the same note."""
    delivery = view.delivery
    if delivery.state is State.DRAFT and delivery.fault is None:
        return (
            f"is a draft. {_of_draft(view, several=False)}",
            f"are drafts. {_of_draft(view, several=True)}",
        )
    found = _state_and_why(view, zone, now)
    if found is None:
        return None
    one, several, sentence = found
    return f"{one} {sentence}", f"{several} {sentence}"


def _state_and_why(
    view: DeliveryView, zone: ZoneInfo, now: datetime
) -> tuple[str, str, str] | None:
    """Verb for one delivery, verb for several, and sentence of a note on a delivery."""
    delivery = view.delivery
    if delivery.hold is None and delivery.fault is None:
        return None
    from crosspromo.cli import telling

    if delivery.state is State.DRAFT:  # its event changed
        return "is a draft:", "are drafts:", telling.of_fault(delivery, zone)
    if delivery.hold is not None:
        if delivery.hold.code == "paused":  # the pause says so
            return None
        sentence = telling.of_hold(delivery, zone)
        if delivery.wake_at is not None and delivery.wake_at <= now:
            sentence = f"{sentence.removesuffix('.')}. {ANEW}"
        return "is held:", "are held:", sentence
    state = delivery.state.value
    return f"is {state}:", f"are {state}:", telling.of_fault(delivery, zone)


def _of_draft(view: DeliveryView, *, several: bool) -> str:
    """Sentence of a draft with the command that lets it go, also where nobody has to approve it."""
    from crosspromo.cli import telling
    from crosspromo.cli.mending import with_mend
    from crosspromo.phrasing import mends, words

    approval, delivery = view.approval, view.delivery.id
    if approval.asked:
        return telling.of_approval(approval, delivery, several=several)
    return with_mend(words.of_approval(approval, several=several), mends.Approve(delivery))


def _with_place(sentence: str, delivery: int) -> str:
    return re.sub(rf"(crosspromo queue [a-z-]+ ){delivery}\b", rf"\1{PLACE}", sentence)


def _named(ids: Sequence[int]) -> str:
    few = [str(each) for each in ids[:FEW]]
    more = len(ids) - len(few)
    return listed([*few, f"{more} more"] if more else few)


def _typed(ids: Sequence[int]) -> str:
    return " ".join(str(each) for each in ids) if len(ids) <= FEW else "ID…"


def by_time(views: Iterable[DeliveryView]) -> list[DeliveryView]:
    """Deliveries in the order in which they went out, or are to go."""

    def place(view: DeliveryView) -> tuple[datetime, int]:
        delivery = view.delivery
        return delivery.published_at or delivery.due_at, delivery.id

    return sorted(views, key=place)
