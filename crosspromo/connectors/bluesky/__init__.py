"""Bluesky connector: posts that are sent exactly once, with links, mentions and hashtags as facets.

Each post has a record key of our own, chosen and stored before the send, and is written through
`putRecord` with `"swapRecord": null`: the server accepts it if there is no such record yet or if
the same record is there. A lost answer is looked up on our own server. Sources: the protocol's
lexicons com.atproto.repo.*, app.bsky.feed.* and app.bsky.embed.*, and tests/integration/servers.
"""

from crosspromo.connectors.base import (
    AccountSetup,
    Capabilities,
    Connector,
    ImageLimits,
    Network,
)
from crosspromo.connectors.bluesky.addresses import POSTS
from crosspromo.text import rules


def connect(setup: AccountSetup) -> Connector:
    """Connector of the account, not signed in yet."""
    from crosspromo.connectors.bluesky.account import (  # noqa: PLC0415 (atproto takes over a second)
        BlueskyAccount,
    )

    return BlueskyAccount(setup)


NETWORK = Network(
    name="bluesky",
    capabilities=Capabilities(
        text=rules.BLUESKY,
        repeatable=True,
        threads=True,
        makes_cards=True,  # the connector makes them, not the network
        images=ImageLimits(
            most=4,
            max_bytes=2_000_000,
            types=("image/jpeg", "image/png", "image/webp", "image/gif"),
        ),
        reposts=POSTS,
        quotes=True,
        deletes=True,
    ),
    connect=connect,
    credentials=(("identifier", "password"),),
    public_credentials=("identifier",),
    options=("cards", "bot_label"),
)
