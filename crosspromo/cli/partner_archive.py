"""`crosspromo partner archive`, `unarchive`, `remove`: partners who are no longer offered."""

import click

from crosspromo import documents
from crosspromo.cli.completion import ARCHIVED, EVERY_PARTNER, PARTNERS
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.approval import listed


@click.command("archive")
@click.argument("partners", nargs=-1, required=True, shell_complete=PARTNERS)
@as_option
@json_option
@click.pass_obj
def archive(session: Session, partners: tuple[str, ...], name: str, as_json: bool) -> None:
    """Offer partners no more; their posts and what they count stay.

    Posts that wait go out unless you cancel them: they are named.

    \b
    Example:
      crosspromo partner archive river-keepers
    """
    done = session.workspace.services.partner_archive(name).archive(partners)
    if as_json:
        emit_json(documents.of_archived(done))
        return
    for each in done:
        click.echo(f"{each.partner} is archived" + ("" if each.changed else " already"))
        if each.waiting:
            ids = " ".join(map(str, each.waiting))
            words = "posts about it are still to go out; to take them out: crosspromo queue cancel"
            click.echo(f"{words} {ids}", err=True)
        if each.events:
            click.echo(
                f"it holds {listed(list(each.events))}; what it holds alone is announced no more",
                err=True,
            )


@click.command("unarchive")
@click.argument("partners", nargs=-1, required=True, shell_complete=ARCHIVED)
@as_option
@json_option
@click.pass_obj
def unarchive(session: Session, partners: tuple[str, ...], name: str, as_json: bool) -> None:
    """Offer archived partners again.

    \b
    Example:
      crosspromo partner unarchive river-keepers
    """
    done = session.workspace.services.partner_archive(name).unarchive(partners)
    if as_json:
        emit_json(documents.of_archived(done))
        return
    for each in done:
        click.echo(
            f"{each.partner} is offered again" if each.changed else f"{each.partner} is offered"
        )


@click.command("remove")
@click.argument("partners", nargs=-1, required=True, shell_complete=EVERY_PARTNER)
@as_option
@click.pass_obj
def remove(session: Session, partners: tuple[str, ...], name: str) -> None:
    """Delete partners whom no post, event or ledger row names; archive the others.

    \b
    Example:
      crosspromo partner remove entered-twice
    """
    session.workspace.services.partner_archive(name).remove(partners)
    for partner in partners:
        click.echo(f"removed {partner}")
