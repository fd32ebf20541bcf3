"""`crosspromo partner add`, `edit`, `list`, `show`: the organisations and people we lift up."""

import click

from crosspromo import documents
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.outdated import say_outdated
from crosspromo.cli.output import emit_fields, emit_json, emit_table
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.partners import Partner
from crosspromo.phrasing.words import first_words
from crosspromo.services.partners import PartnerChanges

LONGEST = 60
"""Characters of a name, or of all topics, in a list."""


@click.command("add")
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


@click.command("edit")
@click.argument("slug", shell_complete=EVERY_PARTNER)
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

    Posts that wait stay as they are. Those that say what was before are named.

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
    done = session.workspace.services.partners.edit(slug, changes)
    if as_json:
        emit_json(documents.of_edited_partner(done))
    else:
        click.echo(f"{slug} is up to date")
    say_outdated(done.outdated)


def _handles(texts: tuple[str, ...]) -> dict[str, str]:
    """Handles by network, from NETWORK=HANDLE texts; UsageError for other texts."""
    handles = {}
    for text in texts:
        network, separator, handle = text.partition("=")
        if not separator:
            raise UsageError(f'--handle "{text}": write NETWORK=HANDLE, as in bluesky=us.example')
        handles[network] = handle
    return handles


@click.command("list")
@click.option("--archived", is_flag=True, help="The archived ones, who are not offered any more.")
@json_option
@click.pass_obj
def list_(session: Session, archived: bool, as_json: bool) -> None:
    """All partners who are offered.

    \b
    Example:
      crosspromo partner list --json
    """
    partners = session.workspace.services.partners.list(archived=archived)
    if as_json:
        emit_json({"partners": [documents.of_partner(partner) for partner in partners]})
        return
    emit_table(
        ["partner", "name", "tagged", "handles", "topics"],
        [
            [
                p.slug,
                first_words(p.name, LONGEST),
                "yes" if p.tag_ok else "named",
                ", ".join(f"{network} {handle}" for network, handle in p.handles.items()),
                first_words("; ".join(p.topics), LONGEST),
            ]
            for p in partners
        ],
        empty="there are no partners yet; add one with: crosspromo partner add, or partner import",
        spare=("handles",),
    )


@click.command("show")
@click.argument("slug", shell_complete=EVERY_PARTNER)
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
