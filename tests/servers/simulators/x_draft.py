"""The body of `POST /2/tweets`: what it may hold (documented: CreatePostsRequest)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from servers.simulators.x_text import normalised

_FIELDS = frozenset(
    {
        "card_uri",
        "community_id",
        "direct_message_deep_link",
        "edit_options",
        "for_super_followers_only",
        "geo",
        "made_with_ai",
        "media",
        "nullcast",
        "paid_partnership",
        "poll",
        "quote_tweet_id",
        "reply",
        "reply_settings",
        "share_with_followers",
        "text",
    }
)
_ID = re.compile(r"[0-9]{1,19}")
_MAX_MEDIA = 4


class DraftError(ValueError):
    """A body that X would call invalid, with the message it would send."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post somebody wants to publish, in NFC."""

    text: str
    media_ids: tuple[str, ...]
    reply_to: str | None
    quote_of: str | None
    made_with_ai: bool
    paid_partnership: bool


def read_draft(body: object) -> Draft:
    """The draft in a request body; raises DraftError when X would answer 400."""
    if not isinstance(body, dict):
        raise DraftError("The request body is not a JSON object.")
    for name in sorted(body.keys() - _FIELDS):
        raise DraftError(
            f"[$.{name}: is not defined in the schema and the schema does not allow additional "
            "properties]"
        )
    text = body.get("text", "")
    if not isinstance(text, str):
        raise DraftError("[$.text: a string is expected]")
    draft = Draft(
        text=normalised(text),
        media_ids=_media_ids(body.get("media")),
        reply_to=_member_id(body.get("reply"), "in_reply_to_tweet_id"),
        quote_of=_id(body["quote_tweet_id"]) if "quote_tweet_id" in body else None,
        made_with_ai=body.get("made_with_ai") is True,
        paid_partnership=body.get("paid_partnership") is True,
    )
    if not draft.text and not draft.media_ids:
        raise DraftError("One or more of text, media, poll is required.")
    return draft


def _media_ids(media: object) -> tuple[str, ...]:
    if media is None:
        return ()
    ids = media.get("media_ids") if isinstance(media, dict) else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= _MAX_MEDIA:
        raise DraftError(f"[$.media.media_ids: between 1 and {_MAX_MEDIA} items are expected]")
    return tuple(_id(item) for item in ids)


def _member_id(holder: object, name: str) -> str | None:
    if holder is None:
        return None
    if not isinstance(holder, dict) or name not in holder:
        raise DraftError(f"[$.{name}: is missing but it is required]")
    return _id(holder[name])


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise DraftError(f"[{value}: does not match the regex pattern ^[0-9]{{1,19}}$]")
    return value
