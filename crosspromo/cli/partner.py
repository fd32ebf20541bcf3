"""`crosspromo partner add`, `edit`, `list`: the organisations and people we lift up."""

from typing import Any

import click

from crosspromo import documents
from crosspromo.cli.completion import EVERY_PARTNER, TOPICS
from crosspromo.cli.outdated import say_outdated
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.partner_record import record_options
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.partners import Partner
from crosspromo.phrasing.words import first_words
from crosspromo.services.partner_fields import FOCUS, MOST_IN_FOCUS
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
@record_options
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
    record: dict[str, Any],
    as_json: bool,
) -> None:
    """Add a partner.

    \b
    Example:
      crosspromo partner add "River Keepers" --why "They clean our river." \\
        --handle bluesky=riverkeepers.example --tag-ok --topic Water --list focus
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
            **record,
        )
    )
    if as_json:
        emit_json(documents.of_partner(partner))
    else:
        click.echo(f"added {partner.slug}")
    _say_crowded(session, record)


@click.command("edit")
@click.argument("slug", shell_complete=EVERY_PARTNER)
@click.option("--name")
@click.option("--why")
@click.option("--website")
@click.option("--topic", "topics", multiple=True, help="Replaces the topics. Repeatable.")
@click.option("--handle", "handles", multiple=True, metavar="NETWORK=HANDLE", help="Repeatable.")
@click.option("--tag-ok/--no-tag-ok", default=None, help="Whether they want to be tagged.")
@record_options
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
    record: dict[str, Any],
    as_json: bool,
) -> None:
    """Change what is known of a partner; what you leave out stays.

    Posts that wait stay as they are. Those that say what was before are named. An empty text takes
    a value away.

    \b
    Examples:
      crosspromo partner edit river-keepers --tag-ok --handle x=riverkeepers
      crosspromo partner edit river-keepers --closeness close --owner Ana
    """
    changes = PartnerChanges(
        name=name,
        why=why,
        website=website,
        topics=topics or None,
        handles=_handles(handles),
        tag_ok=tag_ok,
        **record,
    )
    done = session.workspace.services.partners.edit(slug, changes)
    if as_json:
        emit_json(documents.of_edited_partner(done))
    else:
        click.echo(f"{done.partner.slug} is up to date")
    _say_crowded(session, record)
    say_outdated(done.outdated)


def _say_crowded(session: Session, record: dict[str, Any]) -> None:
    """Print a note on stderr where the focus list, just added to, has become long."""
    if str(record.get("list", "")).lower() != FOCUS:
        return
    count = session.workspace.services.partners.crowded_focus()
    if count is not None:
        click.echo(
            f"note: {count} partners are on the focus list; above {MOST_IN_FOCUS} it is hard to "
            "keep up with each",
            err=True,
        )


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
@click.option("--list", "list_name", metavar="LIST", help="Those on this list: focus, extended.")
@click.option("--closeness", help="Those who are so close: close, broad, casual.")
@click.option("--owner", help="Those whom this person keeps up with.")
@click.option("--topic", shell_complete=TOPICS, help="Those who have this topic.")
@json_option
@click.pass_obj
def list_(
    session: Session,
    archived: bool,
    list_name: str | None,
    closeness: str | None,
    owner: str | None,
    topic: str | None,
    as_json: bool,
) -> None:
    """All partners who are offered, or some of them.

    \b
    Examples:
      crosspromo partner list --json
      crosspromo partner list --list focus --owner Ana
    """
    asked = {"list": list_name, "closeness": closeness, "owner": owner, "topics": topic}
    having = {name: value for name, value in asked.items() if value is not None}
    partners = session.workspace.services.partners.list(archived=archived, having=having)
    if as_json:
        emit_json({"partners": [documents.of_partner(partner) for partner in partners]})
        return
    none = "there are no partners yet; add one with: crosspromo partner add, or partner import"
    emit_table(
        ["partner", "name", "tagged", "list", "closeness", "owner", "handles", "topics"],
        [
            [
                p.slug,
                first_words(p.name, LONGEST),
                "yes" if p.tag_ok else "named",
                p.list,
                p.closeness,
                first_words(p.owner, LONGEST),
                ", ".join(f"{network} {handle}" for network, handle in p.handles.items()),
                first_words("; ".join(p.topics), LONGEST),
            ]
            for p in partners
        ],
        empty="no partner is so" if having else none,
        spare=("handles", "topics"),
    )
