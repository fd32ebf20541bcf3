"""`crosspromo permission`: what partners, and the people on images, agreed to."""

from typing import TYPE_CHECKING

import click

from crosspromo import documents_permissions as documents
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.given_days import given_day
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.permissions import Scope

if TYPE_CHECKING:
    from datetime import date

    from crosspromo.services.withdrawals import Consequences

NETWORK = click.option(
    "--network",
    "networks",
    metavar="NETWORK",
    multiple=True,
    help="Only there, such as x or bluesky. Repeatable; without it, everywhere.",
)
UNTIL = click.option("--until", metavar="DAY", help="The last day; without it, no end.")
EVIDENCE = click.option(
    "--evidence", required=True, help="Where it can be seen: a mail, a form, a talk with a date."
)
REASON = click.option("--reason", required=True, help="Why; kept in the audit log.")


@click.group("permission")
def command() -> None:
    """What partners agreed to, and the people on images.

    Naming a partner needs no permission. Tagging and quoting them, and showing their logo or a
    photo of theirs, does: a post that lacks one is refused, or held until it is there.
    """


@command.command("add")
@click.argument("partner", shell_complete=EVERY_PARTNER)
@click.option(
    "--scope", type=click.Choice([each.value for each in Scope]), required=True, help="To what."
)
@NETWORK
@click.option("--agreed-by", metavar="NAME", required=True, help="Who said yes.")
@click.option("--on", "day", metavar="DAY", required=True, help="When: 2026-03-01, or today.")
@UNTIL
@EVIDENCE
@as_option
@json_option
@click.pass_obj
def add(
    session: Session,
    partner: str,
    scope: str,
    networks: tuple[str, ...],
    agreed_by: str,
    day: str,
    until: str | None,
    evidence: str,
    name: str,
    as_json: bool,
) -> None:
    """Record that a partner agreed to something. What was held for want of it goes on.

    \b
    Examples:
      crosspromo permission add river-keepers --scope tag --agreed-by "Ana Ruiz" --on today \\
        --evidence "mail of 3 March"
      crosspromo permission add river-keepers --scope logo --network bluesky --until 2031-06-30 \\
        --agreed-by "Ana Ruiz" --on 2026-03-01 --evidence "signed form, folder 12"
    """
    from crosspromo.services.permissions import NewPermission  # noqa: PLC0415 (--help needs none)

    new = NewPermission(
        partner=partner,
        scope=Scope(scope),
        networks=networks,
        agreed_by=agreed_by,
        agreed_on=given_day(session, day),
        until=_until(session, until),
        evidence=evidence,
    )
    done = session.workspace.services.permissions(name).add(new)
    if as_json:
        emit_json({"permission": documents.of_permission(done.permission), "freed": done.freed})
        return
    click.echo(f"permission {done.permission.number}: {partner} agreed to {scope}")
    if done.freed:
        click.echo(f"what was held for want of it is looked at again: {done.freed}")


@command.command("list")
@click.argument("partner", required=False, shell_complete=EVERY_PARTNER)
@json_option
@click.pass_obj
def list_(session: Session, partner: str | None, as_json: bool) -> None:
    """List the permissions of a partner, or of all; withdrawn ones too.

    \b
    Example:
      crosspromo permission list river-keepers
    """
    found = session.workspace.services.permissions("nobody").all(partner)
    if as_json:
        emit_json({"permissions": [documents.of_permission(each) for each in found]})
        return
    emit_table(
        ["NUMBER", "PARTNER", "SCOPE", "WHERE", "AGREED BY", "ON", "UNTIL", "EVIDENCE", "STATE"],
        [
            [
                each.number,
                each.partner,
                each.scope.value,
                ", ".join(each.networks) or "everywhere",
                each.agreed_by,
                each.agreed_on,
                each.until,
                each.evidence,
                "stands" if each.stands else f"withdrawn: {each.withdrawn_why}",
            ]
            for each in found
        ],
        empty="nobody has agreed to anything yet",
        spare=("EVIDENCE", "AGREED BY"),
    )


@command.command("withdraw")
@click.argument("number", type=int)
@REASON
@as_option
@json_option
@click.pass_obj
def withdraw(session: Session, number: int, reason: str, name: str, as_json: bool) -> None:
    """Withdraw a permission. What is queued by it becomes drafts; where it stands is listed.

    \b
    Example:
      crosspromo permission withdraw 3 --reason "they wrote on 2 May that they left X"
    """
    done = session.workspace.services.permissions(name).withdraw(number, reason)
    if as_json:
        emit_json(documents.of_withdrawn(done))
        return
    click.echo(f"permission {number} is withdrawn")
    _say_consequences(done.consequences)


@command.command("photo")
@click.argument("image", type=click.Path(exists=True, dir_okay=False))
@click.option("--person", required=True, help="Who is on it.")
@click.option("--minor", is_flag=True, help="They are a minor: their guardian has to agree.")
@click.option("--consent", type=click.Choice(["yes", "no"]), required=True, help="The answer.")
@click.option("--given-by", metavar="NAME", required=True, help="Who answered.")
@NETWORK
@UNTIL
@EVIDENCE
@as_option
@json_option
@click.pass_obj
def photo(
    session: Session,
    image: str,
    person: str,
    minor: bool,
    consent: str,
    given_by: str,
    networks: tuple[str, ...],
    until: str | None,
    evidence: str,
    name: str,
    as_json: bool,
) -> None:
    """Record whether a person on an image agrees that it is shown.

    The last answer of a person counts. An image without any answer may be shown: nothing is known
    of it.

    \b
    Example:
      crosspromo permission photo river.jpg --person "Sam Lee" --minor --consent yes \\
        --given-by "Kim Lee" --evidence "form of 3 March"
    """
    from pathlib import Path  # noqa: PLC0415 (--help needs none)

    from crosspromo.services.photo_consents import NewPhotoConsent  # noqa: PLC0415 (likewise)

    new = NewPhotoConsent(
        image=str(Path(image).resolve()),
        person=person,
        minor=minor,
        consent=consent == "yes",
        given_by=given_by,
        networks=networks,
        until=_until(session, until),
        evidence=evidence,
    )
    done = session.workspace.services.photo_consents(name).add(new)
    if as_json:
        emit_json(documents.of_answered(done))
        return
    click.echo(f"consent {done.consent.number}: {person} on {done.consent.image} says {consent}")
    _say_consequences(done.consequences)


@command.command("photos")
@json_option
@click.pass_obj
def photos(session: Session, as_json: bool) -> None:
    """List what the people on images agreed to; withdrawn answers too.

    \b
    Example:
      crosspromo permission photos
    """
    found = session.workspace.services.photo_consents("nobody").all()
    if as_json:
        emit_json({"photo_consents": [documents.of_photo_consent(each) for each in found]})
        return
    emit_table(
        ["NUMBER", "IMAGE", "PERSON", "MINOR", "CONSENT", "WHERE", "GIVEN BY", "UNTIL", "STATE"],
        [
            [
                each.number,
                each.image,
                each.person,
                "yes" if each.minor else None,
                "yes" if each.consent else "no",
                ", ".join(each.networks) or "everywhere",
                each.given_by,
                each.until,
                "stands" if each.stands else f"withdrawn: {each.withdrawn_why}",
            ]
            for each in found
        ],
        empty="nothing is known of people on images yet",
    )


@command.command("withdraw-photo")
@click.argument("number", type=int)
@REASON
@as_option
@json_option
@click.pass_obj
def withdraw_photo(session: Session, number: int, reason: str, name: str, as_json: bool) -> None:
    """Withdraw an answer about an image. What shows it becomes drafts; where it stands is listed.

    \b
    Example:
      crosspromo permission withdraw-photo 2 --reason "their mother called"
    """
    done = session.workspace.services.photo_consents(name).withdraw(number, reason)
    if as_json:
        emit_json(documents.of_answered(done))
        return
    click.echo(f"consent {number} is withdrawn")
    _say_consequences(done.consequences)


def _until(session: Session, text: str | None) -> "date | None":
    return None if text is None else given_day(session, text)


def _say_consequences(consequences: "Consequences") -> None:
    """Print what became of the deliveries, and what to type for them."""
    if consequences.drafts:
        ids = " ".join(map(str, consequences.drafts))
        click.echo(f"drafts now: {ids}; to change one: crosspromo queue edit ID")
    for each in consequences.in_flight:
        click.echo(f"{each.id} on {each.account} was being sent at that moment, or was sent")
    for each in consequences.stands:
        where = f": {each.url}" if each.url else ""
        click.echo(f"{each.id} stands on {each.account}{where}")
    if consequences.stands:
        click.echo("to remove one there: crosspromo queue delete ID")
