"""`crosspromo partner merge`: two records of one partner become one."""

import click

from crosspromo import documents_partners
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.output import emit_json
from crosspromo.cli.partner_sheets import say_fields
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.domain.plurals import plural


@click.command("merge")
@click.argument("gone", metavar="FROM", shell_complete=EVERY_PARTNER)
@click.argument("into", metavar="INTO", shell_complete=EVERY_PARTNER)
@dry_run_option
@as_option
@json_option
@click.pass_obj
def merge(session: Session, gone: str, into: str, dry_run: bool, name: str, as_json: bool) -> None:
    """Make the partner FROM part of the partner INTO, who was entered twice.

    Notes, handles, topics, diary, posts, events and what counts stay, with INTO. Where both say
    something else, INTO's stands, and the other is kept as a note. FROM can be typed as before and
    means INTO. A sign-off that FROM gave is asked for anew. This cannot be taken back.

    \b
    Example:
      crosspromo partner merge river-keeper river-keepers --dry-run
    """
    done = session.workspace.services.partner_merge(name).merge(gone, into, dry_run=dry_run)
    if as_json:
        emit_json(documents_partners.of_merge(done, dry_run=dry_run))
        return
    would = "would be" if dry_run else "is now"
    click.echo(f"{done.gone} {would} part of {done.partner.slug}")
    say_fields(done.change)
    rows = sum(done.moved.values())
    if rows:
        click.echo(f"{plural(rows, 'row')} of posts, events, ledger and diary {_move(dry_run)}")
    if done.waiting:
        ids = " ".join(map(str, done.waiting))
        click.echo(
            f"posts that wait keep their texts, which may name {done.gone}; see: "
            f"crosspromo queue show ID, for {ids}",
            err=True,
        )


def _move(dry_run: bool) -> str:
    return "would move" if dry_run else "moved"
