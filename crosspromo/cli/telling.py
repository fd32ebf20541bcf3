"""Reasons as text for a terminal: the sentence, and the command that mends it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crosspromo.cli.mending import with_mend
from crosspromo.cli.output import local
from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Delivery, PastHold
from crosspromo.domain.errors import CrosspromoError, ImportFailedError, RowError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.faults import ByHand, FaultReason, words_of
from crosspromo.domain.reasons.notes import Note
from crosspromo.phrasing import errors, faults, holds, mends, words

if TYPE_CHECKING:
    from crosspromo.domain.matters import Matter


def of_error(error: CrosspromoError, zone: ZoneInfo) -> str:
    """Sentence of an error, with its mend.

    A failed import gives a line for each row, with the mend of the row.
    """
    from crosspromo.phrasing import refusal_mends  # noqa: PLC0415 (seldom needed)

    if isinstance(error, ImportFailedError):
        head = errors.of_error(error, zone).partition("\n")[0]
        return "\n".join([head, *(f"  {of_row(row, zone)}" for row in error.errors)])
    return with_mend(errors.of_error(error, zone), refusal_mends.of_error(error))


def of_finding(error: CrosspromoError, zone: ZoneInfo) -> str:
    """Sentence of a fault that an examination found, with its mend."""
    from crosspromo.phrasing import refusal_mends  # noqa: PLC0415 (seldom needed)

    return with_mend(errors.of_error(error, zone), refusal_mends.of_finding(error))


def of_row(error: RowError, zone: ZoneInfo) -> str:
    """Sentence of a fault in an import, with place and mend."""
    from crosspromo.phrasing import refusal_mends  # noqa: PLC0415 (seldom needed)

    mend = None if isinstance(error.problem, str) else refusal_mends.of_refusal(error.problem)
    return with_mend(errors.of_row(error, zone), mend)


def of_hold(delivery: Delivery, zone: ZoneInfo) -> str:
    """Sentence of a hold, with its mend; empty where nothing holds the delivery."""
    note = delivery.hold
    if note is None:
        return ""
    sentence = holds.of_hold(note.reason, note.until, delivery.account, zone)
    mend = mends.of_hold(note.reason, delivery)
    if isinstance(mend, mends.ShareOthers):  # the sentence has the number; `explain` names partners
        return sentence
    return with_mend(sentence, mend)


def say_holds(past: Sequence[PastHold], account: str, zone: ZoneInfo) -> None:
    """Print when and why a delivery on the account was held; nothing if it never was.

    The reason of a hold that lasts stands elsewhere, with its present numbers.
    """
    if past:
        click.echo("Held:")
    for hold in past:
        since = local(hold.since, zone)
        if hold.ended_at is None:
            click.echo(f"  since {since}  {hold.code}")
            continue
        sentence = holds.of_hold(hold.reason, None, account, zone)
        click.echo(f"  {since} to {local(hold.ended_at, zone)}  {hold.code}: {sentence}")


def of_fault(delivery: Delivery, zone: ZoneInfo) -> str:
    """Sentence of a fault, with its mend; empty where the delivery has no fault."""
    if delivery.fault is None:
        return ""
    reason = delivery.fault.reason
    if isinstance(reason, ByHand):
        return _to_post_by_hand(f"{delivery.id} is to be posted by you", delivery.id, reason)
    sentence = faults.of_fault(reason, delivery.account, zone)
    return with_mend(sentence, mends.of_fault(reason, delivery))


def of_note(note: Note, account: str, zone: ZoneInfo) -> str:
    """Sentence of a note on the time of a delivery of the account, with its mend."""
    from crosspromo.phrasing import notes  # noqa: PLC0415 (seldom needed)

    return with_mend(notes.of_note(note, account, zone), notes.mend_of(note))


def say_notes(notes: Iterable[Note], account: str, zone: ZoneInfo) -> None:
    """Print notes below the line about a delivery of the account."""
    for note in notes:
        click.echo(f"   {of_note(note, account, zone)}")


def of_matter(matter: "Matter", zone: ZoneInfo) -> str:
    """Sentence of a matter, with its mend."""
    from crosspromo.domain.matters import ToPostByHand  # noqa: PLC0415 (only `status` has matters)
    from crosspromo.phrasing import matters  # noqa: PLC0415 (likewise)

    mend = matters.mend_of(matter)
    if isinstance(matter.detail, ToPostByHand) and matter.delivery is not None:
        head = f"{matter.delivery} on {matter.account} is to be posted by you"
        return _to_post_by_hand(head, matter.delivery, matter.detail.reason)
    return with_mend(matters.of_matter(matter, zone), mend)


def _to_post_by_hand(head: str, delivery: int, reason: FaultReason) -> str:
    """Order to post a delivery by hand; the long address stands last, on a line of its own."""
    words = words_of(reason) or ""
    return f"{with_mend(head, mends.MarkPosted(delivery))}\n  {words}"


def of_pause(pause: Pause, zone: ZoneInfo) -> str:
    """Sentence of a pause, with the command that ends it."""
    return with_mend(words.of_pause(pause, zone), mends.of_pause(pause))


def of_approval(approval: Approval, delivery: int, *, several: bool = False) -> str:
    """Sentence of given and missing approvals, with a command where approvals are missing.

    `several`: the delivery is one of those that the sentence is about.
    """
    sentence = words.of_approval(approval, several=several)
    if approval.complete:
        return sentence
    return with_mend(sentence, mends.Approve(delivery, approval.partners_missing))
