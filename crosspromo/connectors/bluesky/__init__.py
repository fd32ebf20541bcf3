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
from crosspromo.text.graphemes import grapheme_length

LONGEST_ALT = 2_000
"""Graphemes of an alt text that Bluesky's own app takes (MAX_ALT_TEXT; its pull request 5611).

The lexicon has no limit, so a server takes more; what people see of it nobody promises.
"""


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
            moving=(),  # its servers make a JPEG of every image
            longest_alt=LONGEST_ALT,
            measure_alt=grapheme_length,
        ),
        reposts=POSTS,
        quotes=True,
        deletes=True,
        measured_at_once=25,  # lexicon app.bsky.feed.getPosts
        listens=True,
    ),
    connect=connect,
    credentials=(("identifier", "password"),),
    public_credentials=("identifier",),
    options=("cards", "bot_label"),
)
