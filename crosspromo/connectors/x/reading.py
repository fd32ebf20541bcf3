"""Figures of an account's posts, its followers, and mentions of it on X.

X charges for each post and profile that it shows, so nothing more than that is asked for. Sources:
the X API v2 reference, *Posts lookup*, *Users lookup* and *User mentions* (`public_metrics`,
`since_id`, `expansions`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.backwards import Place, place_of, turned
from crosspromo.connectors.base import Figures, Heard, HeardPage, Measured, MentionKind, counted
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.x.addresses import address
from crosspromo.connectors.x.errors import GONE

LEAST: Final = 5
MOST: Final = 100
"""Most mentions of a page; LEAST is the smallest page that X makes."""

LOOK_BACK: Final = timedelta(days=7)
"""Time before the first reading from which mentions are read."""

KINDS: Final = {
    "replied_to": MentionKind.REPLY,
    "quoted": MentionKind.QUOTE,
    "retweeted": MentionKind.RESHARE,
}


class Metrics(msgspec.Struct, frozen=True):
    """Public figures of a post. X leaves out what it does not tell."""

    like_count: Any = None
    retweet_count: Any = None
    repost_count: Any = None  # the new name in the reference
    reply_count: Any = None
    quote_count: Any = None
    impression_count: Any = None

    @property
    def figures(self) -> Figures:
        return Figures(
            likes=counted(self.like_count),
            reposts=counted(self.retweet_count if self.repost_count is None else self.repost_count),
            replies=counted(self.reply_count),
            quotes=counted(self.quote_count),
            views=counted(self.impression_count),
        )


class CountedPost(msgspec.Struct, frozen=True):
    id: str
    public_metrics: Metrics = Metrics()


class Problem(msgspec.Struct, frozen=True):
    """Reason why a post is not shown."""

    type: str = ""
    resource_id: str = ""


class CountedPosts(msgspec.Struct, frozen=True):
    """Answer to the look-up of posts."""

    data: tuple[CountedPost, ...] = ()
    errors: tuple[Problem, ...] = ()


class Referenced(msgspec.Struct, frozen=True):
    type: str = ""


class Said(msgspec.Struct, frozen=True):
    """Post of somebody who mentions us."""

    id: str
    text: str = ""
    author_id: str = ""
    created_at: datetime | None = None
    referenced_tweets: tuple[Referenced, ...] = ()

    @property
    def kind(self) -> MentionKind:
        kinds = (KINDS[each.type] for each in self.referenced_tweets if each.type in KINDS)
        return next(kinds, MentionKind.MENTION)


class Author(msgspec.Struct, frozen=True):
    id: str
    username: str


class Includes(msgspec.Struct, frozen=True):
    users: tuple[Author, ...] = ()


class Meta(msgspec.Struct, frozen=True):
    next_token: str | None = None


class SaidPage(msgspec.Struct, frozen=True):
    """Page of mentions, the newest first."""

    data: tuple[Said, ...] = ()
    includes: Includes = Includes()
    meta: Meta = Meta()


class Followed(msgspec.Struct, frozen=True):
    followers_count: Any = None


class Profile(msgspec.Struct, frozen=True):
    public_metrics: Followed = Followed()


class Me(msgspec.Struct, frozen=True):
    data: Profile


def measure(client: tweepy.Client, ids: Sequence[str]) -> Measured:
    """Figures of the posts with these ids. Raises the errors of tweepy, requests and msgspec."""
    wanted = [each for each in ids if each.isascii() and each.isdecimal()]
    if not wanted:
        return Measured({})
    answer = client.get_tweets(wanted, tweet_fields=["public_metrics"], user_auth=True)
    told = msgspec.json.decode(answer.content, type=CountedPosts)
    gone = {each.resource_id for each in told.errors if each.type.endswith(GONE)}
    figures = {each.id: each.public_metrics.figures for each in told.data if each.id in wanted}
    return Measured(figures, frozenset(gone.intersection(wanted) - figures.keys()))


def followers(client: tweepy.Client) -> int | None:
    """Number of followers; None where X does not tell. Raises as `measure`."""
    answer = client.get_me(user_fields=["public_metrics"], user_auth=True)
    me = msgspec.json.decode(answer.content, type=Me)
    return counted(me.data.public_metrics.followers_count)


def listen(
    client: tweepy.Client,
    identity: Callable[[], str],
    clock: NetworkClock,
    cursor: str | None,
    most: int,
) -> HeardPage:
    """Next page of mentions of the user whose id is `identity()`. Raises as `measure`.

    The cursor begins with that id, for to ask for it is a read, too. Nothing is asked where fewer
    than LEAST are wanted: X would show, and charge, more. A page that X does not know any more, as
    after days, is begun anew from the last mark.
    """
    known, _, last = (cursor or "").partition(" ")
    asked = 0 if known.isascii() and known.isdecimal() else 1
    if most < LEAST + asked:
        return HeardPage([], cursor or "")
    me = identity() if asked else known
    place = place_of(last)
    try:
        page = _page(client, me, clock, place, most - asked)
    except tweepy.BadRequest:
        if not place.page:
            raise
        place = Place(place.until)
        page = _page(client, me, clock, place, most - asked)
    names = {each.id: each.username for each in page.includes.users}
    heard = [each for each in (_heard(one, names) for one in page.data) if each is not None]
    marks = [each.id for each in page.data]
    after = turned(place, marks, page.meta.next_token, ended=False)
    return HeardPage(heard, f"{me} {after.cursor}", more=after.more, reads=len(page.data) + asked)


def _page(client: tweepy.Client, me: str, clock: NetworkClock, place: Place, most: int) -> SaidPage:
    window: dict[str, Any] = (
        {"since_id": place.until} if place.until else {"start_time": clock.now() - LOOK_BACK}
    )
    answer = client.get_users_mentions(
        me,
        **window,
        max_results=min(most, MOST),
        pagination_token=place.page or None,
        tweet_fields=["created_at", "author_id", "referenced_tweets"],
        expansions=["author_id"],
        user_fields=["username"],
        user_auth=True,
    )
    return msgspec.json.decode(answer.content, type=SaidPage)


def _heard(said: Said, names: Mapping[str, str]) -> Heard | None:
    author = names.get(said.author_id)
    if author is None or said.created_at is None or not said.id.isdecimal():
        return None
    return Heard(
        remote_id=said.id,
        kind=said.kind,
        author=author,
        at=said.created_at.astimezone(UTC),
        url=address(said.id, author),
        text=said.text,
    )
