"""`crosspromo user`: the people who may sign in to the console."""

from typing import TYPE_CHECKING

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.serve import say_whose_address
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.people import OneTimeLink, Role

if TYPE_CHECKING:
    from crosspromo.services.people import PeopleService

ROLE = click.Choice([each.value for each in Role])


@click.group("user")
def command() -> None:
    """The people who may sign in to the console, and what they may do there.

    A reader reads; an author also writes, moves and cancels posts; an approver also approves,
    rejects, releases and resolves; an admin also pauses, and looks after accounts and people.
    """


def _people(session: Session, name: str) -> "PeopleService":
    return session.workspace.services.people(name)


@command.command("add")
@click.argument("person", metavar="NAME")
@click.option(
    "--role", type=ROLE, default=Role.READER.value, show_default=True, help="What they may do."
)
@click.option("--mail", metavar="ADDRESS", help="Where the invitation goes.")
@as_option
@json_option
@click.pass_obj
def add(
    session: Session, person: str, role: str, mail: str | None, name: str, as_json: bool
) -> None:
    """Invite a person. NAME is the one that stands in approvals and in the audit log.

    The link works once, within a week, and lets them choose a password. It is mailed where there is
    an address, [smtp] and public_url under [serve]; else it is printed, for you to hand over.

    \b
    Examples:
      crosspromo user add "Maria Alvarez" --role admin
      crosspromo user add "Dan Okafor" --role approver --mail dan@rva.example.org
    """
    people = _people(session, name)
    _say_link(session, people, people.add(person, Role(role), mail), as_json=as_json)


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List the people who may sign in.

    \b
    Example:
      crosspromo user list
    """
    everybody = _people(session, "nobody").all()
    if as_json:
        emit_json({"people": [documents.of_person(each) for each in everybody]})
        return
    emit_table(
        ["NAME", "ROLE", "MAIL", "SIGNS IN WITH", "SESSIONS", "SINCE"],
        [
            [
                each.name,
                each.role.value,
                each.mail,
                _steps(has_password=each.has_password, has_code=each.has_second_step),
                each.sessions or None,
                local(each.added_at, session.zone),
            ]
            for each in everybody
        ],
        empty='nobody may sign in yet; invite the first: crosspromo user add "NAME" --role admin',
    )


@command.command("role")
@click.argument("person", metavar="NAME")
@click.argument("role", type=ROLE)
@as_option
@click.pass_obj
def role_(session: Session, person: str, role: str, name: str) -> None:
    """Give a person another role.

    \b
    Example:
      crosspromo user role "Dan Okafor" admin
    """
    changed = _people(session, name).set_role(person, Role(role))
    click.echo(f"{changed.name} is {changed.role.value} now")


@command.command("reset")
@click.argument("person", metavar="NAME")
@as_option
@json_option
@click.pass_obj
def reset(session: Session, person: str, name: str, as_json: bool) -> None:
    """Let a person choose a new password; the old one, the second step and all sessions end.

    \b
    Example:
      crosspromo user reset "Dan Okafor"
    """
    people = _people(session, name)
    _say_link(session, people, people.reset(person), as_json=as_json)


@command.command("sign-out")
@click.argument("person", metavar="NAME")
@as_option
@click.pass_obj
def sign_out(session: Session, person: str, name: str) -> None:
    """End all sessions of a person, who may sign in again.

    \b
    Example:
      crosspromo user sign-out "Dan Okafor"
    """
    ended = _people(session, name).end_sessions(person)
    click.echo(f"{ended} sessions of {person} ended" if ended else f"{person} has no session")


@command.command("remove")
@click.argument("person", metavar="NAME")
@as_option
@click.pass_obj
def remove(session: Session, person: str, name: str) -> None:
    """Let a person in no more. What they approved and did stays under their name.

    \b
    Example:
      crosspromo user remove "Dan Okafor"
    """
    removed = _people(session, name).remove(person)
    click.echo(f"{removed.name} may no longer sign in")


def _say_link(
    session: Session, people: "PeopleService", link: OneTimeLink, *, as_json: bool
) -> None:
    """Mail the link, or print it; also where the mail server does not take it."""
    from crosspromo.phrasing.people import link_address  # noqa: PLC0415 (--help needs none)

    trouble = None
    try:
        mailed = people.send(link)
    except CrosspromoError as error:
        mailed, trouble = False, str(error)
    address = link_address(link, session.workspace.settings.serve.address)
    if trouble is not None:
        click.echo(f"Not mailed: {trouble}", err=True)
    if as_json:
        emit_json(documents.of_one_time_link(link, None if mailed else address))
        if not mailed:
            say_whose_address(session)
        return
    until = local(link.ends_at, session.zone)
    if mailed:
        click.echo(f"{link.person.name} gets a link by mail, to {link.person.mail}, until {until}")
        return
    click.echo(f"Hand this link to {link.person.name}; it works once, until {until}:")
    click.echo(address)
    say_whose_address(session)


def _steps(*, has_password: bool, has_code: bool) -> str:
    if not has_password:
        return "an open link"
    return "password and code" if has_code else "password"
