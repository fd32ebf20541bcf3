"""Word on what a change of an event does to the queue, and what it leaves to a person."""

from zoneinfo import ZoneInfo

import click

from crosspromo.domain.approval import listed
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.faults import WhyDraft
from crosspromo.services.event_consequences import Consequences, OnAgain


def say_consequences(consequences: Consequences, zone: ZoneInfo, *, dry_run: bool) -> None:
    """Print the consequences for the queue on stderr; stdout has the answer."""
    for delivery_id in consequences.cancelled:
        did = "would cancel" if dry_run else "cancelled"
        click.echo(f"{did} delivery {delivery_id}", err=True)
    if consequences.renewals:
        _say_renewals(consequences, zone, dry_run=dry_run)
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

    if back.cancelled:
        ladder = back.ladder
        anew = QueueEvent(back.event) if ladder is None else QueueLadder(back.event, ladder)
        ids = listed([str(each) for each in back.cancelled])
        were = f"delivery {ids} was" if len(back.cancelled) == 1 else f"deliveries {ids} were"
        then = "when it was moved to a time that had passed" if back.moved else "with it"
        click.echo(
            f"{back.event} takes place after all; {were} cancelled {then} and will not come back; "
            f"{instruction(anew)}",
            err=True,
        )


def _say_renewals(consequences: Consequences, zone: ZoneInfo, *, dry_run: bool) -> None:
    """Print each renewed delivery with its time, and what will hold it then."""
    from crosspromo.cli.mending import with_mend  # noqa: PLC0415 (seldom needed)
    from crosspromo.cli.telling import of_note  # noqa: PLC0415 (as above)
    from crosspromo.phrasing.faults import of_changed  # noqa: PLC0415 (as above)
    from crosspromo.phrasing.mends import Approve  # noqa: PLC0415 (as above)
    from crosspromo.phrasing.renewals import of_renewal, of_signatures  # noqa: PLC0415 (as above)

    reasons = {each.delivery: each.reason for each in consequences.set_aside}
    did = "would renew" if dry_run else "renewed"
    became = "would become a draft" if dry_run else "is a draft now"
    for each in sorted(consequences.renewals, key=lambda each: each.delivery in reasons):
        reason = reasons.get(each.delivery)
        if reason is None:
            void = of_signatures(each.signatures)
            said = f"{did} delivery {each.delivery}: {of_renewal(each, zone)}"
            click.echo(f"{said}; {void}" if void else said, err=True)
        else:
            sentence = f"delivery {each.delivery} {became}: {of_changed(reason)}"
            click.echo(with_mend(sentence, None if dry_run else Approve(each.delivery)), err=True)
            if reason.why is not WhyDraft.NO_TIME:
                click.echo(f"   {of_renewal(each, zone)}", err=True)
        for note in each.silences:
            click.echo(f"   {of_note(note, each.account, zone)}", err=True)


def _say_uncorrected(consequences: Consequences, zone: ZoneInfo) -> None:
    from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

    for each in consequences.uncorrected:
        reason = of_refusal(each.reason, zone)
        click.echo(f"no correction can be drafted on {each.account}: {reason}", err=True)
