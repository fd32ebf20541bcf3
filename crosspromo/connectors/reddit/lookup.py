"""Recognition of our own post in an account's history."""

import html
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from crosspromo.connectors.base import Absent, Found, LookUp, Receipt, Unclear
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.reddit.addresses import SITE
from crosspromo.connectors.reddit.payloads import CrosspostPayload, SelfPostPayload

if TYPE_CHECKING:
    from praw.models import Submission

ALWAYS_READ: Final = 25
"""Posts of a history that are always read: an old post may be pinned above new ones."""

MOST_READ: Final = 500
"""Most posts read of a history. Reddit shows at most 1000 (documented)."""


def search(
    history: "Iterable[Submission]",
    payload: SelfPostPayload | CrosspostPayload,
    clock: NetworkClock,
    attempted_at: datetime,
    known: Collection[str] = (),
) -> LookUp:
    """Look-up of a prepared post in an account's history, newest first, since long before its
    attempt. Posts whose fullname is among `known` are passed over.

    Unclear where a post may have been ours and its text has changed, so that nobody can tell; where
    a post with its text was there before the attempt; and where Reddit's `clock` proves nothing.
    """
    doubtful: LookUp | None = None
    newest: datetime | None = None
    began, since = clock.began(attempted_at), clock.reads_since(attempted_at)
    read = 0
    for read, post in enumerate(history, 1):
        created = datetime.fromtimestamp(post.created_utc, UTC)
        newest = created if newest is None else max(newest, created)
        if created < since:
            if read >= ALWAYS_READ:
                break
            continue
        if post.fullname in known:
            continue
        if str(post.subreddit).casefold() != payload.subreddit.casefold():
            continue
        is_ours = _is_ours(post, payload)
        if is_ours and created >= began:
            return Found(Receipt(post.fullname, f"{SITE}{post.permalink}", created))
        if is_ours or (is_ours is None and created >= began):
            what = "its text, but was there before the attempt" if is_ours else _ITS_TITLE
            doubtful = Unclear(f"{SITE}{post.permalink} has {what}")
    else:
        if read >= MOST_READ:
            return doubtful or Unclear(f"our {MOST_READ} newest posts do not reach back to it")
    if doubtful is None and (doubt := clock.doubt(newest)) is not None:
        return Unclear(doubt)
    return doubtful or Absent()


_ITS_TITLE: Final = "its title, and may be it or not"


def _is_ours(post: "Submission", payload: SelfPostPayload | CrosspostPayload) -> bool | None:
    """Whether a post is the prepared one; None where that cannot be told.

    A crosspost is known by its original, and an image by the name that Reddit gave it: Reddit
    rewrites the text around images.
    """
    shown = vars(post)  # praw would ask Reddit for what a listing leaves out
    if isinstance(payload, CrosspostPayload):
        return bool(shown.get("crosspost_parent") == payload.crosspost_of)
    if not _same_text(post.title, payload.title):
        return False
    if payload.images is not None:
        media = shown.get("media_metadata") or {}
        return True if any(image in media for image in payload.images) else None
    if _same_text(post.selftext, payload.text):
        return True
    changed = post.edited or post.selftext in {"[removed]", "[deleted]"}
    return None if changed else False


def _same_text(theirs: str, ours: str) -> bool:
    """Whether both texts are equal apart from white space and Reddit's HTML entities."""
    words = ours.split()
    return words in (theirs.split(), html.unescape(theirs).split())
