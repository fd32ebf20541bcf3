"""Web addresses and fullnames of posts on Reddit."""

import re
from typing import Final

from crosspromo.connectors.base import Receipt

SITE: Final = "https://www.reddit.com"

POSTS: Final = re.compile(
    r"https?://(?:"
    r"(?:\w+\.)?reddit\.com/(?:(?:r|u|user)/[\w-]+/)?(?:comments|gallery)/(?P<id>\w+)(?:/[^/?#]*)?"
    r"|redd\.it/(?P<short>\w+)"
    r")/?(?:[?#].*)?",
    re.IGNORECASE | re.ASCII,
)
"""Addresses of posts, but not of comments (forms: praw, *Submission.id_from_url*)."""

FULLNAME: Final = re.compile(r"t3_[0-9a-z]+")
"""Fullname of a post (documented: t3 is the kind, the rest a number to the base 36)."""


def fullname_at(address: str) -> str | None:
    """Fullname of the post at this address; None where the address is no post's."""
    found = POSTS.fullmatch(address)
    return None if found is None else f"t3_{(found['id'] or found['short']).lower()}"


def fullname_of(receipt: Receipt) -> str | None:
    """Fullname of the post of a receipt; None where the receipt names no post.

    A receipt that a person wrote by hand holds an address at most.
    """
    if FULLNAME.fullmatch(receipt.remote_id):
        return receipt.remote_id
    return fullname_at(receipt.url or receipt.remote_id)
