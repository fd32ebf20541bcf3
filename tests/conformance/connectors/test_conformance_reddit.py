"""The Reddit connector keeps what every connector promises, on the simulated Reddit."""

from collections.abc import Sequence
from pathlib import Path

from servers.simulators import RedditSimulator
from servers.simulators.reddit import CREDENTIALS
from servers.simulators.reddit_things import SITE, RedditPost

from crosspromo.connectors.reddit import NETWORK
from crosspromo.testing.conformance import ConnectorConformance, Post, SimulatedSubject


class RedditSubject(SimulatedSubject):
    network = NETWORK
    entry_point = "crosspromo.connectors.reddit:NETWORK"
    look_ups = f"/user/{CREDENTIALS.username}/submitted*"
    options = {"subreddit": "test"}  # noqa: RUF012 (read, never written)
    credentials = {  # noqa: RUF012 (as above)
        "client_id": CREDENTIALS.client_id,
        "client_secret": CREDENTIALS.client_secret,
        "username": CREDENTIALS.username,
        "password": CREDENTIALS.password,
    }

    def __init__(self, folder: Path) -> None:
        self.reddit = RedditSimulator()
        super().__init__(folder, self.reddit)

    def posts(self) -> Sequence[Post]:
        return [_shown(post) for post in self.reddit.posts if not post.deleted]

    def post_of_somebody_else(self, text: str) -> str:
        post_id = self.reddit.publish_elsewhere("riverhall", text, "A title of somebody else")
        return f"{SITE}/r/rivervalley/comments/{post_id}/a_title_of_somebody_else/"


def _shown(post: RedditPost) -> Post:
    parent = None if post.parent is None else f"{SITE}{post.parent.permalink}"
    alts = tuple(image.caption for image in post.images)
    return Post(post.text, post.title, alts, repost_of=parent)


class TestReddit(ConnectorConformance):
    def make_subject(self, folder: Path) -> RedditSubject:
        return RedditSubject(folder)
