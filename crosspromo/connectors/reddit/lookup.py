"""Which of the posts in an account's history is ours."""

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from crosspromo.connectors.base import Absent, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.reddit.addresses import SITE
from crosspromo.connectors.reddit.payloads import CrosspostPayload, SelfPostPayload

if TYPE_CHECKING:
    from praw.models import Submission

ALWAYS_READ: Final = 25
"""So many posts of a history are read in any case: an old one may be pinned above new ones."""

MOST_READ: Final = 500
"""Where a history is not read further. Reddit shows at most 1000 (documented)."""


def search(
    history: "Iterable[Submission]", payload: SelfPostPayload | CrosspostPayload, since: datetime
) -> LookUp:
    """Whether a post as prepared stands in an account's history, newest first, at or after `since`.

    One that may have been ours and can no longer be told, as its text has changed, is unclear.
    """
    doubtful: LookUp | None = None
    read = 0
    for read, post in enumerate(history, 1):
        created = datetime.fromtimestamp(post.created_utc, UTC)
        if created < since:
            if read >= ALWAYS_READ:
                break
            continue
        if str(post.subreddit).casefold() != payload.subreddit.casefold():
            continue
        is_ours = _is_ours(post, payload)
        if is_ours:
            return Found(Receipt(post.fullname, f"{SITE}{post.permalink}", created))
        if is_ours is None:
            doubtful = Unclear(f"{SITE}{post.permalink} has its title, and may be it or not")
    else:
        if read >= MOST_READ:
            return doubtful or Unclear(f"our {MOST_READ} newest posts do not reach back to it")
    return doubtful or Absent()


def _is_ours(post: "Submission", payload: SelfPostPayload | CrosspostPayload) -> bool | None:
    """Whether it is the post as prepared; None where it cannot be told.

    A crosspost is known by what it shares, and an image by the name that Reddit gave it: Reddit
    writes the text around images anew.
    """
    shown = vars(post)  # praw would ask Reddit for what a listing leaves out
    if isinstance(payload, CrosspostPayload):
        return bool(shown.get("crosspost_parent") == payload.crosspost_of)
    if not _says(post.title, payload.title):
        return False
    if payload.images is not None:
        media = shown.get("media_metadata") or {}
        return True if any(image in media for image in payload.images) else None
    if _says(post.selftext, payload.text):
        return True
    changed = post.edited or post.selftext in {"[removed]", "[deleted]"}
    return None if changed else False


def _says(theirs: str, ours: str) -> bool:
    """Whether it is the same text but for white space, and entities where Reddit wrote them."""
    words = ours.split()
    return words in (theirs.split(), html.unescape(theirs).split())
