"""`crosspromo person`: what is held of a person, exported or erased."""

from typing import TYPE_CHECKING

import click

from crosspromo import documents_people
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.personal_data import place_of

if TYPE_CHECKING:
    from crosspromo.services.erase_people import PersonalData


@click.group("person")
def command() -> None:
    """What we hold of a person: export it, or erase it.

    NAME is the name as it stands in the records: of somebody at a partner, of one of us, or of a
    partner who is an individual.
    """


def _data(session: Session, name: str) -> "PersonalData":
    return session.workspace.services.personal_data(name)


@command.command("export")
@click.argument("person", metavar="NAME")
@json_option
@click.pass_obj
def export(session: Session, person: str, as_json: bool) -> None:
    """Show everything that is held of a person, for them to have.

    \b
    Example:
      crosspromo person export "Kim Rivera" --json
    """
    found = _data(session, "nobody").export(person)
    if as_json:
        emit_json(documents_people.of_traces(person, found))
        return
    emit_table(
        ["where", "what", "value"],
        [
            [place_of(trace.table), column.replace("_", " "), str(trace.row[column])]
            for trace in found
            for column in trace.columns
        ],
    )


@command.command("erase")
@click.argument("person", metavar="NAME")
@click.option("--keep-away", is_flag=True, help="Refuse them from now on, in imports too.")
@click.option("--yes", is_flag=True, help="Do it. Without this, what would happen is shown.")
@as_option
@json_option
@click.pass_obj
def erase(
    session: Session, person: str, keep_away: bool, yes: bool, name: str, as_json: bool
) -> None:
    """Erase a person; this cannot be undone.

    Contacts, sign-in and what can be undone are deleted. What was approved and done stays under a
    pseudonym, so that counts stay right. Texts that were published and backups keep the name.

    \b
    Examples:
      crosspromo person erase "Kim Rivera"
      crosspromo person erase "Kim Rivera" --keep-away --yes
    """
    done = _data(session, name).erase(person, keep_away=keep_away, dry_run=not yes)
    if as_json:
        emit_json(documents_people.of_erased(done, kept_away=keep_away, dry_run=not yes))
        return
    rows = ", ".join(f"{place_of(table)} {count}" for table, count in done.rows.items())
    click.echo(f"{'erased' if yes else 'would be erased'}: {rows or 'nothing is held'}")
    click.echo(f"what stays names {done.pseudonym}")
    if done.drafts:
        numbers = ", ".join(map(str, done.drafts))
        click.echo(f"{'drafts now' if yes else 'would be drafts'}, as they show them: {numbers}")
    if keep_away:
        click.echo(f"{'they are' if yes else 'they would be'} refused from now on")
    if not yes:
        total = plural(sum(done.rows.values()), "row")
        click.echo(f"nothing was changed; to erase these {total}: the same with --yes", err=True)
    else:
        click.echo("texts that were published, and backups, still have the name", err=True)
