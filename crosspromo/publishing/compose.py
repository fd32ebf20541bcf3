"""What one account would say: a wanted post in that account's shape, held to its network's limits.

A reshare is the network's own repost or quote where it has them, else a text that names the post.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.domain.reasons.queueing import (
    AltTextMissing,
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
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.text.fitting import DoesNotFit, Segment, fit
from crosspromo.text.threads import split

DISCLOSURE = "Paid partnership"


@dataclass(frozen=True, slots=True)
class Material:
    """A request together with the records that it names, and its images as they were fitted for
    one account.
    """

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
        """What a person wrote; None where a template makes the text."""
        match self.request:
            case Reshare(quote=quote):
                return quote
            case OwnPost(says=Words(text)) | Notice(text=text):
                return text
            case _:
                return None

    @property
    def template(self) -> str | None:
        """The template that was asked for; None for the kind's own."""
        match self.request:
            case Spotlight(template=template) | EventPost(template=template):
                return template
            case OwnPost(says=FromTemplate(name)):
                return name
            case _:
                return None

    @property
    def variables(self) -> Mapping[str, str]:
        """Values that were given for the template."""
        match self.request:
            case Spotlight() | EventPost() | OwnPost():
                return self.request.variables
            case Reshare() | Notice():
                return _NO_VARIABLES

    @property
    def link(self) -> str | None:
        """The address to send people to."""
        return None if isinstance(self.request, Reshare) else self.request.link

    @property
    def reshare_of(self) -> str | None:
        """The address of the post that is shared on."""
        return self.request.url if isinstance(self.request, Reshare) else None

    @property
    def paid(self) -> bool:
        """Whether somebody paid for it."""
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
    def reason(self) -> str | None:
        """Why it counts for neither side, where it does not."""
        return self.request.reason if isinstance(self.request, Notice) else None


_NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template's result: parts of the text, some of which may go, and a title if it made one."""

    segments: tuple[Segment, ...]
    title: str | None


class Renderer(Protocol):
    """Makes a text for a network."""

    def render(self, material: Material, network: str) -> Rendered: ...


def compose(
    material: Material, account: AccountRules, renderer: Renderer
) -> tuple[Content, tuple[str, ...]]:
    """The content for the account, and what was dropped so that it fits."""
    reshared = _to_repost(material, account)
    native = reshared is not None
    if native:  # the network shows the post itself; ours are only the words above it, if any
        rendered = Rendered((Segment(material.text or ""),), None)
    else:
        rendered = renderer.render(material, account.text_network)
    segments = disclosed(rendered.segments) if material.paid else rendered.segments
    text, parts, dropped = _fitted(segments, account, material)
    title = _title(material.request.title or rendered.title, account, required=not native)
    if not native and not text.strip() and title is None:
        raise QueueingError(NothingToSay(account.name))
    content = Content(
        text=text,
        title=title,
        link=material.link,
        images=material.images,
        reshare_of=reshared or material.reshare_of,
        parts=parts,
        native=native,
    )
    return content, dropped


def _to_repost(material: Material, account: AccountRules) -> str | None:
    """The address of the post, where the account's network can reshare it by its own means, words
    and all; without the part that only says by which button somebody came by it (`?s=20`).
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


def disclosed(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same text, which says that somebody paid: if need be in a sentence that stays."""
    kept = "".join(segment.text for segment in segments if segment.drop is None)
    if DISCLOSURE.casefold() in kept.casefold():
        return tuple(segments)
    return (*segments, Segment(f"\n\n{DISCLOSURE}."))


def _fitted(
    segments: Sequence[Segment], account: AccountRules, material: Material
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text, the parts of a thread if it has to become one, and what was left out.

    A thread leaves nothing out: there is room for all of it.
    """
    rules = account.capabilities.text
    threads = account.capabilities.threads and material.kind is not Kind.RESHARE
    try:
        if threads and material.thread:
            whole = "".join(segment.text for segment in segments)
            parts = split(whole, rules)
            if len(parts) > 1:
                return whole.strip(), tuple(parts), ()
        fitted = fit(segments, rules)
    except DoesNotFit as error:
        may_thread = threads and not material.thread
        raise QueueingError(
            TextTooLong(
                account.name, error.over_by, error.length, error.limit, error.longest, may_thread
            )
        ) from None
    return fitted.text, (), fitted.dropped


def _title(title: str | None, account: AccountRules, *, required: bool) -> str | None:
    rules = account.capabilities.text
    limit = rules.title_limit
    if limit is None:
        return None
    title = " ".join((title or "").split())
    if not title:
        if required and rules.title_required:
            raise QueueingError(TitleMissing(account.name))
        return None
    over = rules.measure_title(title) - limit
    if over > 0:
        raise QueueingError(TitleTooLong(account.name, over, limit + over, limit))
    return title


@dataclass(frozen=True, slots=True)
class FittedImage:
    """An image as it is kept for an account. `notice` says what had to be changed, or is None."""

    image: Image
    notice: str | None = None


class UnusableImageError(Exception):
    """An image that cannot be kept within an account's limits; its text says which and why."""


class ImageFitter(Protocol):
    """Keeps images where nobody changes them any more."""

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        """The image within these limits; UnusableImageError where it cannot be made so."""
        ...


def fit_images(
    images: Sequence[Image], account: AccountRules, pictures: ImageFitter
) -> tuple[FittedImage, ...]:
    """These images for the account. QueueingError names it, and the image that it cannot have."""
    most = account.capabilities.images.most
    if len(images) > most:
        raise QueueingError(TooManyImages(account.name, most, len(images)))
    for image in images:
        if not image.alt.strip():
            raise QueueingError(AltTextMissing(image.path))
    try:
        return tuple(pictures.fitted(image, account.capabilities.images) for image in images)
    except UnusableImageError as error:
        raise QueueingError(ImageUnusable(account.name, str(error))) from None
