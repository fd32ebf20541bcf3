"""`crosspromo queue show|preview`: views of a single delivery."""

import click

from crosspromo import documents
from crosspromo.cli.output import echo_styled, emit_fields, emit_json, styled
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.telling import of_fault, of_hold, say_holds, say_notes
from crosspromo.domain.invisible import escaped
from crosspromo.rendering.preview import PostPreview, Preview


@click.command("show")
@click.argument("delivery_id", metavar="ID", type=int)
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
    emit_fields(document, zone)
    say_holds(view.holds, delivery.account, zone)
    click.echo(f"\n{text}" if text else "")
    if delivery.content.reposts is not None:
        click.echo(reshared(text, delivery.content.reposts))


@click.command("preview")
@click.argument("delivery_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def preview(session: Session, delivery_id: int, as_json: bool) -> None:
    """The text as it will stand on its network, with its length and the limit.

    \b
    Example:
      crosspromo queue preview 112
    """
    shown = session.workspace.services.deliveries.preview(delivery_id)
    if as_json:
        emit_json({"id": delivery_id, **documents.of_preview(shown, session.zone)})
    else:
        _say_preview(shown)
        say_notes(shown.notes, shown.account, session.zone)


def _say_preview(shown: Preview) -> None:
    """Print the lengths, the posts, and notes below them.

    Notes are entities, card, images, dropped segments and cost.
    """
    click.echo(f"{shown.account}, {_lengths(shown)}")
    if shown.title is not None:
        click.echo(f"\n{shown.title}\n{'-' * len(shown.title)}")
    for post in shown.posts:
        if post.text:
            echo_styled(f"\n{_marked(post)}")
    if shown.reposts is not None:
        click.echo(f"\n{reshared(shown.posts[0].text, shown.reposts)}")
    notes = [
        *(f"{kind}s: {', '.join(found)}" for kind, found in _found(shown).items() if found),
        *([f"card: {shown.card}"] if shown.card else []),
        *(f"image: {image.path} ({image.alt})" for image in shown.images),
        *(f"left out so that it fits: {' '.join(part.split())}" for part in shown.dropped),
        *([] if shown.cost is None else [f"cost: ${shown.cost:.3f}"]),
    ]
    if notes:
        click.echo("\n" + "\n".join(notes))


def reshared(text: str, address: str) -> str:
    """Words for a native reshare of the post at the address: `quotes` with text, else `reposts`."""
    return f"{'quotes' if text else 'reposts'} {address}"


def _lengths(shown: Preview) -> str:
    lengths = ", ".join(f"{post.length} of {post.limit}" for post in shown.posts)
    return lengths if len(shown.posts) == 1 else f"a thread of {len(shown.posts)} ({lengths})"


def _marked(post: PostPreview) -> str:
    """Text with its links, mentions and hashtags underlined, where a terminal can."""
    marked, position = "", 0
    for entity in post.entities:
        marked += escaped(post.text[position : entity.start])
        marked += styled(entity.text, underline=True)
        position = entity.end
    return marked + escaped(post.text[position:])


def _found(shown: Preview) -> dict[str, list[str]]:
    """Entities by type: addresses of links, texts of mentions and hashtags."""
    found: dict[str, list[str]] = {"link": [], "mention": [], "hashtag": []}
    for entity in (entity for post in shown.posts for entity in post.entities):
        found[entity.type].append(entity.target if entity.type == "link" else entity.text)
    return found
