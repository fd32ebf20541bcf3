"""X connector: each part of a post is sent with one POST and never repeated.

X takes no idempotency key, so a lost answer is looked up in the account's own timeline. Sources:
the X API v2 reference, tweepy 4.17, and facts that were observed, each with its test in
tests/conformance/connectors/test_x*.py.
"""

from crosspromo.connectors.base import AccountSetup, Capabilities, Connector, Network
from crosspromo.connectors.x.addresses import POSTS
from crosspromo.connectors.x.image_limits import LIMITS
from crosspromo.domain.clock import Clock, SystemClock
from crosspromo.text import rules


def connect(setup: AccountSetup) -> Connector:
    """Connector of the account; requests are signed with its keys."""
    return connected(setup, SystemClock())


def connected(setup: AccountSetup, clock: Clock) -> Connector:
    """Connector of the account with another clock.

    It waits for no rate limit (observed).
    """
    import requests  # noqa: PLC0415 (only for accounts in use)
    import tweepy  # type: ignore[import-untyped]  # noqa: PLC0415  # it ships no types; as above

    from crosspromo.connectors.x.account import XAccount  # noqa: PLC0415 (it imports tweepy)
    from crosspromo.connectors.x.adapter import mount_adapter  # noqa: PLC0415 (it imports requests)

    client = tweepy.Client(
        **setup.credentials, return_type=requests.Response, wait_on_rate_limit=False
    )
    mount_adapter(client.session, setup.timeout, setup.server)
    return XAccount(setup, client, clock)


NETWORK = Network(
    name="x",
    capabilities=Capabilities(
        text=rules.X,
        threads=True,
        makes_cards=True,
        images=LIMITS,
        reposts=POSTS,
        deletes=True,
        unique_across_accounts=True,  # X's automation rules
        cost_per_post=0.015,
        cost_per_link_post=0.20,
        measured_at_once=100,
        listens=True,
        cost_per_read=0.005,  # believed: of a post; what is our own may cost less
    ),
    connect=connect,
    credentials=(("consumer_key", "consumer_secret", "access_token", "access_token_secret"),),
)
