"""Payloads of Reddit: where a post goes, and what stands in it."""

from msgspec import Struct

from crosspromo.connectors.base import Prepared, read_payload


class SelfPostPayload(Struct, frozen=True, omit_defaults=True):
    """A text post. With images, `images` are their names on Reddit and `rich_text` replaces `text`.

    `images` and `rich_text` are None without images; `rich_text` is empty until Reddit has made it.
    """

    subreddit: str
    title: str
    text: str
    images: list[str] | None = None
    rich_text: str | None = None

    @property
    def is_gathered(self) -> bool:
        """Whether everything that Reddit makes for this post is here."""
        return self.rich_text != ""


class CrosspostPayload(Struct, frozen=True):
    """A crosspost: `crosspost_of` is the fullname of the original, empty until it is known."""

    subreddit: str
    title: str
    crosspost_of: str

    @property
    def is_gathered(self) -> bool:
        """Whether the original is known."""
        return self.crosspost_of != ""


def payload_of(prepared: Prepared) -> SelfPostPayload | CrosspostPayload:
    """The payload of a prepared send; PayloadError where it cannot be read."""
    if "crosspost_of" in prepared.payload:
        return read_payload(prepared.payload, CrosspostPayload)
    return read_payload(prepared.payload, SelfPostPayload)
