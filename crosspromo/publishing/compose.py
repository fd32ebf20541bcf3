"""Composition: content of a requested post for one account, within the limits of its network.

A reshare becomes the network's own repost or quote where the network has them, else a text that
names the post.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from crosspromo.domain.corrections import CORRECTION
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.invisible import has_something_visible
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Image, Kind, Making
from crosspromo.domain.reasons.queueing import (
    ImageMustBeAlone,
    ImageUnusable,
    NothingToSay,
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
from crosspromo.domain.tones import Tone, tone_of
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.standing import Draft, Standing, check_alt, standing
from crosspromo.text.fitting import Segment
from crosspromo.text.own_links import places
from crosspromo.text.rules import TextRules


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
            case Spotlight(text=text):
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
    def step(self) -> str | None:
        """Step of a ladder that the post is, or CORRECTION; None for every other post."""
        match self.request:
            case EventPost(step=step):
                return step
            case Notice(corrects=True):
                return CORRECTION
            case _:
                return None

    @property
    def tone(self) -> Tone:
        """Tone that a person chose, else that of the kind."""
        return tone_of(self.kind, self.request.tone)

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
        return Making(
            template=self.template,
            variables=self.variables,
            title=self.request.title,
            paid=self.paid,
            thread=self.thread,
            markdown=self.request.markdown,
        )

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
    material: Material, account: AccountRules, renderer: Renderer, *, related: bool = False
) -> Standing:
    """Content for the account, held to what may stand there.

    `related`: it tells that it is from our own group. QueueingError where text or title do not
    fit, or nothing is left to say.
    """
    _check_words(material, account.name)
    reshared = _to_repost(material, account)
    native = reshared is not None
    if native:  # the network shows the post itself; ours are only the words above it, if any
        rendered = Rendered((Segment(material.text or ""),), None)
    else:
        rendered = renderer.render(material, account.text_network)
        if isinstance(material.request, Spotlight) and material.text is not None:
            rendered = Rendered(
                (Segment(_with_link(material.text, material.link)),), rendered.title
            )
    plain = account.capabilities.text.markdown and not native
    plain = plain and not (rendered.markdown or material.request.markdown)
    content = Content(
        text="",
        title=material.request.title or rendered.title,
        link=material.link,
        images=material.images,
        reshare_of=reshared or material.reshare_of,
        native=native,
        plain=plain,
        addresses=_addresses(material, account.capabilities.text, plain=plain),
    )
    draft = Draft(
        content, material.kind, material.paid, rendered.segments, material.thread, related
    )
    return standing(draft, account)


def _with_link(text: str, link: str | None) -> str:
    """Text that has the address, at its end where it stands nowhere else."""
    return text if link is None or places(link, text) else f"{text.rstrip()}\n\n{link}"


def _addresses(material: Material, rules: TextRules, *, plain: bool) -> tuple[str, ...]:
    """Known addresses that the text may contain; empty where the network finds links."""
    if not rules.shortens_links and not plain:
        return ()
    event = material.event
    known = [material.link, material.reshare_of, event and event.url]
    known += [partner.website for partner in material.partners]
    known += material.variables.values()
    return tuple(dict.fromkeys(each for each in known if each and _WHOLE_ADDRESS.fullmatch(each)))


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
        check_alt(image, account.name, limits, named=image.path)
    try:
        fitted = tuple(pictures.fitted(image, limits) for image in images)
    except UnusableImageError as error:
        raise QueueingError(ImageUnusable(account.name, str(error))) from None
    for image, kept in zip(images, fitted, strict=True):
        if len(images) > 1 and kept.media_type in limits.alone:
            raise QueueingError(ImageMustBeAlone(account.name, image.path))
    return fitted
