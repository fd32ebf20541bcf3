"""Web addresses of posts on X."""

import re
from typing import Final

POSTS: Final = re.compile(
    r"\Ahttps?://(?:www\.|mobile\.)?(?:x|twitter)\.com"
    r"/(?:i/web|i|\w{1,15})/status(?:es)?/(?P<id>\d{1,19})(?:[/?#]\S*)?\Z",
    re.ASCII | re.IGNORECASE,
)
"""All forms of a post's address; `id` is the id of the post."""


def post_id(address: str) -> str | None:
    """Id of the post at this address; None where the address is no post on X."""
    found = POSTS.match(address)
    return None if found is None else found["id"]


def address(post_id: str, username: str | None = None) -> str:
    """Address of a post. X redirects from any username; `i` is what X writes without a username."""
    return f"https://x.com/{username or 'i'}/status/{post_id}"
