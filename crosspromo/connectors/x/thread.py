"""Threads on X: their parts on the timeline, each a reply of ours to the part before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from crosspromo.connectors.x.lookup import Post, matching_post

_MARK: Final = re.compile(r"\s(\d{1,3})/\d{1,3}\Z", re.ASCII)
"""Number of a part, as `crosspromo.text.threads` writes it."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Ids of the first parts of a thread, root first.

    `misplaced` is the number of a part that stands elsewhere than it should; the missing parts then
    cannot be known.
    """

    ids: tuple[str, ...]
    root: Post | None = None
    misplaced: int | None = None


def chain_of(
    texts: Sequence[str], known: Sequence[str], posts: Sequence[Post], attempted_at: datetime
) -> Chain:
    """Parts of a thread that stand on the timeline, recognised by their texts.

    `known` are the ids of the first parts, as far as they were sent.
    """
    root = matching_post(texts[0], posts, attempted_at)
    if known:
        root = next((post for post in posts if post.id == known[0]), None)
    if root is None:
        return Chain(tuple(known))
    ids = [root.id]
    for text in texts[1:]:
        replies = [post for post in posts if post.answers == ids[-1]]
        part = matching_post(text, replies, attempted_at)
        if part is None:
            break
        ids.append(part.id)
    for number, text in enumerate(texts[len(ids) :], len(ids) + 1):
        if matching_post(text, posts, attempted_at) is not None:
            return Chain(tuple(ids), root, misplaced=number)
    return Chain(tuple(ids), root)


def parts_after(root_id: str, newest_first: Sequence[Post]) -> list[str]:
    """Ids of the later parts of the thread below `root_id`, in order.

    Parts are told by their numbers: a reply that a person wrote below a post is no part.
    """
    ids: list[str] = []
    for number in count(2):
        before = ids[-1] if ids else root_id
        replies = (post for post in reversed(newest_first) if post.answers == before)
        part = next((post.id for post in replies if _number(post) == number), None)
        if part is None:
            break
        ids.append(part)
    return ids


def _number(post: Post) -> int | None:
    mark = _MARK.search((post.note_tweet or post).expanded().rstrip())
    return None if mark is None else int(mark[1])
