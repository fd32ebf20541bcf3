"""Preview of a delivery: displayed text, length, entities and cost on its network."""

from dataclasses import dataclass

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.notes import Note
from crosspromo.publishing.appearance import Appearance, appearances, card_link
from crosspromo.publishing.networks import Capabilities


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
    posts: tuple[Appearance, ...]
    dropped: tuple[str, ...]
    card: str | None
    images: tuple[Image, ...]
    cost: float | None
    reposts: str | None = None
    notes: tuple[Note, ...] = ()


def preview(delivery: Delivery, capabilities: Capabilities) -> Preview:
    """Preview of a delivery, equal to its connector's post: both use `publishing/appearance.py`."""
    content = delivery.content
    return Preview(
        account=delivery.account,
        network=delivery.network,
        title=content.title,
        posts=appearances(content, capabilities.text),
        dropped=delivery.dropped,
        card=card_link(content, capabilities.text) if capabilities.makes_cards else None,
        images=content.images,
        cost=delivery.cost,
        reposts=content.reposts,
    )
