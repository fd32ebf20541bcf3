"""Originals of crossposts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.connectors.reddit.addresses import fullname_at
from crosspromo.connectors.reddit.errors import UnfitError

if TYPE_CHECKING:
    import praw


@dataclass(frozen=True, slots=True)
class Original:
    """Original post of a crosspost: its fullname on Reddit, such as t3_6vx01b, and its title."""

    fullname: str
    title: str


def original_at(reddit: "praw.Reddit", address: str) -> Original:
    """Original at this address; UnfitError where it is missing or cannot be crossposted."""
    fullname = fullname_at(address)
    if fullname is None:
        raise UnfitError(f"{address} is not the address of a post on Reddit", "no-such-post")
    answer = reddit.request(method="GET", path="api/info", params={"id": fullname})
    things = answer["data"]["children"]
    if not things:
        raise UnfitError(f"there is no post at {address}, or we may not see it", "no-such-post")
    post = things[0]["data"]
    if not post.get("is_crosspostable", True):
        raise UnfitError(
            f"{address} cannot be crossposted: it was removed, or its community does not let it "
            "be; share it as a text instead",
            "not-crosspostable",
        )
    return Original(fullname, str(post["title"]))
