"""`crosspromo partner`: the organisations and people we lift up."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_fields, emit_json, emit_table
from crosspromo.cli.session import Session, dry_run_option, json_option
from crosspromo.cli.summary import ImportSummary
from crosspromo.domain.errors import ImportFailedError, UsageError
from crosspromo.domain.naming import slugify
from crosspromo.domain.partners import HANDLE_NETWORKS, Partner, check_slug
from crosspromo.intake.handles import HandleError, bare_handle
from crosspromo.intake.partners import read_partners, write_partners


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
    partner = Partner(
        slug=check_slug(slug or slugify(name)),
        name=name,
        why=why,
        website=website,
        topics=topics,
        handles=MappingProxyType(dict(_handle(text) for text in handles)),
        tag_ok=tag_ok,
    )
    with session.workspace.store.write() as unit:
        if unit.partners.find(partner.slug) is not None:
            raise UsageError(f'there is a partner "{partner.slug}" already; choose another --slug')
        unit.partners.save(partner)
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
    with session.workspace.store.write() as unit:
        known = unit.partners.get(slug)
        partner = replace(
            known,
            name=known.name if name is None else name,
            why=known.why if why is None else why,
            website=known.website if website is None else website,
            topics=topics or known.topics,
            handles=MappingProxyType({**known.handles, **dict(_handle(h) for h in handles)}),
            tag_ok=known.tag_ok if tag_ok is None else tag_ok,
        )
        unit.partners.save(partner)
    if as_json:
        emit_json(documents.of_partner(partner))
    else:
        click.echo(f"{slug} is up to date")


def _handle(text: str) -> tuple[str, str]:
    network, separator, handle = text.partition("=")
    if not separator:
        raise UsageError(f'--handle "{text}": write NETWORK=HANDLE, as in bluesky=us.example')
    if network not in HANDLE_NETWORKS:
        return network, handle.removeprefix("@")
    try:
        return network, bare_handle(network, handle)
    except HandleError as error:
        raise UsageError(f"--handle {text}: {error}") from None


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """All partners.

    \b
    Example:
      crosspromo partner list --json
    """
    with session.workspace.store.read() as unit:
        partners = unit.partners.all()
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
    workspace = session.workspace
    with workspace.store.read() as unit:
        document = documents.of_partner(unit.partners.get(slug))
    if as_json:
        emit_json(document)
        return
    emit_fields(document, workspace.settings.organisation.zone)


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
    if file.suffix.lower() in {".xlsx", ".xls", ".ods"}:
        raise UsageError(f"{file.name} is a workbook; save it as CSV (UTF-8) and import that")
    reading = read_partners(file.read_bytes(), file.name)
    summary = ImportSummary(errors=reading.errors, dry_run=dry_run)
    if reading.errors and not partial:
        if not as_json:
            raise ImportFailedError(file.name, reading.errors)
        summary.emit(as_json=True)
        return 1
    with session.workspace.store.write() as unit:
        for partner in reading.items:
            summary.count(unit.partners.save(partner))
        if dry_run:
            unit.undo()
    summary.emit(as_json=as_json)
    return 1 if reading.errors else 0


@command.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True))
@click.pass_obj
def export(session: Session, file: str) -> None:
    """Write all partners to a CSV file, or to stdout with -.

    \b
    Example:
      crosspromo partner export partners.csv
    """
    with session.workspace.store.read() as unit:
        text = write_partners(unit.partners.all())
    with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as target:
        target.write(text)
