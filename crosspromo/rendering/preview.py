"""Preview of a delivery: displayed text, length, entities and cost on its network."""

from dataclasses import dataclass

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.notes import Note
from crosspromo.publishing.networks import Capabilities
from crosspromo.text.entities import Entity
from crosspromo.text.fitting import shorten_links


@dataclass(frozen=True, slots=True)
class PostPreview:
    """Post within a preview: displayed text, length in the network's unit, limit.

    `entities` are the links, mentions and hashtags of that text; the target of a shortened link is
    the whole address.
    """

    text: str
    length: int
    limit: int
    fits: bool
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a delivery: one post, or the parts of a thread.

    `card` is the address for which the network makes a card by itself, or None. `dropped` are the
    segments left out so that the text fits. `reposts` is the address of the post that the network
    will show below the text, or alone where the text is empty. `cost` is in US dollars. `notes`
    tell what not everybody can read or hear of it, while it can be changed.
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
    notes: tuple[Note, ...] = ()


def preview(delivery: Delivery, capabilities: Capabilities) -> Preview:
    """Preview of a delivery, equal to its connector's text: both use `shorten_links`."""
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
