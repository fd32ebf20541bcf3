"""Reddit's "things" as JSON, with the keys and types of the recorded answers of 2016 to 2020."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from servers.simulators.reddit_media import RedditImage

SITE = "https://www.reddit.com"
_SLUG_LENGTH = 50
_DELETED = "[deleted]"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Subreddit:
    """A community and its rules. `kinds` are those it takes: "self", "link", "crosspost"."""

    name: str
    kinds: frozenset[str] = frozenset({"self", "link", "crosspost"})
    open_to_us: bool = True
    subscribed: bool = True
    forbidden_title_words: tuple[str, ...] = ()

    @property
    def fullname(self) -> str:
        return f"t5_{base36(sum(self.name.lower().encode()) + 36**4)}"


@dataclass(frozen=True, slots=True)
class RedditPost:
    """One submission as it was sent; `url` is empty for a text post."""

    id: str
    author: str
    subreddit: Subreddit
    kind: str
    title: str
    text: str
    url: str
    created_at: datetime
    nsfw: bool = False
    spoiler: bool = False
    deleted: bool = False
    parent: RedditPost | None = None
    images: tuple[RedditImage, ...] = ()

    @property
    def fullname(self) -> str:
        return f"t3_{self.id}"

    @property
    def permalink(self) -> str:
        return f"/r/{self.subreddit.name}/comments/{self.id}/{slug(self.title)}/"

    def document(self) -> dict[str, object]:
        """As `GET /_posts` shows it."""
        return {
            "id": self.id,
            "author": self.author,
            "subreddit": self.subreddit.name,
            "kind": self.kind,
            "title": self.title,
            "text": self.text,
            "url": self.url,
            "created_at": self.created_at.isoformat(),
            "permalink": self.permalink,
            "crosspost_parent": self.parent.fullname if self.parent else None,
            "images": [{"id": image.id, "caption": image.caption} for image in self.images],
        }


@dataclass(frozen=True, slots=True)
class RedditComment:
    """Comment of somebody who names the account, or answers one of its posts (`post`)."""

    id: str
    author: str
    text: str
    created_at: datetime
    post: str
    is_reply: bool

    @property
    def fullname(self) -> str:
        return f"t1_{self.id}"


def base36(number: int) -> str:
    """Documented: ids are numbers written in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def slug(title: str) -> str:
    """The title in the address of a post (recorded: "Test Title" → test_title)."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    return words[:_SLUG_LENGTH].strip("_")


def listing(things: Sequence[dict[str, object]], after: str | None) -> dict[str, object]:
    """A page of things; `after` names the last one when there are more."""
    data = {"modhash": None, "children": list(things), "after": after, "before": None}
    return {"kind": "Listing", "data": data}


def submission(
    post: RedditPost, counted: Mapping[str, int] = MappingProxyType({})
) -> dict[str, object]:
    """A t3 as listings hold it, with what is `counted` of it under Reddit's own names."""
    return {"kind": "t3", "data": _submission_data(post, counted)}


def comment(said: RedditComment) -> dict[str, object]:
    """A t1 in the inbox (believed: the part of its keys that clients read)."""
    created = float(int(said.created_at.timestamp()))
    return {
        "kind": "t1",
        "data": {
            "author": said.author,
            "body": said.text,
            "body_html": _rendered(said.text),
            "context": f"/r/test/comments/{said.post}/hello/{said.id}/?context=3",
            "created": created,
            "created_utc": created,
            "id": said.id,
            "name": said.fullname,
            "new": True,
            "parent_id": f"t3_{said.post}",
            "subject": "post reply" if said.is_reply else "username mention",
            "subreddit": "test",
            "type": "post_reply" if said.is_reply else "username_mention",
            "was_comment": True,
        },
    }


def _submission_data(
    post: RedditPost, counted: Mapping[str, int] = MappingProxyType({})
) -> dict[str, object]:
    is_self = post.kind == "self"
    own_address = f"{SITE}{post.permalink}"
    source = post.parent if post.parent is not None else post
    points_to = f"{SITE}{source.permalink}" if source.kind == "self" else source.url
    created = float(int(post.created_at.timestamp()))
    text = _DELETED if post.deleted and is_self else _with_images(post)
    author = _DELETED if post.deleted else post.author
    data: dict[str, object] = {
        "approved_at_utc": None,
        "approved_by": None,
        "archived": False,
        "author": author,
        "author_flair_css_class": None,
        "author_flair_text": None,
        "banned_at_utc": None,
        "banned_by": None,
        "brand_safe": False,
        "can_gild": False,
        "can_mod_post": False,
        "clicked": False,
        "contest_mode": False,
        "created": created,
        "created_utc": created,
        "distinguished": None,
        "domain": _domain(source),
        "downs": 0,
        "edited": False,
        "gilded": 0,
        "hidden": False,
        "hide_score": False,
        "id": post.id,
        "is_crosspostable": not post.deleted,
        "is_self": is_self,
        "is_video": False,
        "likes": None if post.deleted else True,
        "link_flair_css_class": None,
        "link_flair_text": None,
        "locked": False,
        "media": None,
        "media_embed": {},
        "mod_reports": [],
        "name": post.fullname,
        "num_comments": counted.get("num_comments", 0),
        "num_crossposts": counted.get("num_crossposts", 0),
        "num_reports": None,
        "over_18": post.nsfw,
        "parent_whitelist_status": None,
        "permalink": post.permalink,
        "quarantine": False,
        "removal_reason": None,
        "report_reasons": None,
        "saved": False,
        "score": counted.get("ups", 1),
        "secure_media": None,
        "secure_media_embed": {},
        "selftext": text,
        "selftext_html": _rendered(text),
        "spoiler": post.spoiler,
        "stickied": False,
        "subreddit": post.subreddit.name,
        "subreddit_id": post.subreddit.fullname,
        "subreddit_name_prefixed": f"r/{post.subreddit.name}",
        "subreddit_type": "public",
        "suggested_sort": None,
        "thumbnail": "self" if is_self else "default",
        "thumbnail_height": None,
        "thumbnail_width": None,
        "title": post.title,
        "ups": counted.get("ups", 1),
        "upvote_ratio": 1.0,
        "url": own_address if is_self else points_to,
        "user_reports": [],
        "view_count": None,
        "visited": False,
        "whitelist_status": None,
    }
    if post.images:  # observed: its keys are the names that uploads were given
        data["media_metadata"] = {
            image.id: {"status": "valid", "e": "Image", "id": image.id} for image in post.images
        }
    if post.parent is not None:
        data["crosspost_parent"] = post.parent.fullname
        data["crosspost_parent_list"] = [_submission_data(post.parent)]
    return data


def community(subreddit: Subreddit) -> dict[str, object]:
    """A t5 as /r/NAME/about gives it (believed: the part of its keys that clients read)."""
    takes = subreddit.kinds & {"self", "link"}
    return {
        "kind": "t5",
        "data": {
            "display_name": subreddit.name,
            "display_name_prefixed": f"r/{subreddit.name}",
            "id": subreddit.fullname.removeprefix("t5_"),
            "name": subreddit.fullname,
            "over18": False,
            "public_description": "",
            "submission_type": "any" if len(takes) > 1 else next(iter(takes), "any"),
            "subreddit_type": "public" if subreddit.open_to_us else "restricted",
            "subscribers": 1000,
            "title": subreddit.name,
            "url": f"/r/{subreddit.name}/",
            "user_is_banned": False,
            "user_is_subscriber": subreddit.subscribed,
        },
    }


def _domain(post: RedditPost) -> str:
    if post.kind == "self":
        return f"self.{post.subreddit.name}"
    return urlsplit(post.url).hostname or ""


def _with_images(post: RedditPost) -> str:
    """Observed: an image is an address of Reddit's own in the text, its caption below it."""
    shown = (f"{image.address}\n\n{image.caption}".strip() for image in post.images)
    return "\n\n".join([post.text, *shown])


def _rendered(text: str) -> str | None:
    """The recorded wrapping around the rendered text; the Markdown itself is left alone."""
    if not text:
        return None
    return f'<!-- SC_OFF --><div class="md"><p>{html.escape(text)}</p>\n</div><!-- SC_ON -->'
