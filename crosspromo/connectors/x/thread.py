"""Which parts of a thread are on X: each is our reply to the one before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Final

from crosspromo.connectors.x.lookup import Post, ours

_MARK: Final = re.compile(r"\s(\d{1,3})/\d{1,3}\Z", re.ASCII)
"""How `crosspromo.text.threads` numbers the parts."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The ids of the first parts, root first. `astray`: the number of a part that stands elsewhere
    than it should, which lets nobody tell what is missing.
    """

    ids: tuple[str, ...]
    root: Post | None = None
    astray: int | None = None


def chain_of(
    texts: Sequence[str], known: Sequence[str], posts: Sequence[Post], attempted_at: datetime
) -> Chain:
    """How far the thread of these texts goes, of which the parts with `known` ids went out."""
    root = ours(texts[0], posts, attempted_at)
    if known:
        root = next((post for post in posts if post.id == known[0]), None)
    if root is None:
        return Chain(tuple(known))
    ids = [root.id]
    for text in texts[1:]:
        replies = [post for post in posts if post.answers == ids[-1]]
        part = ours(text, replies, attempted_at)
        if part is None:
            break
        ids.append(part.id)
    for number, text in enumerate(texts[len(ids) :], len(ids) + 1):
        if ours(text, posts, attempted_at) is not None:
            return Chain(tuple(ids), root, astray=number)
    return Chain(tuple(ids), root)


def parts_after(root_id: str, newest_first: Sequence[Post]) -> list[str]:
    """The ids of the later parts of the thread that begins there, in their order.

    By their numbers: what a person has added below a post is no part of it.
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
