"""Figures of an account's posts, and mentions of it, on Reddit.

Sources: the API reference, *GET /api/info*, *GET /message/where* (mentions, selfreply). Reddit
counts neither quotes nor views for others, and an account's followers are not told. Its numbers of
upvotes are blurred. The inbox itself is not read: it holds private messages.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crosspromo.connectors.backwards import place_of, turned
from crosspromo.connectors.base import Figures, Heard, HeardPage, Measured, MentionKind, counted
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.reddit.addresses import FULLNAME, SITE

if TYPE_CHECKING:
    import praw

AT_ONCE: Final = 100
"""Most things of one page, and of one look-up by name."""

LOOK_BACK: Final = timedelta(days=7)
"""Time before the first reading from which mentions are read."""

LISTS: Final = {
    "message/mentions": MentionKind.MENTION,
    "message/selfreply": MentionKind.REPLY,
}
"""Lists of the inbox with comments to us, one read after the other."""

DELETED: Final = "[deleted]"

COMMENT: Final = re.compile(r"t1_[0-9a-z]+")


def measure(reddit: "praw.Reddit", fullnames: Sequence[str]) -> Measured:
    """Figures of the posts with these names. Raises what praw raises, and ValueError."""
    wanted = [each for each in fullnames if FULLNAME.fullmatch(each) or COMMENT.fullmatch(each)]
    if not wanted:
        return Measured({})
    answer = reddit.request(method="GET", path="api/info", params={"id": ",".join(wanted)})
    things = [each for each in _things(answer) if each.get("name") in wanted]
    gone = {str(each["name"]) for each in things if each.get("author") == DELETED}
    figures = {str(each["name"]): _figures(each) for each in things if each["name"] not in gone}
    return Measured(figures, frozenset(gone))


def listen(reddit: "praw.Reddit", clock: NetworkClock, cursor: str | None, most: int) -> HeardPage:
    """Next page of mentions, or of replies once the mentions are read. Raises as `measure`.

    The cursor is that of the mentions and that of the replies, and tells whose turn it is.
    """
    turn, places = _places(cursor)
    path, kind = list(LISTS.items())[turn]
    place = place_of(places[turn])
    params: dict[str, str | int] = {"limit": str(max(1, min(most, AT_ONCE)))}
    if place.page:
        params["after"] = place.page
    answer = reddit.request(method="GET", path=path, params=params)
    told = [(each, at) for each in _things(answer) if (at := _time(each)) is not None]
    since = clock.now() - LOOK_BACK if not place.until else datetime.fromisoformat(place.until)
    heard = [_heard(each, at, kind) for each, at in told if at >= since]
    after = turned(
        place,
        [at.isoformat() for _, at in told],
        _after(answer),
        ended=any(at < since for _, at in told),
    )
    places[turn] = after.cursor
    goes_on = after.more or turn + 1 < len(LISTS)
    next_turn = turn if after.more else (turn + 1) % len(LISTS)
    return HeardPage(
        [each for each in heard if each is not None],
        "\n".join([str(next_turn), *places]),
        more=goes_on,
        reads=len(told),
    )


def _places(cursor: str | None) -> tuple[int, list[str]]:
    """Whose turn it is, and the cursor of each list; the beginning for what nobody can read."""
    turn, *places = (cursor or "").split("\n")
    if len(places) != len(LISTS) or turn not in {str(each) for each in range(len(LISTS))}:
        return 0, [""] * len(LISTS)
    return int(turn), places


def _things(answer: Any) -> list[dict[str, Any]]:
    """Things of a listing; ValueError where it is none."""
    data = answer.get("data") if isinstance(answer, dict) else None
    children = data.get("children") if isinstance(data, dict) else None
    if not isinstance(children, list):
        raise ValueError("the answer is no listing")  # noqa: TRY004 (as other bad JSON)
    things = (each.get("data") for each in children if isinstance(each, dict))
    return [each for each in things if isinstance(each, dict)]


def _after(answer: dict[str, Any]) -> str | None:
    after = answer["data"].get("after")
    return after if isinstance(after, str) and after else None


def _figures(thing: Mapping[str, Any]) -> Figures:
    return Figures(
        likes=counted(thing.get("ups")),
        reposts=counted(thing.get("num_crossposts")),
        replies=counted(thing.get("num_comments")),
        views=counted(thing.get("view_count")),
    )


def _heard(thing: Mapping[str, Any], at: datetime, kind: MentionKind) -> Heard | None:
    """Mention of a comment; None where it is none, or its author or its name are missing."""
    name, author, body = thing.get("name"), thing.get("author"), thing.get("body")
    if not isinstance(name, str) or COMMENT.fullmatch(name) is None:
        return None
    if not isinstance(author, str) or author == DELETED:
        return None
    context = thing.get("context")
    url = f"{SITE}{context}" if isinstance(context, str) and context.startswith("/r/") else ""
    return Heard(name, kind, author, at, url, body if isinstance(body, str) else "")


def _time(thing: Mapping[str, Any]) -> datetime | None:
    created = thing.get("created_utc")
    if not isinstance(created, int | float):
        return None
    try:
        return datetime.fromtimestamp(created, UTC)
    except (ValueError, OverflowError, OSError):
        return None
