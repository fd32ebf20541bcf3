"""`crosspromo queue edit`: what deliveries will say."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from difflib import unified_diff
from textwrap import indent
from typing import TYPE_CHECKING

import click

from crosspromo.cli.completion import CAMPAIGNS
from crosspromo.cli.given_image import ALT, IMAGE, given_images
from crosspromo.cli.given_text import text_option
from crosspromo.cli.session import Session, as_option
from crosspromo.cli.targets import say_left, targets
from crosspromo.domain.campaigns import chosen_campaign
from crosspromo.domain.errors import CrosspromoError, StateError, UsageError
from crosspromo.domain.invisible import escaped
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.state import EditedMeanwhile
from crosspromo.domain.tones import Tone
from crosspromo.phrasing.words import taken_out
from crosspromo.services.act_on_posts import Acted, Done, PostActs, Targets
from crosspromo.services.acts.editing import Edit
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.edited_content import Changes

if TYPE_CHECKING:
    from crosspromo.cli.editor import TextFile

MARKDOWN_OR_PLAIN = click.option(
    "--markdown/--plain",
    default=None,
    help="Where the network reads Markdown: the text is Markdown, or plain words. Else as it was.",
)


@click.command("edit")
@targets("draft", "queued")
@text_option(text_help="Another text; - reads it from stdin.")
@click.option("--title", help="For networks that have titles (Reddit).")
@click.option("--link", metavar="URL", help="Another address to send people to.")
@IMAGE
@ALT
@click.option("--no-image", is_flag=True, help="Take the images away.")
@click.option("--thread", is_flag=True, help="Too long a text for one post may become several.")
@MARKDOWN_OR_PLAIN
@click.option(
    "--allow-duplicate",
    metavar="REASON",
    help="The text may be one that the account had within 30 days; the reason goes into the audit "
    "log.",
)
@click.option(
    "--campaign",
    metavar="SLUG",
    shell_complete=CAMPAIGNS,
    help="The campaign that the posts belong to; none for no campaign.",
)
@click.option("--note", help='What we note for ourselves, and never send; "" for nothing.')
@click.option(
    "--tone", type=click.Choice([tone.value for tone in Tone]), help="The tone of the posts."
)
@click.option("--repair", is_flag=True, help="Have the texts as the notes on them propose.")
@as_option
@click.pass_obj
def edit(
    session: Session,
    targets: Targets,
    text: str | None,
    title: str | None,
    link: str | None,
    images: tuple[str, ...],
    alts: tuple[str, ...],
    no_image: bool,
    thread: bool,
    markdown: bool | None,
    allow_duplicate: str | None,
    campaign: str | None,
    note: str | None,
    tone: str | None,
    repair: bool,
    name: str,
) -> None:
    """Change what drafts or queued deliveries will say. That voids their approvals.

    Campaign, note and tone are of the whole post, on all accounts; they are not sent, so that
    approvals stay.

    Without options the texts open in your editor ($VISUAL, else $EDITOR), those of all deliveries
    at once. --image puts new images in the place of the old ones; --alt alone gives these other alt
    texts. A disclosure, and the address of a reshared post, stay in the text whatever you write.

    \b
    Examples:
      crosspromo queue edit --post 40
      crosspromo queue edit 112 --text "Meet the River Keepers."
      crosspromo queue edit 112 113 --link https://river.example/new
      crosspromo queue edit 112 --repair
      crosspromo queue edit --post 40 --campaign none
      crosspromo queue edit --post 40 --tone solemn
    """
    if no_image and (images or alts):
        raise UsageError("say either --no-image, or --image and --alt")
    changes = Changes(
        text=text,
        title=title,
        link=link,
        images=() if no_image else None,
        alts=alts if alts and not images else None,
        thread=thread,
        markdown=markdown,
        allow_duplicate=allow_duplicate,
    )
    acts = session.workspace.services.act_on_posts(name)
    labels = Labels(
        campaign=None if campaign is None else chosen_campaign(campaign) or "",
        note=note,
        tone=None if tone is None else Tone(tone),
    )
    says_nothing_else = changes.nothing and not images
    if repair and not (says_nothing_else and labels.nothing):
        raise UsageError("--repair changes the text by itself; give it alone")
    if not labels.nothing:
        _label(acts, targets, labels)
    if says_nothing_else and not labels.nothing:
        return
    acted = _edited(session, acts, targets, changes, repair=repair, pictures=(images, alts))
    for each in acted.done:
        if repair and each.result.before == each.result.after:
            click.echo(f"{each.delivery} on {each.account}: its text needs no repair")
        else:
            _say(each)
    say_left(acted.left)


def _edited(
    session: Session,
    acts: PostActs,
    targets: Targets,
    changes: Changes,
    *,
    repair: bool,
    pictures: tuple[tuple[str, ...], tuple[str, ...]],
) -> Acted[Edit]:
    """Edit in the way that the options ask for."""
    images, alts = pictures
    if repair:
        return acts.repair(targets)
    if images:
        given = given_images(session.workspace.folder, images, alts)
        return acts.edit(targets, replace(changes, images=given))
    if changes.nothing:
        return _edit_by_hand(acts, targets, changes.allow_duplicate)
    return acts.edit(targets, changes)


def _label(acts: PostActs, targets: Targets, labels: Labels) -> None:
    """Give the posts another campaign, note or tone, and say so."""
    for each in acts.label(targets, labels).done:
        told = []
        if labels.campaign is not None:
            told.append(f"campaign {labels.campaign or 'none'}")
        if labels.note is not None:
            told.append("another note" if labels.note else "no note")
        if labels.tone is not None:
            told.append(f"tone {labels.tone}")
        click.echo(f"{each.delivery} on {each.account}: {', '.join(told)}")


def _edit_by_hand(acts: PostActs, targets: Targets, allow_duplicate: str | None) -> Acted[Edit]:
    """Edit in the person's editor; a text that is refused is kept in a file.

    At a terminal the person may mend what was refused, and go on; not where somebody else has
    edited a delivery meanwhile, because the person has not seen that text.
    """
    from crosspromo.cli import editor  # noqa: PLC0415 (seldom without options)

    parts = editor.sections(acts.chosen(targets))
    refused: tuple[bytes, CrosspromoError] | None = None
    with editor.file_of(editor.written(parts)) as file:
        while True:
            data = file.edited()
            if data == file.original:
                return _nothing(parts)
            if refused is not None and data == refused[0]:
                raise refused[1]
            written = ""
            try:
                written = editor.text_of(data)
                changes = {
                    number: replace(each, allow_duplicate=allow_duplicate)
                    for number, each in editor.read_back(written, parts).items()
                }
                return acts.edit_each(changes) if changes else _nothing(parts)
            except CrosspromoError as error:
                meanwhile = error.reason if isinstance(error, StateError) else None
                if isinstance(meanwhile, EditedMeanwhile):
                    _show_both(editor.body_of(meanwhile.title, meanwhile.text), written)
                elif _goes_on(error, file):
                    refused = (data, error)
                    continue
                raise


def _show_both(now: str, written: str) -> None:
    """Print the text of somebody else, and the person's own."""
    click.echo(f"It says now:\n\n{indent(escaped(now.strip()), '    ')}\n", err=True)
    click.echo(f"You wrote:\n\n{indent(escaped(written.strip()), '    ')}\n", err=True)


def _goes_on(error: CrosspromoError, file: "TextFile") -> bool:
    """Whether the person at a terminal wants to mend what was refused; it is kept already."""
    from crosspromo.cli.telling import of_error  # noqa: PLC0415 (seldom needed)
    from crosspromo.domain.timing import UTC_ZONE  # noqa: PLC0415 (likewise)

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    click.echo(f"Error: {of_error(error, UTC_ZONE)}", err=True)
    file.name()
    return click.confirm("Edit it again?", default=True, err=True)


def _nothing(parts: Sequence[object]) -> Acted[Edit]:
    which = "it" if len(parts) == 1 else "they"
    click.echo(f"nothing was changed; {which} will say what was there before")
    return Acted(())


def _say(done: Done[Edit]) -> None:
    """Print the difference between before and after, and what follows from it."""
    edit = done.result
    for obligation in edit.put_back:
        click.echo(f"put back into {done.delivery}: {obligation}")
    if edit.taken:
        click.echo(f"{done.delivery}: {taken_out(edit.taken)}")
    if edit.before == edit.after:
        click.echo(f"{done.delivery} says this already; nothing was changed")
        return
    click.echo(f"edited {done.delivery} on {done.account}\n{_difference(edit)}")
    if len(edit.after.parts) != len(edit.before.parts):
        parts = len(edit.after.parts)
        click.echo(f"it is {f'a thread of {parts}' if parts else 'one post'} now")
    if edit.void:
        click.echo(f"{plural(edit.void, 'approval')} void: it has to be approved again")


def _difference(edit: Edit) -> str:
    """Unified diff of title, text, link and images before and after an edit."""
    return "\n".join(
        unified_diff(_lines(edit.before), _lines(edit.after), "before", "after", lineterm="")
    )


def _lines(content: Content) -> list[str]:
    title = [] if content.title is None else [content.title, ""]
    link = [] if content.link is None or content.link in content.text else ["", content.link]
    images = [f"image: {image.path} ({image.alt})" for image in content.images]
    return [*title, *content.text.splitlines(), *link, *images]
