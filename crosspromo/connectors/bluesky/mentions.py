"""Mentions of an account: its notifications of mentions, replies, quotes and reposts.

Source: the lexicon app.bsky.notification.listNotifications. The newest stand first, by the time at
which the AppView saw them (`indexedAt`), which no author can choose.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from atproto import models

from crosspromo.connectors.backwards import place_of, turned
from crosspromo.connectors.base import Heard, HeardPage, MentionKind
from crosspromo.connectors.bluesky.addresses import POST, record_at
from crosspromo.connectors.bluesky.session import BlueskySession

MOST: Final = 100
"""Most notifications of one page."""

LOOK_BACK: Final = timedelta(days=7)
"""Time before the first reading from which notifications are read."""

KINDS: Final = {
    "mention": MentionKind.MENTION,
    "reply": MentionKind.REPLY,
    "quote": MentionKind.QUOTE,
    "repost": MentionKind.RESHARE,
}
"""Kinds by the reason of a notification; others, such as likes, are not asked for."""


def listen(session: BlueskySession, cursor: str | None, most: int) -> HeardPage:
    """Next page of mentions. Raises `errors.FAILURES`."""
    place = place_of(cursor)
    wanted = models.AppBskyNotificationListNotifications.Params(
        limit=max(1, min(most, MOST)), reasons=list(KINDS), cursor=place.page or None
    )
    answer = session.ask("app.bsky.notification.listNotifications", wanted)
    told = answer.get("notifications")
    if not isinstance(told, list):
        raise ValueError("the answer has no notifications")  # noqa: TRY004 (as other bad JSON)
    items = [each for each in told if isinstance(each, dict)]
    times = [_time(each.get("indexedAt")) for each in items]
    until = _time(place.until) or session.network_clock.now() - LOOK_BACK
    heard = [
        mention
        for each, at in zip(items, times, strict=True)
        if at is not None and at >= until and (mention := _heard(each, at)) is not None
    ]
    known = [at for at in times if at is not None]
    marks = [at.isoformat() for at in known]
    page = answer.get("cursor")
    after = turned(
        place,
        marks,
        page if isinstance(page, str) and page else None,
        ended=any(at < until for at in known),
    )
    return HeardPage(heard, after.cursor, more=after.more, reads=len(items))


def _heard(told: dict[str, Any], at: datetime) -> Heard | None:
    """Mention of a notification; None where it is none, or lacks what tells it apart."""
    author, record, uri = told.get("author"), told.get("record"), told.get("uri")
    kind = KINDS.get(str(told.get("reason")))
    if kind is None or not isinstance(uri, str) or not isinstance(author, dict):
        return None
    place = record_at(uri)
    if place is None or not isinstance(author.get("handle"), str):
        return None
    text = record.get("text") if isinstance(record, dict) else None
    is_post = place.collection == POST
    return Heard(
        remote_id=uri,
        kind=kind,
        author=author["handle"],
        at=at,
        url=place.page if is_post else f"https://bsky.app/profile/{place.repo}",
        text=text if isinstance(text, str) else "",
    )


def _time(value: object) -> datetime | None:
    """Time of an answer, aware; None for what is no time with a zone."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None
