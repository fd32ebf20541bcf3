"""`crosspromo partner`: partners, the organisations and people we lift up."""

from pathlib import Path

import click

from crosspromo import documents
from crosspromo.cli.output import emit_fields, emit_json, emit_table
from crosspromo.cli.session import Session, dry_run_option, json_option
from crosspromo.cli.summary import emit_failed, say_import
from crosspromo.domain.errors import ImportFailedError, UsageError
from crosspromo.domain.partners import Partner
from crosspromo.services.partners import PartnerChanges


@click.group("partner")
def command() -> None:
    """The organisations and people we lift up."""


@command.command("add")
@click.argument("name")
@click.option("--slug", help="What you will type; made from the name if left out.")
@click.option("--why", default="", help="One line on why people should know them.")
@click.option("--website", default="")
@click.option("--topic", "topics", multiple=True, help="Repeat for each; capitals are kept.")
@click.option("--handle", "handles", multiple=True, metavar="NETWORK=HANDLE", help="Repeatable.")
@click.option("--tag-ok", is_flag=True, help="They want to be tagged; otherwise they are named.")
@json_option
@click.pass_obj
def add(
    session: Session,
    name: str,
    slug: str | None,
    why: str,
    website: str,
    topics: tuple[str, ...],
    handles: tuple[str, ...],
    tag_ok: bool,
    as_json: bool,
) -> None:
    """Add a partner.

    \b
    Example:
      crosspromo partner add "River Keepers" --why "They clean our river." \\
        --handle bluesky=riverkeepers.example --tag-ok --topic Water
    """
    partner = session.workspace.services.partners.add(
        Partner(
            slug=slug or "",
            name=name,
            why=why,
            website=website,
            topics=topics,
            handles=_handles(handles),
            tag_ok=tag_ok,
        )
    )
    if as_json:
        emit_json(documents.of_partner(partner))
    else:
        click.echo(f"added {partner.slug}")


@command.command("edit")
@click.argument("slug")
@click.option("--name")
@click.option("--why")
@click.option("--website")
@click.option("--topic", "topics", multiple=True, help="Replaces the topics. Repeatable.")
@click.option("--handle", "handles", multiple=True, metavar="NETWORK=HANDLE", help="Repeatable.")
@click.option("--tag-ok/--no-tag-ok", default=None, help="Whether they want to be tagged.")
@json_option
@click.pass_obj
def edit(
    session: Session,
    slug: str,
    name: str | None,
    why: str | None,
    website: str | None,
    topics: tuple[str, ...],
    handles: tuple[str, ...],
    tag_ok: bool | None,
    as_json: bool,
) -> None:
    """Change what is known of a partner; what you leave out stays.

    \b
    Example:
      crosspromo partner edit river-keepers --tag-ok --handle x=riverkeepers
    """
    changes = PartnerChanges(
        name=name,
        why=why,
        website=website,
        topics=topics or None,
        handles=_handles(handles),
        tag_ok=tag_ok,
    )
    partner = session.workspace.services.partners.edit(slug, changes)
    if as_json:
        emit_json(documents.of_partner(partner))
    else:
        click.echo(f"{slug} is up to date")


def _handles(texts: tuple[str, ...]) -> dict[str, str]:
    """Handles by network, from NETWORK=HANDLE texts; UsageError for other texts."""
    handles = {}
    for text in texts:
        network, separator, handle = text.partition("=")
        if not separator:
            raise UsageError(f'--handle "{text}": write NETWORK=HANDLE, as in bluesky=us.example')
        handles[network] = handle
    return handles


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """All partners.

    \b
    Example:
      crosspromo partner list --json
    """
    partners = session.workspace.services.partners.list()
    if as_json:
        emit_json({"partners": [documents.of_partner(partner) for partner in partners]})
        return
    emit_table(
        ["partner", "name", "tagged", "handles", "topics"],
        [
            [
                p.slug,
                p.name,
                "yes" if p.tag_ok else "named",
                ", ".join(f"{network} {handle}" for network, handle in p.handles.items()),
                "; ".join(p.topics),
            ]
            for p in partners
        ],
        empty="there are no partners yet; add one with: crosspromo partner add, or partner import",
        spare=("handles",),
    )


@command.command("show")
@click.argument("slug")
@json_option
@click.pass_obj
def show(session: Session, slug: str, as_json: bool) -> None:
    """One partner.

    \b
    Example:
      crosspromo partner show river-keepers
    """
    document = documents.of_partner(session.workspace.services.partners.get(slug))
    if as_json:
        emit_json(document)
        return
    emit_fields(document, session.zone)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Import the good rows although others are bad.")
@dry_run_option
@json_option
@click.pass_obj
def import_(session: Session, file: Path, partial: bool, dry_run: bool, as_json: bool) -> int:
    """Import partners from a CSV file in the columns of the export.

    A partner is known by its slug: those there are brought up to date. One bad row and nothing is
    written, unless --partial.

    \b
    Example:
      crosspromo partner import partners.csv --dry-run
    """
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (lists do not need it)

    try:
        imported = session.workspace.services.partners.import_(
            contents(file), file.name, partial=partial, dry_run=dry_run
        )
    except ImportFailedError as error:
        if not as_json:
            raise
        return emit_failed(error, session)
    if as_json:
        emit_json(documents.of_import(imported, session.zone))
    else:
        say_import(imported, session, dry_run=dry_run)
    return 1 if imported.errors else 0


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True))
@click.pass_obj
def export(session: Session, file: str) -> None:
    """Write all partners to a CSV file, or to stdout with -.

    \b
    Example:
      crosspromo partner export partners.csv
    """
    text = session.workspace.services.partners.export()
    with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as target:
        target.write(text)
