"""Content that may stand on an account: the checks that queueing and edits share.

Whatever a person or a template writes comes through `standing`: signs that have no place in a post
are taken out, obligations are put back, text, title and alt texts are held to the network's limits.
`repetition.py` has the rule about texts that the account had before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from crosspromo.domain.alt_texts import is_file_name
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.invisible import fit_to_post, has_something_visible
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.domain.reasons.queueing import (
    AltTextIsFileName,
    AltTextMissing,
    AltTextTooLong,
    NothingToSay,
    TextTooLong,
    TitleMissing,
    TitleTooLong,
)
from crosspromo.domain.values import changed
from crosspromo.publishing.disclosure import titled
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.obligations import disclosures, with_obligations
from crosspromo.publishing.rules import AccountRules
from crosspromo.text.fitting import DoesNotFit, Segment, fit
from crosspromo.text.rules import TextRules
from crosspromo.text.threads import split


@dataclass(frozen=True, slots=True)
class Draft:
    """Content that a person or a template wishes for, before it is held to an account.

    `segments` are its text; None: text and parts are those of `content`, and stay. `addresses` of
    the content are those that the text may have. `thread`: a text too long for one post may become
    several. `related`: the post tells that it is from our own group.
    """

    content: Content
    kind: Kind
    paid: bool
    segments: Sequence[Segment] | None = None
    thread: bool = False
    related: bool = False


class Standing(NamedTuple):
    """Content that may stand on an account, and what became of the draft.

    `dropped` are texts left out so that the text fits, `taken` characters that have no place in a
    post, `put_back` names of obligations that the text lacked.
    """

    content: Content
    dropped: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()


def standing(draft: Draft, account: AccountRules) -> Standing:
    """The draft as it may stand on the account.

    QueueingError where text, title or an alt text do not fit, or nothing is left to say.
    """
    cleaning, rules = _Cleaning(), account.capabilities.text
    images = [replace(each, alt=cleaning.of(each.alt)) for each in draft.content.images]
    content = changed(draft.content, images=tuple(images))
    dropped: tuple[str, ...] = ()
    put_back: tuple[str, ...] = ()
    told = disclosures(paid=draft.paid, related=draft.related)
    if draft.segments is not None:
        segments = [Segment(cleaning.of(each.text), each.drop) for each in draft.segments]
        owed, put_back = with_obligations(segments, content, rules, told)
        content, dropped = _with_text(content, owed, draft, account)
    title = None if content.title is None else cleaning.of(content.title)
    for words, name in told.items():
        disclosed = title and titled(words, title, rules)
        put_back = (*put_back, *([name] if disclosed != title else []))
        title = disclosed
    content = changed(content, title=_checked_title(title, account, required=not content.native))
    _check_visible(content, account.name)
    for number, image in enumerate(content.images, 1):
        check_alt(image, account.name, account.capabilities.images, named=f"image {number}")
    return Standing(content, dropped, tuple(cleaning.taken), tuple(dict.fromkeys(put_back)))


class _Cleaning:
    """Texts fit to post, and every character that was taken out of one of them."""

    def __init__(self) -> None:
        self.taken: dict[str, None] = {}

    def of(self, text: str) -> str:
        text, taken = fit_to_post(text)
        self.taken |= dict.fromkeys(taken)
        return text


def _with_text(
    content: Content, segments: Sequence[Segment], draft: Draft, account: AccountRules
) -> tuple[Content, tuple[str, ...]]:
    """The content with this text, which fits, and the texts left out."""
    text_rules = account.capabilities.text
    rules = text_rules.of_post(content.known_addresses, plain=content.plain)
    text, parts, dropped = _fitted(segments, account, draft.kind, rules, thread=draft.thread)
    addresses = tuple(each for each in content.addresses if each in text)
    return changed(content, text=text, parts=parts, addresses=addresses), dropped


def _check_visible(content: Content, account: str) -> None:
    """QueueingError for a post that says nothing; a repost and a title do without a text."""
    if has_something_visible(content.text):
        return
    if content.text.strip() or (not content.native and content.title is None):
        raise QueueingError(NothingToSay(account))


def _fitted(
    segments: Sequence[Segment],
    account: AccountRules,
    kind: Kind,
    rules: TextRules,
    *,
    thread: bool,
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Text, parts of the thread (empty for a single post), and texts left out.

    A thread has room for the whole text, so nothing is left out of it. QueueingError where the text
    does not fit; `rules` are those of this post, `thread`: it may become several posts.
    """
    threads = account.capabilities.threads and kind is not Kind.RESHARE
    try:
        if threads and thread:
            whole = "".join(segment.text for segment in segments)
            parts = split(whole, rules)
            if len(parts) > 1:
                return whole.strip(), tuple(parts), ()
        fits = fit(segments, rules)
    except DoesNotFit as error:
        may_thread = threads and not thread
        raise QueueingError(
            TextTooLong(
                account.name, error.over_by, error.length, error.limit, error.longest, may_thread
            )
        ) from None
    return fits.text, (), fits.dropped


def _checked_title(title: str | None, account: AccountRules, *, required: bool) -> str | None:
    """Title in one line; None on a network without titles. QueueingError where it cannot stand."""
    rules = account.capabilities.text
    limit = rules.title_limit
    if limit is None:
        return None
    title = " ".join((title or "").split())
    if not has_something_visible(title):
        if required and rules.title_required:
            raise QueueingError(TitleMissing(account.name))
        return None
    over = rules.measure_title(title) - limit
    if over > 0:
        raise QueueingError(TitleTooLong(account.name, over, limit + over, limit))
    return title


def check_alt(image: Image, account: str, limits: ImageLimits, *, named: str) -> None:
    """QueueingError where the alt text says nothing, or is longer than the network takes.

    A name of a file says nothing. `named`: the image as its author knows it.
    """
    if not has_something_visible(image.alt):
        raise QueueingError(AltTextMissing(named))
    if is_file_name(image.alt, image.path):
        raise QueueingError(AltTextIsFileName(named, image.alt))
    if limits.longest_alt is None:
        return
    length = limits.measure_alt(image.alt)
    if length > limits.longest_alt:
        raise QueueingError(AltTextTooLong(account, named, length, limits.longest_alt))
