"""Content of a delivery after an edit: held to the network's limits and to its obligations."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from crosspromo.domain.deliveries import Delivery, Remade
from crosspromo.domain.errors import InputError, QueueingError
from crosspromo.domain.invisible import has_something_visible
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.domain.reasons.inputs import AltTextsMismatch
from crosspromo.domain.reasons.queueing import (
    NothingToSay,
    NoTitlesThere,
    RepostTakesNoText,
    TitleMissing,
)
from crosspromo.domain.requests import Notice, OwnPost, Reshare, Words
from crosspromo.domain.web_address import replaced, stands_in, whole_address
from crosspromo.publishing.compose import Material, check_alt, checked_title, fitted
from crosspromo.publishing.disclosure import disclosed_title
from crosspromo.publishing.enqueue import cost_of
from crosspromo.publishing.obligations import obliged
from crosspromo.publishing.rules import AccountRules
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import Segment
from crosspromo.text.rules import BLUESKY, TextRules


@dataclass(frozen=True, slots=True)
class Changes:
    """New values for what a delivery says; None keeps the old value.

    `images` replace all images, and are kept copies that fit the account; `alts` are new alt texts
    of the present images, in order. `thread`: a text too long for one post may become several.
    `markdown`: whether the text is Markdown, where the network reads it. `seen` is the fingerprint
    of the content that the editor saw; None: whatever it is now is replaced.
    """

    text: str | None = None
    title: str | None = None
    link: str | None = None
    images: tuple[Image, ...] | None = None
    alts: tuple[str, ...] | None = None
    thread: bool = False
    markdown: bool | None = None
    seen: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether no field has a new value."""
        return self == Changes(seen=self.seen)


class EditedContent(NamedTuple):
    """Content after an edit, the fields that depend on it, and names of obligations put back."""

    content: Content
    remade: Remade
    put_back: tuple[str, ...]


def edited(
    delivery: Delivery,
    account: AccountRules,
    changes: Changes,
    title_for: Callable[[str], str | None],
) -> EditedContent:
    """Edited content of the delivery.

    A title that no person wrote follows the text: `title_for` makes it of a new text, or gives None
    where the title does not depend on the text. QueueingError if the network does not take the new
    content; InputError for a link that is no address, and for another number of alt texts.
    """
    before = delivery.content
    text, link = _text_and_link(before, changes)
    content, dropped = _as_markdown(before, account, changes), delivery.dropped
    put_back: tuple[str, ...] = ()
    thread, asked = changes.thread or bool(before.parts), text
    is_divided_anew = changes.thread and not before.parts
    if text != before.text or is_divided_anew or content.plain != before.plain:
        text, put_back = obliged(text if text.strip() else "", delivery, account.capabilities.text)
        _check(text, delivery, account)
        rules = _rules(replace(content, link=link), account)
        fits, parts, _ = fitted([Segment(text)], account, delivery.kind, rules, thread=thread)
        addresses = tuple(each for each in content.addresses if each in fits)
        content, dropped = replace(content, text=fits, parts=parts, addresses=addresses), ()
    content = replace(content, link=_followed(link, content))
    content = replace(content, images=_images(delivery, account, changes))
    title, title_given = _title(delivery, account, changes, asked, title_for)
    content = replace(content, title=title)
    cost = cost_of(content, account.capabilities)
    return EditedContent(content, Remade(cost, dropped, title_given), put_back)


def _as_markdown(content: Content, account: AccountRules, changes: Changes) -> Content:
    if changes.markdown is None or content.native or not account.capabilities.text.markdown:
        return content
    return replace(content, plain=not changes.markdown)


def _rules(content: Content, account: AccountRules) -> TextRules:
    return account.capabilities.text.of_post(content.known_addresses, plain=content.plain)


def _text_and_link(before: Content, changes: Changes) -> tuple[str, str | None]:
    """Text and link after an edit: the text has the link, wherever a link was asked for."""
    text = before.text if changes.text is None else changes.text
    if changes.link is None:
        return text, before.link
    link = whole_address(changes.link)
    if changes.text is None:
        first = _first_link(text, besides=before.reshare_of)
        old = before.link if before.link is not None and stands_in(before.link, text) else None
        if old is None and first is not None:
            old = first.text
        if old is not None:
            text = replaced(old, link, text)
    if not stands_in(link, text):
        text = f"{text.rstrip()}\n\n{link}".lstrip()
    return text, link


def _followed(link: str | None, content: Content) -> str | None:
    """Link of the post after an edit: the given one, or the first that the text has instead."""
    if link is None or stands_in(link, content.text):
        return link
    first = _first_link(content.text, besides=content.reshare_of)
    return None if first is None else first.target


def _first_link(text: str, besides: str | None) -> Entity | None:
    """First link of the text, as Bluesky reads it: other networks do not link every address."""
    links = (each for each in BLUESKY.of_post().entities(text) if each.type == "link")
    return next((link for link in links if link.target != besides), None)


def _check(text: str, delivery: Delivery, account: AccountRules) -> None:
    native = delivery.content.native
    if native and text and not account.capabilities.quotes:
        raise QueueingError(RepostTakesNoText(account.name, delivery.id))
    if (text or not native) and not has_something_visible(text):
        raise QueueingError(NothingToSay(account.name))


def _images(delivery: Delivery, account: AccountRules, changes: Changes) -> tuple[Image, ...]:
    images = delivery.content.images if changes.images is None else changes.images
    if changes.alts is not None:
        if len(changes.alts) != len(images):
            raise InputError(AltTextsMismatch(delivery.id, len(images), len(changes.alts)))
        images = tuple(
            replace(image, alt=alt) for image, alt in zip(images, changes.alts, strict=True)
        )
    for image in images:
        check_alt(image, account.name, account.capabilities.images)
    return images


def _title(
    delivery: Delivery,
    account: AccountRules,
    changes: Changes,
    text: str,
    title_for: Callable[[str], str | None],
) -> tuple[str | None, bool]:
    """Title after an edit, and whether a person wrote it."""
    before, rules = delivery.content.title, account.capabilities.text
    if changes.title is not None:
        if rules.title_limit is None:
            raise QueueingError(NoTitlesThere(account.name))
        if not has_something_visible(changes.title):
            raise QueueingError(TitleMissing(account.name))
        title = _disclosed(changes.title, delivery, rules)
        return checked_title(title, account, required=True), True
    follows = rules.title_limit is not None and before is not None and not delivery.title_given
    made = title_for(text) if follows and text != delivery.content.text else None
    if made is None:
        return before, delivery.title_given
    made = _disclosed(made, delivery, rules)
    return checked_title(made, account, required=rules.title_required), False


def _disclosed(title: str | None, delivery: Delivery, rules: TextRules) -> str | None:
    return disclosed_title(title, rules) if delivery.paid else title


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
