"""Word on what a change of an event does to the queue, and what it leaves to a person."""

from zoneinfo import ZoneInfo

import click

from crosspromo.domain.approval import listed
from crosspromo.domain.plurals import plural
from crosspromo.services.event_consequences import Consequences, OnAgain


def say_consequences(consequences: Consequences, zone: ZoneInfo, *, dry_run: bool) -> None:
    """Print the consequences for the queue on stderr; stdout has the answer."""
    for delivery_id in consequences.cancelled:
        did = "would cancel" if dry_run else "cancelled"
        click.echo(f"{did} delivery {delivery_id}", err=True)
    for delivery_id in consequences.renewed:
        did = "would renew" if dry_run else "renewed"
        click.echo(f"{did} delivery {delivery_id}; its approvals are void", err=True)
    if consequences.set_aside:
        _say_set_aside(consequences, dry_run=dry_run)
    if dry_run and consequences.drafted:
        drafts = plural(len(consequences.drafted), "correction")
        click.echo(f"would draft {drafts}, to be approved", err=True)
    for delivery_id in () if dry_run else consequences.drafted:
        click.echo(
            f"drafted the correction {delivery_id}; look at it and let it go with: "
            f"crosspromo queue approve {delivery_id}",
            err=True,
        )
    for delivery_id in consequences.withdrawn:
        did = "would withdraw" if dry_run else "withdrew"
        click.echo(f"{did} the correction {delivery_id}, which is out of date", err=True)
    if consequences.uncorrected:
        _say_uncorrected(consequences, zone)
    for each in consequences.on_again:
        _say_on_again(each)


def _say_on_again(back: OnAgain) -> None:
    """Print what an event that takes place after all leaves to a person."""
    from crosspromo.cli.mending import instruction  # noqa: PLC0415 (seldom needed)
    from crosspromo.phrasing.mends import (  # noqa: PLC0415 (as above)
        QueueEvent,
        QueueLadder,
    )

    anew = QueueLadder(back.event) if back.laddered else QueueEvent(back.event)
    if back.cancelled:
        ids = listed([str(each) for each in back.cancelled])
        were = f"delivery {ids} was" if len(back.cancelled) == 1 else f"deliveries {ids} were"
        then = "when it was moved to a time that had passed" if back.moved else "with it"
        click.echo(
            f"{back.event} takes place after all; {were} cancelled {then} and will not come back; "
            f"{instruction(anew)}",
            err=True,
        )


def _say_set_aside(consequences: Consequences, *, dry_run: bool) -> None:
    from crosspromo.cli.mending import with_mend  # noqa: PLC0415 (seldom needed)
    from crosspromo.phrasing.faults import of_changed  # noqa: PLC0415 (as above)
    from crosspromo.phrasing.mends import Approve  # noqa: PLC0415 (as above)

    became = "would become a draft" if dry_run else "is a draft now"
    for each in consequences.set_aside:
        sentence = f"delivery {each.delivery} {became}: {of_changed(each.reason)}"
        click.echo(with_mend(sentence, None if dry_run else Approve(each.delivery)), err=True)


def _say_uncorrected(consequences: Consequences, zone: ZoneInfo) -> None:
    from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

    for each in consequences.uncorrected:
        reason = of_refusal(each.reason, zone)
        click.echo(f"no correction can be drafted on {each.account}: {reason}", err=True)
