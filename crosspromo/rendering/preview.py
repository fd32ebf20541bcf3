"""A delivery as it will stand on its network."""

from dataclasses import dataclass

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Image
from crosspromo.publishing.networks import Capabilities
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import shorten_links


@dataclass(frozen=True, slots=True)
class PostPreview:
    """One post: the text that people will see, its length in the network's unit and the limit.

    `entities` are the links, mentions and hashtags of that text; a shortened link's target is the
    whole address.
    """

    text: str
    length: int
    limit: int
    fits: bool
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A delivery: one post, or the parts of a thread.

    `card` is the address of which the network makes a card by itself, or None. `dropped` is what
    was left out so that the text fits. `reposts` is the address of the post that the network will
    show below the text, or alone where there is none. `cost` is in US dollars.
    """

    account: str
    network: str
    title: str | None
    posts: tuple[PostPreview, ...]
    dropped: tuple[str, ...]
    card: str | None
    images: tuple[Image, ...]
    cost: float | None
    reposts: str | None = None


def preview(delivery: Delivery, capabilities: Capabilities) -> Preview:
    """The delivery as its connector will send it: both shorten links by the same function."""
    posts = tuple(_post(text, capabilities) for text in delivery.content.posts)
    links = [entity.target for entity in posts[0].entities if entity.type == "link"]
    return Preview(
        account=delivery.account,
        network=delivery.network,
        title=delivery.content.title,
        posts=posts,
        dropped=delivery.dropped,
        card=links[0] if links and capabilities.makes_cards else None,
        images=delivery.content.images,
        cost=delivery.cost,
        reposts=delivery.content.reposts,
    )


def _post(text: str, capabilities: Capabilities) -> PostPreview:
    rules = capabilities.text
    shown = shorten_links(text, rules)
    return PostPreview(
        text=shown.text,
        length=rules.length(shown.text),
        limit=rules.limit,
        fits=rules.fits(shown.text),
        entities=tuple(shown.entities),
    )
