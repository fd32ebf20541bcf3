"""Addresses on Bluesky: web pages of the app, and at:// addresses of records."""

import re
from typing import Final, NamedTuple

POST: Final = "app.bsky.feed.post"
REPOST: Final = "app.bsky.feed.repost"

POSTS: Final = re.compile(
    r"(?:https://bsky\.app/profile/(?P<who>[^/?#\s]+)/post/(?P<key>[2-7a-z]{13})/?(?:[?#]\S*)?"
    rf"|at://(?P<repo>[^/?#\s]+)/{re.escape(POST)}/(?P<rkey>[2-7a-z]{{13}}))",
)
"""A post's page in the app, or its at:// address."""

AT_URI: Final = re.compile(r"at://(?P<repo>did:[^/\s]+)/(?P<collection>[a-zA-Z.]+)/(?P<rkey>\S+)")


class Record(NamedTuple):
    """Place of a record: the DID of its repository, the collection and the key."""

    repo: str
    collection: str
    rkey: str

    @property
    def uri(self) -> str:
        return f"at://{self.repo}/{self.collection}/{self.rkey}"

    @property
    def page(self) -> str:
        """Page of the post in the app.

        The address names the account by its DID, so it outlives a change of handle.
        """
        return f"https://bsky.app/profile/{self.repo}/post/{self.rkey}"


def post_at(address: str) -> tuple[str, str] | None:
    """Author (handle or DID) and key of the post at this address; None where it is no post's."""
    found = POSTS.fullmatch(address)
    if found is None:
        return None
    return found["who"] or found["repo"], found["key"] or found["rkey"]


def record_at(uri: str) -> Record | None:
    """Record at an at:// address with a DID; None for any other address."""
    found = AT_URI.fullmatch(uri)
    return None if found is None else Record(found["repo"], found["collection"], found["rkey"])
