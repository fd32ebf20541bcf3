"""Images of posts on X that are to be shared: one read, which X charges.

Source: the X API v2 reference, *Posts lookup* (`expansions`, `media.fields`).
"""

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.x.addresses import post_id


class ShownMedia(msgspec.Struct, frozen=True):
    """Media of a post. X omits `alt_text` where there is none."""

    type: str = ""
    alt_text: str = ""


class Includes(msgspec.Struct, frozen=True):
    media: tuple[ShownMedia, ...] = ()


class ShownPost(msgspec.Struct, frozen=True):
    """Answer to the look-up of one post; without `data` the post is not shown."""

    data: dict[str, object]
    includes: Includes = Includes()


def images_without_alt(client: tweepy.Client, address: str) -> int | None:
    """Number of images and animations of the post that have no alt text; None if X shows none."""
    source = post_id(address)
    if source is None:
        return None
    try:
        answer = client.get_tweet(
            source,
            expansions=["attachments.media_keys"],
            media_fields=["alt_text", "type"],
            user_auth=True,
        )
        media = msgspec.json.decode(answer.content, type=ShownPost).includes.media
    except Exception:  # noqa: BLE001 (a note less, whatever it is)
        return None
    pictures = [each for each in media if each.type in {"photo", "animated_gif"}]
    return sum(not each.alt_text.strip() for each in pictures)
