"""Where posts on Reddit stand, and what they are called."""

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
"""The address of a post, and not of a comment below it (forms: praw, *Submission.id_from_url*)."""

FULLNAME: Final = re.compile(r"t3_[0-9a-z]+")
"""A post's own name (documented: t3 is the kind, the rest a number to the base 36)."""


def fullname_at(address: str) -> str | None:
    """The name of the post that stands at this address; None where it is no post's."""
    found = POSTS.fullmatch(address)
    return None if found is None else f"t3_{(found['id'] or found['short']).lower()}"


def fullname_of(receipt: Receipt) -> str | None:
    """The name of the post; a person who wrote a post down by hand gave its address at most."""
    if FULLNAME.fullmatch(receipt.remote_id):
        return receipt.remote_id
    return fullname_at(receipt.url or receipt.remote_id)
