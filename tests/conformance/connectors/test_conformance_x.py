"""The X connector keeps what every connector promises, on the simulated X."""

from collections.abc import Sequence
from pathlib import Path

from servers.simulators import XSimulator
from servers.simulators.x import CREDENTIALS
from servers.simulators.x_posts import XPost

from crosspromo.connectors.x import NETWORK
from crosspromo.testing.conformance import ConnectorConformance, Post, SimulatedSubject


class XSubject(SimulatedSubject):
    network = NETWORK
    entry_point = "crosspromo.connectors.x:NETWORK"
    look_ups = "/2/users/*/tweets"
    credentials = {  # noqa: RUF012 (read, never written)
        "consumer_key": CREDENTIALS.consumer_key,
        "consumer_secret": CREDENTIALS.consumer_secret,
        "access_token": CREDENTIALS.access_token,
        "access_token_secret": CREDENTIALS.access_token_secret,
    }

    def __init__(self, folder: Path) -> None:
        self.x = XSimulator()
        super().__init__(folder, self.x)

    def posts(self) -> Sequence[Post]:
        return [self._shown(post) for post in self.x.posts]

    def post_of_somebody_else(self, text: str) -> str:
        return _address(self.x.publish_elsewhere("riverhall", text))

    def _shown(self, post: XPost) -> Post:
        uploads = {upload.media_key: upload for upload in self.x.media.uploads.values()}
        return Post(
            post.text,
            alts=tuple(uploads[key].alt_text or "" for key in post.media_keys),
            repost_of=None if post.repost_of is None else _address(post.repost_of),
            quote_of=None if post.quote_of is None else _address(post.quote_of),
        )


def _address(post_id: str) -> str:
    return f"https://x.com/riverhall/status/{post_id}"


class TestX(ConnectorConformance):
    def make_subject(self, folder: Path) -> XSubject:
        return XSubject(folder)
