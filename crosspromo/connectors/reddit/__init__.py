"""Reddit connector: posts in one community, sent with one request and looked up in our own history.

A post is a self post: its links and its images stand in the text. A reshare is a crosspost. Both
are submitted raw, since praw's own `submit` would wait and post again where Reddit says "try again
in", and would fetch the new post to learn its address. Sources: Reddit's API documentation (POST
/api/submit) and its published source.
"""

from crosspromo.connectors.base import (
    AccountSetup,
    Capabilities,
    ConfigError,
    Connector,
    Network,
)
from crosspromo.connectors.reddit.account import RedditAccount
from crosspromo.connectors.reddit.addresses import POSTS
from crosspromo.connectors.reddit.pictures import LIMITS
from crosspromo.domain.clock import SystemClock
from crosspromo.text import rules


def connect(setup: AccountSetup) -> Connector:
    """Connector of the account, not signed in yet; ConfigError without a community."""
    subreddit = setup.options.get("subreddit", "").strip().removeprefix("/").removeprefix("r/")
    if not subreddit:
        raise ConfigError(f'account "{setup.name}" names no community: add subreddit = "its name"')
    return RedditAccount(setup, subreddit, SystemClock())


NETWORK = Network(
    name="reddit",
    capabilities=Capabilities(
        text=rules.REDDIT,
        images=LIMITS,
        reposts=POSTS,
        deletes=True,
        measured_at_once=100,
        listens=True,
    ),
    connect=connect,
    credentials=(
        ("client_id", "client_secret", "username", "password"),
        ("client_id", "client_secret", "refresh_token"),
    ),
    public_credentials=("username",),
    options=("subreddit",),
)
