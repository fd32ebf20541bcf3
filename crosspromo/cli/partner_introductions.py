"""`crosspromo partner introductions`: partners who may be made known to each other."""

import click

from crosspromo import documents_people
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.targets import ID
from crosspromo.domain.introductions import Introduction
from crosspromo.phrasing.words import first_words

LONGEST = 40
"""Characters of a need or an offer in a list."""

of_option = click.option(
    "--of", "partner", required=True, metavar="SLUG", shell_complete=EVERY_PARTNER, help="Whose."
)


@click.group("introductions")
def introductions() -> None:
    """Partners whose needs and offers meet, and what became of it.

    Both have to agree. Then a draft is printed for you to send; crosspromo sends nothing.
    """


@introductions.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """Proposals, because an offer and a need have a word in common, and introductions.

    \b
    Example:
      crosspromo partner introductions list
    """
    service = session.workspace.services.introductions("nobody")
    proposed, known = service.proposals(), service.all()
    if as_json:
        emit_json(documents_people.of_introductions(proposed, known))
        return
    if known:
        emit_table(
            ["introduction", "needs", "offers", "need", "state"],
            [
                [each.number, each.needing, each.offering, each.need[:LONGEST], _state(each)]
                for each in known
            ],
        )
        click.echo()
    emit_table(
        ["needs", "offers", "need", "offer", "in common"],
        [
            [
                each.needing,
                each.offering,
                first_words(each.need, LONGEST),
                first_words(each.offer, LONGEST),
                ", ".join(each.words),
            ]
            for each in proposed
        ],
        empty="no offer meets a need; note them with: crosspromo partner edit SLUG --need, --offer",
    )


@introductions.command("propose")
@click.argument("needing", metavar="SLUG", shell_complete=EVERY_PARTNER)
@click.argument("offering", metavar="OTHER", shell_complete=EVERY_PARTNER)
@click.option("--need", required=True, metavar="TEXT", help="What the first one looks for.")
@click.option("--offer", default="", metavar="TEXT", help="What the other one can give.")
@as_option
@json_option
@click.pass_obj
def propose(
    session: Session, needing: str, offering: str, need: str, offer: str, name: str, as_json: bool
) -> None:
    """Note that two partners may be made known to each other; then ask both yourself.

    \b
    Example:
      crosspromo partner introductions propose river-keepers food-bank --need "a van"
    """
    made = session.workspace.services.introductions(name).propose(needing, offering, need, offer)
    _say(made, as_json=as_json)


@introductions.command("consent")
@click.argument("number", metavar="N", type=ID)
@of_option
@as_option
@json_option
@click.pass_obj
def consent(session: Session, number: int, partner: str, name: str, as_json: bool) -> None:
    """Note that a partner agrees to be introduced.

    \b
    Example:
      crosspromo partner introductions consent 1 --of river-keepers
    """
    found = session.workspace.services.introductions(name).consent(number, partner)
    _say(found, as_json=as_json)
    if found.is_agreed and not as_json:
        click.echo(f"for the mail to both: crosspromo partner introductions draft {number}")


@introductions.command("decline")
@click.argument("number", metavar="N", type=ID)
@of_option
@as_option
@json_option
@click.pass_obj
def decline(session: Session, number: int, partner: str, name: str, as_json: bool) -> None:
    """Note that a partner does not want to be introduced.

    \b
    Example:
      crosspromo partner introductions decline 1 --of food-bank
    """
    found = session.workspace.services.introductions(name).decline(number, partner)
    _say(found, as_json=as_json)


@introductions.command("draft")
@click.argument("number", metavar="N", type=ID)
@json_option
@click.pass_obj
def draft(session: Session, number: int, as_json: bool) -> None:
    """Print a mail to both partners, once both agreed; you send it.

    \b
    Example:
      crosspromo partner introductions draft 1
    """
    from crosspromo.phrasing.introductions import of_draft  # noqa: PLC0415 (--help needs none)

    found = session.workspace.services.introductions("nobody").draft(number)
    digest = of_draft(found, session.workspace.settings.organisation.name)
    to = [each.mail for each in found.people if each.mail]
    if as_json:
        emit_json({"to": to, "subject": digest.subject, "text": digest.text})
        return
    click.echo(f"To: {', '.join(to) or 'nobody there has an address yet'}")
    click.echo(f"Subject: {digest.subject}\n")
    click.echo(digest.text, nl=False)


def _say(found: Introduction, *, as_json: bool) -> None:
    if as_json:
        emit_json(documents_people.of_introduction(found))
    else:
        who = f"{found.needing} and {found.offering}"
        click.echo(f"introduction {found.number}, {who}: {_state(found)}")


def _state(found: Introduction) -> str:
    if found.declined_for is not None:
        return f"declined by {found.declined_for}"
    if found.is_agreed:
        return "both agree"
    agreed = (
        (found.needing, found.needing_agreed_at),
        (found.offering, found.offering_agreed_at),
    )
    waits = [slug for slug, at in agreed if at is None]
    return f"waits for {' and '.join(waits)}"
