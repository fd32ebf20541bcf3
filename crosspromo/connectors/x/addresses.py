"""Where posts of X are found on the web."""

import re
from typing import Final

POSTS: Final = re.compile(
    r"\Ahttps?://(?:www\.|mobile\.)?(?:x|twitter)\.com"
    r"/(?:i/web|i|\w{1,15})/status(?:es)?/(?P<id>\d{1,19})(?:[/?#]\S*)?\Z",
    re.ASCII | re.IGNORECASE,
)
"""Every address of a post; `id` is the post's own."""


def post_id(address: str) -> str | None:
    """The id of the post at that address; None where it is not one of X."""
    found = POSTS.match(address)
    return None if found is None else found["id"]


def address(post_id: str, username: str | None = None) -> str:
    """X leads from any name to the post; `i` is what it writes itself where there is none."""
    return f"https://x.com/{username or 'i'}/status/{post_id}"
