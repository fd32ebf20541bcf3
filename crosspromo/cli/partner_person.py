"""`crosspromo partner person`: people at partners, what they do there, and how to reach them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from crosspromo import documents_people
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.targets import ID
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.services.partner_people import PersonChanges

if TYPE_CHECKING:
    from crosspromo.services.partner_people import PartnerPeopleService

Command = TypeVar("Command", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--role",
        "roles",
        type=click.Choice([each.value for each in PartnerRole]),
        multiple=True,
        help="What they do there; sign-off: posts wait for their yes. Repeatable.",
    ),
    click.option("--mail", metavar="ADDRESS", help="Where links for sign-off go."),
    click.option("--phone", metavar="NUMBER", help="How to call them."),
    click.option("--note", metavar="TEXT", help="For us alone."),
)


def details(command: Command) -> Command:
    """Add the options for what is known of a person."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group("person")
def person() -> None:
    """The people at partners: key contacts, those who stand in, those who sign off.

    While a partner has somebody with the role sign-off, posts about the partner wait for their yes.
    """


def _people(session: Session, name: str) -> "PartnerPeopleService":
    return session.workspace.services.partner_people(name)


@person.command("add")
@click.argument("slug", shell_complete=EVERY_PARTNER)
@click.argument("person_name", metavar="NAME")
@details
@as_option
@json_option
@click.pass_obj
def add(
    session: Session,
    slug: str,
    person_name: str,
    roles: tuple[str, ...],
    mail: str | None,
    phone: str | None,
    note: str | None,
    name: str,
    as_json: bool,
) -> None:
    """Add a person at a partner.

    \b
    Example:
      crosspromo partner person add river-keepers "Kim Rivera" --role sign-off \\
        --mail kim@river.example.org
    """
    changes = PersonChanges(person_name, _roles(roles), mail, phone, note)
    _say(_people(session, name).add(slug, changes), "added", as_json)


@person.command("list")
@click.argument("slug", required=False, shell_complete=EVERY_PARTNER)
@json_option
@click.pass_obj
def list_(session: Session, slug: str | None, as_json: bool) -> None:
    """List the people at a partner, also those who left; or at all partners.

    \b
    Example:
      crosspromo partner person list river-keepers
    """
    found = _people(session, "nobody").list(slug)
    if as_json:
        emit_json({"people": [documents_people.of_partner_person(each) for each in found]})
        return
    emit_table(
        ["person", "partner", "name", "roles", "mail", "phone", "left"],
        [
            [
                each.number,
                each.partner,
                each.name,
                ", ".join(role.value for role in each.roles),
                each.mail,
                each.phone,
                None if each.ended_at is None else local(each.ended_at, session.zone),
            ]
            for each in found
        ],
        empty="nobody is known there yet; add somebody with: crosspromo partner person add",
        spare=("phone", "left"),
    )


@person.command("edit")
@click.argument("number", metavar="N", type=ID)
@click.option("--name", "person_name", metavar="NAME", help="What they are called.")
@details
@as_option
@json_option
@click.pass_obj
def edit(
    session: Session,
    number: int,
    person_name: str | None,
    roles: tuple[str, ...],
    mail: str | None,
    phone: str | None,
    note: str | None,
    name: str,
    as_json: bool,
) -> None:
    """Change what is known of a person; what you leave out stays. N is the number in the list.

    \b
    Example:
      crosspromo partner person edit 3 --role key-contact --role sign-off
    """
    changes = PersonChanges(person_name, _roles(roles) or None, mail, phone, note)
    _say(_people(session, name).edit(number, changes), "up to date", as_json)


@person.command("end")
@click.argument("number", metavar="N", type=ID)
@as_option
@json_option
@click.pass_obj
def end(session: Session, number: int, name: str, as_json: bool) -> None:
    """Note that a person left the partner; nothing is asked of them any more.

    \b
    Example:
      crosspromo partner person end 3
    """
    _say(_people(session, name).end(number), "left", as_json)


def _roles(texts: tuple[str, ...]) -> tuple[PartnerRole, ...]:
    return tuple(PartnerRole(each) for each in texts)


def _say(found: PartnerPerson, what: str, as_json: bool) -> None:
    if as_json:
        emit_json(documents_people.of_partner_person(found))
    else:
        click.echo(f"{found.partner}, person {found.number}, {found.name}: {what}")
