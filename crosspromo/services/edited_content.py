"""Content of a delivery after an edit: held to the network's limits and to its obligations."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from crosspromo.domain.deliveries import ContentFields, Delivery
from crosspromo.domain.errors import InputError, QueueingError
from crosspromo.domain.invisible import has_something_visible
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import AltTextsMismatch
from crosspromo.domain.reasons.queueing import (
    NothingToSay,
    NoTitlesThere,
    RepostTakesNoText,
    TitleMissing,
)
from crosspromo.domain.requests import Notice, OwnPost, Reshare, Words, given_reason
from crosspromo.domain.web_address import whole_address
from crosspromo.publishing.accessibility import repaired_content, told_relation
from crosspromo.publishing.compose import Material
from crosspromo.publishing.enqueue import cost_of
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.standing import Draft, standing
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import Segment
from crosspromo.text.own_links import places, replaced
from crosspromo.text.rules import BLUESKY


@dataclass(frozen=True, slots=True)
class Changes:
    """New values for what a delivery says; None keeps the old value.

    `images` replace all images, and are kept copies that fit the account; `alts` are new alt texts
    of the present images, in order. `thread`: a text too long for one post may become several.
    `markdown`: whether the text is Markdown, where the network reads it. `allow_duplicate` is the
    reason why the account may repeat a recent text. `seen` is the fingerprint of the content that
    the person saw: the edit is refused where the delivery has another content by now. InputError
    for a blank reason.
    """

    text: str | None = None
    title: str | None = None
    link: str | None = None
    images: tuple[Image, ...] | None = None
    alts: tuple[str, ...] | None = None
    thread: bool = False
    markdown: bool | None = None
    allow_duplicate: str | None = None
    seen: str | None = None

    def __post_init__(self) -> None:
        if self.allow_duplicate is not None:
            given_reason(self.allow_duplicate, Act.ALLOW_DUPLICATE)

    @property
    def nothing(self) -> bool:
        """Whether nothing that the delivery says has a new value."""
        return replace(self, allow_duplicate=None, seen=None) == Changes()


class EditedContent(NamedTuple):
    """Content after an edit, and the fields that depend on it.

    `put_back` are names of obligations, `taken` characters that have no place in a post.
    """

    content: Content
    fields: ContentFields
    put_back: tuple[str, ...]
    taken: tuple[str, ...]


def edited(
    delivery: Delivery,
    account: AccountRules,
    changes: Changes,
    title_for: Callable[[str], str | None],
    own_group: Collection[str],
) -> EditedContent:
    """Edited content of the delivery.

    A title that no person wrote follows the text: `title_for` makes it of a new text, or gives None
    where the title does not depend on the text. A title that a person gave is the person's from
    then on, whatever it says. A post about partners of `own_group` (slugs) that tells so goes on
    telling it. QueueingError if the network does not take the new content; InputError for a link
    that is no address, and for another number of alt texts.
    """
    before = delivery.content
    text, link = _text_and_link(before, changes)
    title, title_given = _title(delivery, account, changes, text, title_for)
    wanted = replace(
        _as_markdown(before, account, changes),
        link=link,
        title=title,
        images=_images(delivery, changes),
    )
    is_divided_anew = changes.thread and not before.parts
    is_new = text != before.text or is_divided_anew or wanted.plain != before.plain
    if is_new:
        _check_words(text, delivery, account)
    draft = Draft(
        wanted,
        delivery.kind,
        delivery.paid,
        (Segment(text if text.strip() else ""),) if is_new else None,
        thread=changes.thread or bool(before.parts),
        related=told_relation(delivery, account.capabilities.text, own_group),
    )
    content, _, taken, put_back = standing(draft, account)
    content = replace(content, link=_link_after_edit(link, content))
    dropped = () if is_new else delivery.dropped
    fields = ContentFields(cost_of(content, account.capabilities), dropped, title_given)
    return EditedContent(content, fields, put_back, taken)


def repaired(
    delivery: Delivery, account: AccountRules, own_group: Collection[str]
) -> EditedContent:
    """Content of the delivery with text and title as the notes on them propose."""
    before = delivery.content
    mended = repaired_content(delivery, account.capabilities.text, own_group)
    changes = Changes(
        text=mended.text, title=None if mended.title == before.title else mended.title
    )
    made = edited(delivery, account, changes, lambda _: None, own_group)
    return made._replace(fields=made.fields._replace(title_given=delivery.title_given))


def _as_markdown(content: Content, account: AccountRules, changes: Changes) -> Content:
    if changes.markdown is None or content.native or not account.capabilities.text.markdown:
        return content
    return replace(content, plain=not changes.markdown)


def _text_and_link(before: Content, changes: Changes) -> tuple[str, str | None]:
    """Text and link after an edit: the text has the link, wherever a link was asked for."""
    text = before.text if changes.text is None else changes.text
    if changes.link is None:
        return text, before.link
    link = whole_address(changes.link)
    if changes.text is None:
        first = _first_link(text, besides=before.reshare_of)
        old = before.link if before.link is not None and places(before.link, text) else None
        if old is None and first is not None:
            old = first.target
        if old is not None:
            text = replaced(old, link, text)
    if not places(link, text):
        text = f"{text.rstrip()}\n\n{link}".lstrip()
    return text, link


def _link_after_edit(link: str | None, content: Content) -> str | None:
    """Link of the post after an edit: the given one, or the first that the text has instead."""
    if link is None or places(link, content.text):
        return link
    first = _first_link(content.text, besides=content.reshare_of)
    return None if first is None else first.target


def _first_link(text: str, besides: str | None) -> Entity | None:
    """First link of the text, as Bluesky reads it: other networks do not link every address."""
    links = (each for each in BLUESKY.of_post().entities(text) if each.type == "link")
    return next((link for link in links if link.target != besides), None)


def _check_words(text: str, delivery: Delivery, account: AccountRules) -> None:
    """QueueingError for a text above a repost that takes none, and for a text with nothing to see.

    A reshare may do without words.
    """
    if delivery.content.native and text.strip() and not account.capabilities.quotes:
        raise QueueingError(RepostTakesNoText(account.name, delivery.id))
    if not has_something_visible(text) and (text.strip() or delivery.kind is not Kind.RESHARE):
        raise QueueingError(NothingToSay(account.name))


def _images(delivery: Delivery, changes: Changes) -> tuple[Image, ...]:
    images = delivery.content.images if changes.images is None else changes.images
    if changes.alts is None:
        return images
    if len(changes.alts) != len(images):
        raise InputError(AltTextsMismatch(delivery.id, len(images), len(changes.alts)))
    return tuple(replace(image, alt=alt) for image, alt in zip(images, changes.alts, strict=True))


def _title(
    delivery: Delivery,
    account: AccountRules,
    changes: Changes,
    text: str,
    title_for: Callable[[str], str | None],
) -> tuple[str | None, bool]:
    """Title after an edit, and whether a person wrote it."""
    before, has_titles = delivery.content.title, account.capabilities.text.title_limit is not None
    if changes.title is not None:
        if not has_titles:
            raise QueueingError(NoTitlesThere(account.name))
        if not has_something_visible(changes.title):
            raise QueueingError(TitleMissing(account.name))
        return changes.title, True
    follows = has_titles and before is not None and not delivery.title_given
    made = title_for(text) if follows and text != delivery.content.text else None
    return (before, delivery.title_given) if made is None else (made, False)


def titled_material(
    delivery: Delivery, partners: tuple[Partner, ...], text: str
) -> Material | None:
    """Material of a post with another text of a person; None: its template takes no text."""
    author = delivery.author
    match delivery.kind:
        case Kind.OWN:
            return Material(OwnPost(author=author, says=Words(text)))
        case Kind.NOTICE:
            return Material(Notice(author=author, text=text, reason="as it was queued"))
        case Kind.RESHARE if partners and delivery.content.reshare_of:
            url = delivery.content.reshare_of
            request = Reshare(author=author, partner=partners[0].slug, url=url, quote=text)
            return Material(request, partners)
        case Kind.SPOTLIGHT | Kind.EVENT | Kind.RESHARE:
            return None
