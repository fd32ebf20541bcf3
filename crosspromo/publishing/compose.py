"""Composition: content of a requested post for one account, within the limits of its network.

A reshare becomes the network's own repost or quote where the network has them, else a text that
names the post.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from crosspromo.domain.alt_texts import is_file_name
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.invisible import has_something_visible
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind, Making
from crosspromo.domain.reasons.queueing import (
    AltTextIsFileName,
    AltTextMissing,
    AltTextTooLong,
    ImageMustBeAlone,
    ImageUnusable,
    NothingToSay,
    TextTooLong,
    TitleMissing,
    TitleTooLong,
    TooManyImages,
)
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.publishing.disclosure import disclosed, disclosed_title
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.text.fitting import DoesNotFit, Segment, fit
from crosspromo.text.rules import TextRules
from crosspromo.text.threads import split


@dataclass(frozen=True, slots=True)
class Material:
    """Request, the partners and event that it names, and images fitted for one account."""

    request: PostRequest
    partners: tuple[Partner, ...] = ()
    event: Event | None = None
    images: tuple[Image, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of post."""
        match self.request:
            case Spotlight():
                return Kind.SPOTLIGHT
            case EventPost():
                return Kind.EVENT
            case Reshare():
                return Kind.RESHARE
            case OwnPost():
                return Kind.OWN
            case Notice():
                return Kind.NOTICE

    @property
    def text(self) -> str | None:
        """Text that a person wrote; None where a template makes the text."""
        match self.request:
            case Reshare(quote=quote):
                return quote
            case OwnPost(says=Words(text)) | Notice(text=text):
                return text
            case _:
                return None

    @property
    def template(self) -> str | None:
        """Name of the requested template; None for the template of the kind."""
        match self.request:
            case Spotlight(template=template) | EventPost(template=template):
                return template
            case OwnPost(says=FromTemplate(name)):
                return name
            case _:
                return None

    @property
    def variables(self) -> Mapping[str, str]:
        """Values for the template, by variable name."""
        match self.request:
            case Spotlight() | EventPost() | OwnPost():
                return self.request.variables
            case Reshare() | Notice():
                return _NO_VARIABLES

    @property
    def link(self) -> str | None:
        """Address that readers are sent to."""
        return None if isinstance(self.request, Reshare) else self.request.link

    @property
    def reshare_of(self) -> str | None:
        """Address of the reshared post."""
        return self.request.url if isinstance(self.request, Reshare) else None

    @property
    def paid(self) -> bool:
        """Whether somebody paid us for the post."""
        match self.request:
            case Spotlight(paid=paid) | EventPost(paid=paid) | Reshare(paid=paid):
                return paid
            case OwnPost() | Notice():
                return False

    @property
    def thread(self) -> bool:
        """Whether a text too long for one post may become several."""
        return not isinstance(self.request, Reshare) and self.request.thread

    @property
    def making(self) -> Making | None:
        """What a template makes the text of; None where a person wrote it."""
        if self.text is not None or isinstance(self.request, Reshare):
            return None
        return Making(self.template, self.variables, self.request.title, self.paid, self.thread)

    @property
    def reason(self) -> str | None:
        """Reason given for a notice (credit none); None for other kinds."""
        return self.request.reason if isinstance(self.request, Notice) else None


_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """Result of a template: segments of the text, some of them optional, and a title or None.

    `markdown`: the template says that its text is Markdown.
    """

    segments: tuple[Segment, ...]
    title: str | None
    markdown: bool = False


class Renderer(Protocol):
    """Renders templates for a network."""

    def render(self, material: Material, network: str) -> Rendered: ...


def compose(
    material: Material, account: AccountRules, renderer: Renderer
) -> tuple[Content, tuple[str, ...]]:
    """Content for the account, and the texts left out so that it fits.

    QueueingError where text or title do not fit, or nothing is left to say.
    """
    _check_words(material, account.name)
    reshared = _to_repost(material, account)
    native = reshared is not None
    if native:  # the network shows the post itself; ours are only the words above it, if any
        rendered = Rendered((Segment(material.text or ""),), None)
    else:
        rendered = renderer.render(material, account.text_network)
    plain = account.capabilities.text.markdown and not native
    plain = plain and not (rendered.markdown or material.request.markdown)
    segments = rendered.segments
    if material.paid:
        segments = disclosed(segments, account.capabilities.text)
    written = "".join(segment.text for segment in segments)
    addresses = _addresses(material, account.capabilities.text, written, plain=plain)
    rules = account.capabilities.text.of_post(addresses, plain=plain)
    text, parts, dropped = fitted(segments, account, material.kind, rules, thread=material.thread)
    title = material.request.title or rendered.title
    title = disclosed_title(title, rules) if material.paid else title
    title = checked_title(title, account, required=not native)
    if not native and not has_something_visible(text) and (text.strip() or title is None):
        raise QueueingError(NothingToSay(account.name))
    content = Content(
        text=text,
        title=title,
        link=material.link,
        images=material.images,
        reshare_of=reshared or material.reshare_of,
        parts=parts,
        native=native,
        plain=plain,
        addresses=tuple(each for each in addresses if each in text),
    )
    return content, dropped


def _addresses(
    material: Material, rules: TextRules, written: str, *, plain: bool
) -> tuple[str, ...]:
    """Addresses that we know to be in the text, where the network has its links from us."""
    if not rules.shortens_links and not plain:
        return ()
    event = material.event
    known = [material.link, material.reshare_of, event and event.url]
    known += [partner.website for partner in material.partners]
    known += material.variables.values()
    found = (each for each in known if each and _WHOLE_ADDRESS.fullmatch(each) and each in written)
    return tuple(dict.fromkeys(found))


_WHOLE_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def _check_words(material: Material, account: str) -> None:
    """QueueingError for words of a person with nothing visible; a reshare may do without words."""
    words = material.text
    if words is None or has_something_visible(words):
        return
    if words.strip() or material.kind is not Kind.RESHARE:
        raise QueueingError(NothingToSay(account))


def _to_repost(material: Material, account: AccountRules) -> str | None:
    """Address of the post for a native repost or quote; None where the network has none.

    A query that only tells how a person found the post (`?s=20`) is cut off.
    """
    capabilities = account.capabilities
    if material.kind is not Kind.RESHARE or not material.reshare_of or not capabilities.reposts:
        return None
    has_words = bool((material.text or "").strip()) or material.paid  # who was paid has to say so
    if has_words and not capabilities.quotes:
        return None
    whole = material.reshare_of
    addresses = (re.split("[?#]", whole, maxsplit=1)[0], whole)
    return next((each for each in addresses if capabilities.reposts.fullmatch(each)), None)


def fitted(
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


def checked_title(title: str | None, account: AccountRules, *, required: bool) -> str | None:
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


@dataclass(frozen=True, slots=True)
class FittedImage:
    """Image kept for an account. `notice` tells how the image was changed; None: unchanged.

    `letters` is the number of letters that the image seems to show, roughly.
    """

    image: Image
    notice: str | None = None
    letters: int = 0
    media_type: str = ""


class UnusableImageError(Exception):
    """An image that cannot be made to fit an account's limits; the text names image and reason."""


class ImageFitter(Protocol):
    """Keeps copies of images that later edits of their files do not reach."""

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        """A copy of the image within these limits; UnusableImageError where none can be made."""
        ...


def fit_images(
    images: Sequence[Image], account: AccountRules, pictures: ImageFitter
) -> tuple[FittedImage, ...]:
    """Images made to fit the account, and kept.

    QueueingError, with account or image, where there are too many of them, an alt text is missing
    or too long, an image cannot be made to fit, or the network shows it alone only.
    """
    limits = account.capabilities.images
    if len(images) > limits.most:
        raise QueueingError(TooManyImages(account.name, limits.most, len(images)))
    for image in images:
        check_alt(image, account.name, limits)
    try:
        fitted = tuple(pictures.fitted(image, limits) for image in images)
    except UnusableImageError as error:
        raise QueueingError(ImageUnusable(account.name, str(error))) from None
    for image, kept in zip(images, fitted, strict=True):
        if len(images) > 1 and kept.media_type in limits.alone:
            raise QueueingError(ImageMustBeAlone(account.name, image.path))
    return fitted


def check_alt(image: Image, account: str, limits: ImageLimits) -> None:
    """QueueingError where the alt text says nothing, or is longer than the network takes.

    A name of a file says nothing.
    """
    if not has_something_visible(image.alt):
        raise QueueingError(AltTextMissing(image.path))
    if is_file_name(image.alt, image.path):
        raise QueueingError(AltTextIsFileName(image.path, image.alt))
    if limits.longest_alt is None:
        return
    length = limits.measure_alt(image.alt)
    if length > limits.longest_alt:
        raise QueueingError(AltTextTooLong(account, image.path, length, limits.longest_alt))
