"""`crosspromo queue show|preview`: views of deliveries."""

from collections.abc import Iterable

import click

from crosspromo import documents
from crosspromo.cli.completion import delivery_ids, post_ids
from crosspromo.cli.forecasts import when_due
from crosspromo.cli.output import echo_styled, emit_fields, emit_json, styled
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.targets import ID
from crosspromo.cli.telling import of_fault, of_hold, say_holds, say_notes
from crosspromo.domain.errors import UsageError
from crosspromo.domain.invisible import escaped
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.rendering.preview import Preview
from crosspromo.text.entities import Entity


@click.command("show")
@click.argument("delivery_id", metavar="ID", type=ID, shell_complete=delivery_ids())
@json_option
@click.pass_obj
def show(session: Session, delivery_id: int, as_json: bool) -> None:
    """One delivery, whole, with when and why it was held.

    \b
    Example:
      crosspromo queue show 112
    """
    view = session.workspace.services.deliveries.get(delivery_id)
    delivery, zone = view.delivery, session.zone
    document = documents.of_shown_delivery(view, zone)
    if as_json:
        emit_json(document)
        return
    text = document.pop("text")
    document.pop("holds")
    document["hold"] = of_hold(delivery, zone)
    document["error"] = of_fault(delivery, zone)
    document["due_at"] = when_due(delivery, zone)
    if view.forecast is not None:
        document["forecast"] = of_forecast(view.forecast, delivery.account, zone)
    emit_fields(document, zone)
    say_holds(view.holds, delivery.account, zone)
    click.echo(f"\n{text}" if text else "")
    if delivery.content.reposts is not None:
        click.echo(reshared(text, delivery.content.reposts))


@click.command("preview")
@click.argument("delivery_ids", metavar="ID…", type=ID, nargs=-1, shell_complete=delivery_ids())
@click.option(
    "--post",
    "posts",
    multiple=True,
    metavar="N",
    type=ID,
    shell_complete=post_ids(),
    help="All deliveries of a post. Repeatable.",
)
@json_option
@click.pass_obj
def preview(
    session: Session, delivery_ids: tuple[int, ...], posts: tuple[int, ...], as_json: bool
) -> None:
    """The texts as they will stand on their networks, with their lengths and limits.

    \b
    Examples:
      crosspromo queue preview 112
      crosspromo queue preview 112 113
      crosspromo queue preview --post 40
    """
    if not delivery_ids and not posts:
        raise UsageError("name what to preview: ID…, or --post N for all accounts of a post")
    views = session.workspace.services.deliveries
    chosen = views.ids(delivery_ids, posts)
    shown = [(number, views.preview(number)) for number in chosen]
    if as_json:
        documents_ = [
            {"id": number, **documents.of_preview(each, session.zone)} for number, each in shown
        ]
        emit_json({"previews": documents_} if posts or len(shown) > 1 else documents_[0])
        return
    for place, (number, each) in enumerate(shown):
        if len(shown) > 1:
            click.echo(("\n" if place else "") + f"delivery {number}")
        say_preview(each)
        say_notes(each.notes, each.account, session.zone)


def say_preview(shown: Preview, indent: str = "") -> None:
    """Print the lengths, the posts, and notes below them; with an indent, below a line about it.

    Notes are entities, card, images, dropped segments and cost.
    """
    lines = [] if indent else [escaped(f"{shown.account}, {_lengths(shown)}")]
    if shown.title is not None:
        lines += ["", *escaped(f"{shown.title}\n{'-' * len(shown.title)}").split("\n")]
    for post in shown.posts:
        if post.text:
            lines += ["", *_marked(post.text, post.entities).split("\n")]
    if shown.reposts is not None:
        lines += ["", escaped(reshared(shown.posts[0].text, shown.reposts))]
    notes = [
        *(f"{kind}s: {', '.join(found)}" for kind, found in _found(shown).items() if found),
        *([f"card: {shown.card}"] if shown.card else []),
        *(f"image: {image.path} ({image.alt})" for image in shown.images),
    ]
    if not indent:  # else the line above the preview has them already
        notes += [f"left out so that it fits: {' '.join(part.split())}" for part in shown.dropped]
        notes += [] if shown.cost is None else [f"cost: ${shown.cost:.3f}"]
    if notes:
        lines += ["", *map(escaped, notes)]
    echo_styled("\n".join(f"{indent}{line}".rstrip() for line in lines))


def reshared(text: str, address: str) -> str:
    """Words for a native reshare of the post at the address: `quotes` with text, else `reposts`."""
    return f"{'quotes' if text else 'reposts'} {address}"


def _lengths(shown: Preview) -> str:
    lengths = ", ".join(f"{post.length} of {post.limit}" for post in shown.posts)
    return lengths if len(shown.posts) == 1 else f"a thread of {len(shown.posts)} ({lengths})"


def _marked(text: str, entities: Iterable[Entity]) -> str:
    """Text with its links, mentions and hashtags underlined, where a terminal can."""
    marked, position = "", 0
    for entity in entities:
        marked += escaped(text[position : entity.start])
        marked += styled(entity.text, underline=True)
        position = entity.end
    return marked + escaped(text[position:])


def _found(shown: Preview) -> dict[str, list[str]]:
    """Entities by type: addresses of links, texts of mentions and hashtags."""
    found: dict[str, list[str]] = {"link": [], "mention": [], "hashtag": []}
    for entity in (entity for post in shown.posts for entity in post.entities):
        found[entity.type].append(entity.target if entity.type == "link" else entity.text)
    return found
